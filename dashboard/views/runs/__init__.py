"""The page Runs and its parts."""
