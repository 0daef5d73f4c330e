"""Counts calls as Salesforce does, reads its usage header, and keeps to the school's share of the daily
limit."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from syncer.connectors.errors import LimitReached
from syncer.connectors.response_headers import utc_now
from syncer.core.records import System

_USAGE = re.compile(r"(?:^|[;,\s])api-usage=(\d+)/(\d+)")


class ApiBudget:
    """The calls of one client. Salesforce reports the day's use and limit with every response
    (``Sforce-Limit-Info``, contracts/salesforce.md A2).

    ``share_percent`` of the daily limit may be spent by us; ``spent_before`` gives what we spent in the 24
    hours before this client (asked once, when the limit is known). Safe for threads.
    """

    def __init__(
        self,
        share_percent: int = 100,
        spent_before: Callable[[], int] = lambda: 0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._share, self._spent_before, self._clock = share_percent, spent_before, clock
        self._guard = threading.Lock()
        self._before: int | None = None
        self.calls = 0
        self.used: int | None = None
        self.limit: int | None = None

    def spend(self) -> None:
        """Count a call that is about to be sent. Raises `LimitReached` instead where it would exceed our
        share."""
        with self._guard:
            if self.limit is not None:
                if self._before is None:
                    self._before = self._spent_before()
                allowed = self.limit * self._share // 100
                spent = self._before + self.calls
                if spent >= allowed:
                    raise self._over(spent, allowed)
            self.calls += 1

    def update(self, header: str | None) -> None:
        """Take over the use and limit that came with a response."""
        found = _USAGE.search(header or "")
        if found:
            with self._guard:
                self.used, self.limit = int(found[1]), int(found[2])

    def _over(self, spent: int, allowed: int) -> LimitReached:
        until = self._clock() + timedelta(hours=1)
        sentence = (
            f"The sync has used {spent:,} calls in 24 hours; its share of Salesforce's daily limit is"
            f" {allowed:,} of {self.limit:,} ({self._share} %). It tries again at {until:%H:%M} UTC. The"
            " share is a setting."
        )
        return LimitReached(
            System.SALESFORCE, sentence, until=until, code="SHARE_OF_LIMIT", share=self._share
        )
