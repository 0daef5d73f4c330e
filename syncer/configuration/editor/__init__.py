"""Editing a configuration step by step: edits, suggestions, value maps, review. Knows nothing of screens."""
