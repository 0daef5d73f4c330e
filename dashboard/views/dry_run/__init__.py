"""The page Dry run: asking for one, and looking through what the newest one planned. It plans nothing
itself."""
