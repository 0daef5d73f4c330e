"""What people ask the Integration Logs: each question with the pages that are timed."""

from dataclasses import dataclass, replace
from time import perf_counter

from sqlalchemy import Engine, func, select

from bench.entries import CODES, SPAN, START, contact, element
from bench.plans import plan, scans
from syncer.journal import log_queries
from syncer.journal.log import ENTRIES
from syncer.journal.log_queries import LogFilter

LIMIT = 100
TIMES = 5
"""Each page is asked for so often; the median counts."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One page of one question: its milliseconds, how many entries came, how the database found them, and
    which steps looked at everything."""

    question: str
    milliseconds: float
    entries: int
    plan: list[str]
    scans: list[str]


def questions(runs: int) -> dict[str, LogFilter]:
    """Every filter of the logs, alone and in the pairs that the log page offers. ``runs``: how many runs
    there are."""
    week = START + SPAN / 2
    some = (week, week + SPAN / 26)
    return {
        "newest first": LogFilter(),
        "status failed": LogFilter(status="failed"),
        "status deactivated (rare)": LogFilter(status="deactivated"),
        "status updated (frequent)": LogFilter(status="updated"),
        "a record by Element ID": LogFilter(record=element(7)),
        "a record by Salesforce ID": LogFilter(record=contact(7)),
        "a record that is not there": LogFilter(record=element(10**12)),
        "a run": LogFilter(run=max(1, runs // 2)),
        "the first sync": LogFilter(run=1),
        "failed in the first sync": LogFilter(run=1, status="failed"),
        "deactivated imports of the first sync": LogFilter(run=1, status="deactivated", direction="import"),
        "direction import": LogFilter(direction="import"),
        "direction export": LogFilter(direction="export"),
        "contacts exported": LogFilter(direction="export", kind="contact"),
        "conversations": LogFilter(kind="conversation"),
        "conversations updated (never are)": LogFilter(kind="conversation", status="updated"),
        "exports of conversations that failed in a week": LogFilter(
            "failed", kind="conversation", since=some[0], until=some[1]
        ),
        "some people": LogFilter(
            records=tuple(name(person) for person in range(20) for name in (element, contact))
        ),
        "failed exports of some people": LogFilter(
            "failed", direction="export", records=tuple(element(person) for person in range(20))
        ),
        "people that are not there": LogFilter(records=(element(10**12), contact(10**11))),
        "a cause": LogFilter(code=CODES[0]),
        "a cause that never was": LogFilter(code="NO_SUCH_CODE"),
        "a week": LogFilter(since=some[0], until=some[1]),
        "all but the newest": LogFilter(until=START + SPAN * 0.99),
        "updated but the newest": LogFilter(status="updated", until=START + SPAN * 0.99),
        "failed in a week": LogFilter(status="failed", since=some[0], until=some[1]),
        "imports in a week": LogFilter(direction="import", since=some[0], until=some[1]),
        "failed imports": LogFilter(status="failed", direction="import"),
        "deactivated imports": LogFilter(status="deactivated", direction="import"),
        "a cause in a week": LogFilter(code=CODES[1], since=some[0], until=some[1]),
        "a cause of a run": LogFilter(code=CODES[1], run=max(1, runs // 2)),
        "deactivated imports of a record": LogFilter(
            status="deactivated", direction="import", record=element(7)
        ),
    }


def ask(engine: Engine, name: str, chosen: LogFilter) -> list[Timed]:
    """The first page, one from the middle, one from the far end, and one on the way back, of what was
    chosen."""
    with engine.connect() as connection:
        oldest, newest = connection.execute(select(func.min(ENTRIES.c.id), func.max(ENTRIES.c.id))).one()
    middle = (oldest + newest) // 2
    pages = {
        "first page": {},
        "middle": {"before": middle},
        "far end": {"before": oldest + (newest - oldest) // 100},
        "back": {"after": middle},
    }
    return [_timed(engine, f"{name}, {where}", replace(chosen, **place)) for where, place in pages.items()]


def _timed(engine: Engine, name: str, chosen: LogFilter) -> Timed:
    took, found = [], 0
    for _ in range(TIMES):
        began = perf_counter()
        found = len(log_queries.page(engine, chosen, LIMIT).entries)
        took.append((perf_counter() - began) * 1000)
    with engine.connect() as connection:
        lines = [
            line
            for statement in log_queries.statements(chosen, LIMIT + 1)
            for line in plan(connection, statement)
        ]
    return Timed(name, sorted(took)[TIMES // 2], found, lines, scans(lines))
