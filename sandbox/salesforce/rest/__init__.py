"""The REST API: calls over HTTP, and the resources that answer them."""
