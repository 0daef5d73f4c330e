"""Undo: what runs overwrote is put back, by a run like any other (rule 21)."""
