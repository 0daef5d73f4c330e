"""How far a run is: told by the road, shown by whoever runs it."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from sqlalchemy import Engine

from syncer.journal.runs import Run, save_progress


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


NOTE_EVERY = 1.0
"""Seconds between two notes within a phase; a phase's beginning is always noted."""


class RecordedProgress:
    """Notes the phases of ``run``, and the records done in them; ``inner`` hears of everything as well."""

    def __init__(
        self, engine: Engine, run: Run, inner: Progress, clock: Callable[[], float] = monotonic
    ) -> None:
        self._engine, self._run, self._inner, self._clock = engine, run, inner, clock
        self._phase, self._done, self._noted = "", 0, 0.0
        self._total: int | None = None
        self._began = datetime.now(UTC)

    def phase(self, name: str, total: int | None = None) -> None:
        """A phase begins; ``total`` records, where that is known."""
        self._inner.phase(name, total)
        self._phase, self._done, self._total, self._began = (
            name[:1].lower() + name[1:],
            0,
            total,
            datetime.now(UTC),
        )
        self._note()

    def advance(self, records: int) -> None:
        """So many more records are done."""
        self._inner.advance(records)
        self._done += records
        if self._clock() - self._noted >= NOTE_EVERY:
            self._note()

    def _note(self) -> None:
        self._noted = self._clock()
        with self._engine.begin() as connection:
            save_progress(connection, self._run, self._phase, self._done, self._total, self._began)
