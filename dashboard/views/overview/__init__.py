"""The page Overview and its parts."""
