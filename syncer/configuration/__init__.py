"""The configuration: its document and file format, validation, versions and catalogues. Knows nothing of
pairs and runs."""
