"""The page Dry run and its parts."""
