"""Reading the Integration Logs: newest first, filtered, page by page (rule 16). Every filter has an index in
that very order.

Newest is by time, then by number: what a run that died had sent is logged later, under the time at which it
was sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Engine, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from syncer.core.ids import element_id, salesforce_id
from syncer.core.plan import Flow, Status
from syncer.infra.database.engine import reading
from syncer.infra.database.tables import WITH_CODE
from syncer.journal.log import ENTRIES

SHOWN: tuple[str, ...] = (
    "run",
    "time",
    "direction",
    "kind",
    "element_id",
    "salesforce_id",
    "status",
    "reason",
    "code",
    "changes",
    "retry_of",
)
SHOWN += ("detail", "version", "entity")
"""What is shown of an entry, besides its number."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries: of a status, of a record (by any of its IDs), of a run, older than an entry, of a
    direction, with a cause's code, from ``since`` on, before ``until``, of a kind, of any of some ``records``
    (by their IDs, of either system), newer than the entry ``after``. None: all."""

    status: str | None = None
    record: str | None = None
    run: int | None = None
    before: int | None = None
    direction: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str | None = None
    records: tuple[str, ...] | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first. ``next`` is the ``before`` of the page that follows, None on the last;
    ``newer`` the ``after`` of the page before it, None on the first. What is logged meanwhile moves
    nothing."""

    entries: list[dict[str, Any]]
    next: int | None
    newer: int | None = None


def page(engine: Engine, chosen: Chosen, limit: int = 100) -> Page:
    """The newest ``limit`` of the chosen entries, as the command line prints them (docs/architecture.md,
    "Surfaces"); with ``after``, the ones next to that entry."""
    newest = chosen.after is None
    found = _read(engine, statements(chosen, limit + 1), limit + 1, newest)
    if newest:
        kept = found[:limit]
        return Page(
            kept,
            kept[-1]["entry"] if len(found) > limit else None,
            kept[0]["entry"] if kept and chosen.before is not None else None,
        )
    if len(found) <= limit:
        return page(engine, replace(chosen, after=None), limit)
    kept = found[:limit][::-1]
    return Page(kept, kept[-1]["entry"], kept[0]["entry"])


def entries(engine: Engine, chosen: Chosen, limit: int = 100) -> list[dict[str, Any]]:
    """The entries of a `page` alone."""
    return page(engine, chosen, limit).entries


def every(engine: Engine, chosen: Chosen, most: int, at_once: int = 1000) -> Iterator[list[dict[str, Any]]]:
    """The newest ``most`` of the chosen entries, ``at_once`` by ``at_once``."""
    while most > 0:
        found = page(engine, chosen, min(at_once, most))
        yield found.entries
        most -= len(found.entries)
        if found.next is None:
            return
        chosen = replace(chosen, before=found.next)


def entry(engine: Engine, number: int) -> dict[str, Any] | None:
    """The entry of this number; None where there is none, or where it is past its retention."""
    found = _read(engine, [select(*_COLUMNS).where(ENTRIES.c.id == number)], 1)
    return found[0] if found else None


def retries(engine: Engine, of: dict[str, Any], limit: int = 20) -> list[dict[str, Any]]:
    """The entries of the Retries of this entry (as `page` gives it) for the same record, newest first: in the
    same direction, or that it left the sync, which is of no direction."""
    same_way = or_(ENTRIES.c.direction == of["direction"], ENTRIES.c.status == Status.DEACTIVATED)
    later = [ENTRIES.c.retry_of == of["entry"], same_way, ENTRIES.c.time >= of["time"]]
    same = [ENTRIES.c[name] == of[name] for name in ("element_id", "salesforce_id") if of[name]]
    return _read(engine, [_of_way([is_it, *map(_Aside, later)], limit) for is_it in same], limit)


def codes(engine: Engine) -> list[str]:
    """The code of every cause that was ever logged, in the order of the alphabet. Each is one step along the
    index, however many entries it has."""
    found: list[str] = []
    with reading(engine).connect() as connection:
        while code := connection.execute(
            select(func.min(ENTRIES.c.code)).where(WITH_CODE, ENTRIES.c.code > (found[-1] if found else ""))
        ).scalar_one():
            found.append(code)
    return found


def statements(chosen: Chosen, limit: int) -> list[Select[Any]]:
    """The queries behind a page: most filters have one index, some have one for each of several ways, whose
    entries are then merged."""
    place = _place(chosen)
    return [_of_way([*way, *place], limit, chosen.after is None) for way in _ways(chosen)]


_COLUMNS = (ENTRIES.c.id, *(ENTRIES.c[name] for name in SHOWN))


def _of_way(conditions: list[ColumnElement[bool]], limit: int, newest: bool = True) -> Select[Any]:
    order = [column.desc() if newest else column.asc() for column in (ENTRIES.c.time, ENTRIES.c.id)]
    return select(*_COLUMNS).where(*conditions).order_by(*order).limit(limit)


def _read(engine: Engine, asked: list[Select[Any]], limit: int, newest: bool = True) -> list[dict[str, Any]]:
    """The first ``limit`` of what the queries find, each entry once."""
    with reading(engine).connect() as connection:
        found = {row["id"]: row for one in asked for row in connection.execute(one).mappings()}
    rows = sorted(found.values(), key=lambda row: (row["time"], row["id"]), reverse=newest)
    return [{"entry": row["id"]} | {name: row[name] for name in SHOWN} for row in rows[:limit]]


class _Aside(FunctionElement[bool]):
    """A condition that only thins out what an index has found. SQLite, which keeps no statistics, would else
    take any index that fits."""

    inherit_cache = True
    type = Boolean()


@compiles(_Aside)
def _as_it_is(element: _Aside, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **more)})"


@compiles(_Aside, "sqlite")
def _without_index(element: _Aside, compiler: Any, **more: Any) -> str:
    return f"+{_as_it_is(element, compiler, **more)}"


def _place(chosen: Chosen) -> list[ColumnElement[bool]]:
    """From when until when, and beyond which entry; each end bounds the walk along the index once."""
    found: list[ColumnElement[bool]] = []
    if chosen.since:
        since = ENTRIES.c.time >= chosen.since
        found.append(since if chosen.after is None else _Aside(since))  # a page further up begins further up
    if chosen.until:
        until = ENTRIES.c.time < chosen.until
        found.append(
            until if chosen.before is None else _Aside(until)
        )  # a page further down begins further down
    here = tuple_(ENTRIES.c.time, ENTRIES.c.id)
    # Where the entry itself is past its retention, so is everything older.
    if chosen.before is not None:
        found.append(here < tuple_(_time_of(chosen.before), chosen.before))
    if chosen.after is not None:
        found.append(here > tuple_(_time_of(chosen.after), chosen.after))
    return found


def _time_of(entry: int) -> Any:
    return select(ENTRIES.c.time).where(ENTRIES.c.id == entry).scalar_subquery()


def _ways(chosen: Chosen) -> list[list[ColumnElement[bool]]]:
    """The filters, as one way or several that are looked up apart. In each, the one that leaves the fewest
    entries comes first: it is for the index. A run may be a first sync, and of a kind may be most entries:
    their status goes along."""
    status = [] if chosen.status is None else [ENTRIES.c.status == chosen.status]
    alone: list[ColumnElement[bool]] = []
    if chosen.record is not None:
        alone.append(_of_record(chosen.record))
    if chosen.run is not None:
        alone.append(and_(ENTRIES.c.run == chosen.run, *status))
    if chosen.code is not None:
        alone.append(and_(ENTRIES.c.code == chosen.code, WITH_CODE) if chosen.code else ENTRIES.c.code == "")
    done = [
        and_(ENTRIES.c.kind == flow.kind.value, ENTRIES.c.direction == flow.direction.value)
        for flow in _flows(chosen)
    ]
    whatever = len(done) == len(Flow)
    if chosen.records is not None:
        ways = [[_of_record(record), *alone] for record in chosen.records]
    elif alone or whatever:
        ways = [alone]
    else:
        return [[and_(each, *status)] for each in done]
    if chosen.run is None:
        ways = [[*way, *status] for way in ways]
    if not whatever:
        ways = [[*way, or_(false(), *done)] for way in ways]
    return [[*way[:1], *(_Aside(condition) for condition in way[1:])] for way in ways]


def _flows(chosen: Chosen) -> list[Flow]:
    """What the chosen direction and kind leave of everything that a run does."""
    return [
        flow
        for flow in Flow
        if chosen.direction in (None, flow.direction.value) and chosen.kind in (None, flow.kind.value)
    ]


def _of_record(record: str) -> ColumnElement[bool]:
    # No text is an ID of both systems, so that one index answers.
    if ours := element_id(record):
        return ENTRIES.c.element_id == ours
    theirs = salesforce_id(record)
    return ENTRIES.c.salesforce_id == theirs if theirs else false()
