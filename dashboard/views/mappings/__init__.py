"""The page Mappings and its parts."""
