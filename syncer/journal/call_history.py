"""What the runs of the last days took in calls."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from syncer.core.trust.clocks import TRUSTED
from syncer.infra.database.engine import reading
from syncer.journal.run_state import Trigger
from syncer.journal.runs import RUNS

DAYS = 14


@dataclass(frozen=True, slots=True)
class CallHistory:
    """The scheduled and nightly runs of the last days that are over: of each day their number and their calls
    by system, and the fewest calls that one of them took, by system (None where there was none)."""

    days: tuple[tuple[int, Mapping[str, int]], ...]
    fewest: Mapping[str, int] | None


def load(engine: Engine, now: datetime) -> CallHistory:
    """The history of the 14 days before the one of ``now``, and of this one where there is no other."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(RUNS.c.started_at, RUNS.c.calls).where(
        RUNS.c.trigger.in_((Trigger.SCHEDULE, Trigger.NIGHTLY)),
        RUNS.c.started_at >= today - timedelta(days=DAYS),
        RUNS.c.started_at <= now + TRUSTED,
    )
    runs: dict[object, int] = defaultdict(int)
    calls: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    fewest: dict[str, int] = {}
    with reading(engine).connect() as connection:
        for started_at, taken in connection.execute(query):
            if not taken or not any(taken.values()):
                continue  # it was skipped, or never began
            runs[started_at.date()] += 1
            for system, number in taken.items():
                calls[started_at.date()][system] += number
                fewest[system] = min(number, fewest.get(system, number))
    over = [day for day in runs if day != today.date()] or list(runs)
    return CallHistory(tuple((runs[day], dict(calls[day])) for day in over), fewest or None)
