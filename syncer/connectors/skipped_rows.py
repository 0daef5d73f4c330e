"""Rows of a reply that name no record: null, or without an id. Nothing can be done with them, and nothing may
be concluded from what they hide."""

from threading import Lock


class SkippedRows:
    """How many were left out so far. Safe for threads."""

    def __init__(self) -> None:
        self._lock, self._count = Lock(), 0

    @property
    def count(self) -> int:
        """How many so far."""
        return self._count

    def add(self, rows: int) -> None:
        """So many more were left out."""
        if rows:
            with self._lock:
                self._count += rows
