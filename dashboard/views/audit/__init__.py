"""The page Audit and its parts."""
