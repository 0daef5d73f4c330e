"""The page Preferences and its parts."""
