"""The page Versions and its parts."""
