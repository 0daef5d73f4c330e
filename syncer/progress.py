"""How far a run is: told by the road, shown by whoever runs it."""

from typing import Protocol


class Progress(Protocol):
    """Hears of phases (pull, match, plan, push) and of records done in them."""

    def phase(self, name: str, total: int | None = None) -> None:
        """A phase begins; ``total`` records, where that is known."""

    def advance(self, records: int) -> None:
        """So many more records are done."""


class Silent:
    """Shows nothing."""

    def phase(self, name: str, total: int | None = None) -> None:
        """Nothing to show."""

    def advance(self, records: int) -> None:
        """Nothing to show."""
