"""The page Mappings: which fields go with which, and who owns them. What is valid is decided by
`syncer.configuration`."""
