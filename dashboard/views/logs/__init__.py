"""The page Logs and its parts."""
