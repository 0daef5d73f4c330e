"""The page Preview and its parts."""
