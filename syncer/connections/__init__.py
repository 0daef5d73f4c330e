"""Credentials and sign-ins kept in the database. Knows nothing of mappings and runs."""
