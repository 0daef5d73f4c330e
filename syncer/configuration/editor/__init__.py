"""Changing a configuration step by step: edits, suggestions, value maps, review. Draws nothing."""
