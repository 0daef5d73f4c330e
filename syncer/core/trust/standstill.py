"""Why nothing is synced by the clock although everything works: nobody said *Go live* yet, somebody paused
the schedule, or a run was rejected (rule 19). What a person asks for is done all the same. Pure: the moments
are given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from syncer.core.trust.clocks import is_credible

LONGEST_SCHEDULE_PAUSE = timedelta(hours=24)
"""Syncing contacts cannot be turned off: a pause has an end, which is at most so far away."""


class BadPause(ValueError):
    """A pause that cannot be; ``str()`` is a sentence that says why."""


class StandstillCause(StrEnum):
    """Why the schedule stands still."""

    NOT_LIVE = "not live yet"
    PAUSED = "paused"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is synced by the clock ``until`` then; who said so, and when (``since``)."""

    until: datetime
    by: str
    since: datetime

    @classmethod
    def of(cls, until: datetime, by: str, now: datetime) -> "Pause":
        """A pause from ``now`` on. Raises `BadPause`."""
        if until <= now:
            raise BadPause("That moment is over. Say until when the schedule is to pause.")
        if until - now > LONGEST_SCHEDULE_PAUSE:
            raise BadPause(
                "The schedule pauses for 24 hours at most, because syncing contacts cannot be turned off."
            )
        return cls(until, by, now)

    def holds(self, now: datetime) -> bool:
        """Whether it is in force ``now``; one that a wrong clock dated ahead is not (rule 23)."""
        credible = is_credible(self.since, now) and is_credible(self.until, now, LONGEST_SCHEDULE_PAUSE)
        return credible and now < self.until


@dataclass(frozen=True, slots=True)
class Standstill:
    """Why the schedule stands still. Of a pause, ``until`` when and ``by`` whom; of a rejection, the ``run``
    that was rejected."""

    cause: StandstillCause
    until: datetime | None = None
    by: str = ""
    run: int | None = None

    @property
    def sentence(self) -> str:
        """For the command line, in UTC: why, and what ends it."""
        if self.cause is StandstillCause.NOT_LIVE:
            return (
                "Not live yet: nothing is synced by the clock until somebody says Go live, on the Overview or"
                " by: python -m syncer go-live"
            )
        if self.cause is StandstillCause.PAUSED:
            until = f"{self.until:%Y-%m-%d %H:%M} UTC" if self.until else "later"
            return f"Paused until {until} by {self.by}. Earlier by: python -m syncer resume"
        return (
            f"The schedule pauses since run {self.run} was rejected. It goes on when a setting is changed, or"
            " with Sync now."
        )


def decide(*, live: bool, pause: Pause | None, rejected: int | None, now: datetime) -> Standstill | None:
    """Why nothing is synced by the clock ``now``; None where it is. ``rejected``: the run since whose
    rejection no setting was changed."""
    if not live:
        return Standstill(StandstillCause.NOT_LIVE)
    if rejected is not None:
        return Standstill(StandstillCause.REJECTED, run=rejected)
    if pause and pause.holds(now):
        return Standstill(StandstillCause.PAUSED, pause.until, pause.by)
    return None
