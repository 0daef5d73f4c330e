"""The sandbox's clock: real time until a control sets or advances it, and running on from there."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The sandbox's time. Every stamp, lifetime and Date header comes from here."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Go back to real time."""
        self.set(datetime.now(UTC))

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._base + timedelta(seconds=time.monotonic() - self._started)

    def set(self, moment: datetime) -> None:
        """Run on from ``moment`` (aware). Raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a time with a zone, such as 2026-11-23T12:00:00Z")
        self._base = moment.astimezone(UTC)
        self._started = time.monotonic()

    def advance(self, seconds: float) -> None:
        """Jump by ``seconds``."""
        self.set(self.now() + timedelta(seconds=seconds))
