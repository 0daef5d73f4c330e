"""How many calls to both systems a run takes, and a day of runs (contracts/salesforce.md A2, A4.1;
contracts/element451.md F10, F11). Pure; standard library only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.sync.forecasting.outlook import Write
from syncer.sync.planning.planner import PAGE

Calls = dict[System, int]
_QUERY = {Kind.CONTACT: 2000, Kind.CONVERSATION: 200}
"""Records that a query of Salesforce brings: fewer conversations, whose transcripts are long."""
_LOOK = {Kind.CONTACT: 2, Kind.CONVERSATION: 2}
"""Calls to Salesforce for an increment: the query, and how far it is complete."""
_PARTS = 5
"""Subrequests of a composite call; one of them reads what updates overwrite."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many records a call takes along: ``batch`` is written by a subrequest of Salesforce, ``by_id`` read
    there by ID, by five queries that a call takes along; the others are those of Element451."""

    batch: int = 200
    read: int = 50
    search: int = 5000
    rows: int = 500
    by_id: int = 2000


def of_run(
    sizes: Sizes,
    records: Mapping[tuple[Kind, System], int],
    whole: Mapping[tuple[Kind, System], bool],
    writes: Counter[Write],
    *,
    matched: bool = False,
) -> Calls:
    """The calls of one run: ``records`` are those known on each side, ``whole`` says which sides are read
    from their beginning, ``writes`` what it sends. ``matched``: creations in Element451 are searched for by a
    match field first."""
    found: Counter[System] = Counter()
    for (kind, system), number in records.items():
        found[system] += reading(sizes, kind, system, number if whole[kind, system] else 0)
    for (kind, direction, action), number in writes.items():
        if number:
            found += _writing(sizes, kind, direction, action, number, matched=matched)
    return {system: found[system] for system in System}


def reading(sizes: Sizes, kind: Kind, system: System, number: int) -> int:
    """The calls that reading so many records of a kind takes."""
    if system is System.SALESFORCE:
        return _LOOK[kind] + max(0, _up(number, _QUERY[kind]) - 1)
    if kind is Kind.CONVERSATION:
        return 1 + _up(number, sizes.read)
    return 1 + _up(number, sizes.search) + _up(number, sizes.read)


def _writing(
    sizes: Sizes, kind: Kind, direction: Direction, action: str, number: int, *, matched: bool
) -> Counter[System]:
    """What is sent, in pages of the planner, and what is read right before it."""
    ours, theirs = System.ELEMENT451, System.SALESFORCE
    imports = direction is Direction.IMPORT
    if action == "blank":  # the sources are read again, and some others beside them
        source = direction.source
        size = sizes.read if source is ours else sizes.by_id
        return Counter({source: 1 + _in_pages(kind, number, size)})
    if not imports:
        parts = _PARTS if action == "create" or kind is Kind.CONVERSATION else _PARTS - 1
        return Counter({theirs: _in_pages(kind, number, parts * sizes.batch)})
    rows = _in_pages(kind, number, sizes.rows)
    if action == "update":
        return Counter({ours: rows + _in_pages(kind, number, sizes.read)})
    # A creation is searched for by its Salesforce ID and by the match field, read back, and linked.
    searches = 2 if matched else 1
    links = _in_pages(kind, number, (_PARTS - 1) * sizes.batch) + _in_pages(kind, number, sizes.by_id)
    return Counter({ours: 2 * rows + searches * _in_pages(kind, number, sizes.read), theirs: links})


def _in_pages(kind: Kind, number: int, size: int) -> int:
    """Calls for so many records, ``size`` a call, where each page of the planner is sent by itself."""
    pages, rest = divmod(number, PAGE[kind])
    return pages * _up(PAGE[kind], size) + _up(rest, size)


def _up(number: int, size: int) -> int:
    return -(-number // size)


@dataclass(frozen=True, slots=True)
class Day:
    """What the runs of one day took: how many there were, and the calls of all."""

    runs: int
    calls: int


def of_day(days: Sequence[Day], idle: int, runs: int) -> tuple[int, int]:
    """(median, 95th percentile) of the calls of a day with so many ``runs``: what changes take as in
    ``days``, and for each run the ``idle`` calls of one that has nothing to do."""
    changing = [max(0, day.calls - day.runs * idle) for day in days] or [0]
    high = changing[0] if len(changing) == 1 else quantiles(changing, n=20, method="inclusive")[-1]
    return round(median(changing)) + runs * idle, round(high) + runs * idle
