"""The page Connection and its parts."""
