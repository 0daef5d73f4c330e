"""The adapters of the two systems, behind the protocols in `base`."""
