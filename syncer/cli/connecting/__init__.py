"""Connecting both systems, and proving on them what is assumed of them."""
