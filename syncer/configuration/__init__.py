"""The configuration: its file format, versions, validation and catalogues. Knows nothing of pairs and
runs."""
