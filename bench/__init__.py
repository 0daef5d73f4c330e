"""Measures the sync against a record-by-record loop and against the bare transfer of the same bodies:
``python -m bench``."""
