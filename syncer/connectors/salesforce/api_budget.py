"""Counts calls as Salesforce does, reads its usage header, and keeps to the school's share of the daily
limit."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from syncer.connectors.errors import LimitReached
from syncer.connectors.response_headers import utc_now
from syncer.core.records import System

RESERVE_PERCENT = 5
"""So much of the share is kept for Test and Retry, which somebody waits for: no other run spends it."""
_USAGE = re.compile(r"(?:^|[;,\s])api-usage=(\d+)/(\d+)")


def reserved(share: int) -> int:
    """How many calls of a share are kept for Test and Retry."""
    return share * RESERVE_PERCENT // 100


class ApiBudget:
    """The calls of one client. Salesforce reports the day's use and limit with every response
    (``Sforce-Limit-Info``, contracts/salesforce.md A2).

    ``share_percent`` of the daily limit may be spent by us; ``spent_before`` gives what we spent in the 24
    hours before this client (asked once, when the limit is known). ``keeps_reserve`` is asked whether what
    goes on now leaves the reserve alone (`reserved`). Safe for threads.
    """

    def __init__(
        self,
        share_percent: int = 100,
        spent_before: Callable[[], int] = lambda: 0,
        clock: Callable[[], datetime] = utc_now,
        keeps_reserve: Callable[[], bool] = lambda: False,
    ) -> None:
        self._share, self._spent_before, self._clock = share_percent, spent_before, clock
        self._keeps_reserve = keeps_reserve
        self._lock = threading.Lock()
        self._before: int | None = None
        self.calls = 0
        self.used: int | None = None
        self.limit: int | None = None

    def spend(self) -> None:
        """Count a call that is about to be sent. Raises `LimitReached` instead where it would exceed our
        share."""
        with self._lock:
            if self.limit is not None:
                if self._before is None:
                    self._before = self._spent_before()
                share = self.limit * self._share // 100
                allowed = share - (reserved(share) if self._keeps_reserve() else 0)
                spent = self._before + self.calls
                if spent >= allowed:
                    raise self._over(spent, allowed)
            self.calls += 1

    def update(self, header: str | None) -> None:
        """Take over the use and limit that came with a response."""
        found = _USAGE.search(header or "")
        if found:
            with self._lock:
                self.used, self.limit = int(found[1]), int(found[2])

    def _over(self, spent: int, allowed: int) -> LimitReached:
        until = self._clock() + timedelta(hours=1)
        share = (self.limit or 0) * self._share // 100
        kept = f", of which {share - allowed:,} are kept for Test and Retry" if allowed < share else ""
        sentence = (
            f"The sync has used {spent:,} calls in 24 hours; its share of Salesforce's daily limit is"
            f" {share:,} of {self.limit:,} ({self._share} %){kept}. It tries again at {until:%H:%M} UTC. The"
            " share is a setting."
        )
        return LimitReached(
            System.SALESFORCE, sentence, until=until, code="SHARE_OF_LIMIT", share=self._share
        )
