"""Reading the Integration Logs: newest first, filtered, page by page (rule 16). Every filter has an index in
this order.

The order is by time, then by number: what a run that died had sent is logged later, with the time at which it
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
    "detail",
    "version",
    "entity",
    "resolved_by",
)
"""What is shown of an entry, besides its number."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries, None for all: with a ``status``, of a ``record`` or of any of some ``records`` (by IDs
    of either system), of a ``run``, of a ``direction`` or ``kind``, with an error ``code``, from ``since``
    on, earlier than ``until``, older than the entry ``before``, newer than the entry ``after``; only
    those that no run resolved, if ``unresolved``."""

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
    unresolved: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first. ``next`` is the ``before`` of the page that follows, None on the last;
    ``newer`` the ``after`` of the page before this one, None on the first. What is logged meanwhile does not
    move the pages."""

    entries: list[dict[str, Any]]
    next: int | None
    newer: int | None = None


def page(engine: Engine, criteria: LogFilter, limit: int = 100) -> LogPage:
    """The newest ``limit`` entries that meet the ``criteria``, as the command line prints them
    (docs/architecture.md, "Surfaces"); with ``after``, those next to that entry."""
    newest = criteria.after is None
    found = _read(engine, statements(criteria, limit + 1), limit + 1, newest)
    if newest:
        kept = found[:limit]
        return LogPage(
            kept,
            kept[-1]["entry"] if len(found) > limit else None,
            kept[0]["entry"] if kept and criteria.before is not None else None,
        )
    if len(found) <= limit:
        return page(engine, replace(criteria, after=None), limit)
    kept = found[:limit][::-1]
    return LogPage(kept, kept[-1]["entry"], kept[0]["entry"])


def entries(engine: Engine, criteria: LogFilter, limit: int = 100) -> list[dict[str, Any]]:
    """The entries of a `page` alone."""
    return page(engine, criteria, limit).entries


def batches(
    engine: Engine, criteria: LogFilter, limit: int, batch_size: int = 1000
) -> Iterator[list[dict[str, Any]]]:
    """The newest ``limit`` entries that meet the ``criteria``, in lists of at most ``batch_size``."""
    while limit > 0:
        found = page(engine, criteria, min(batch_size, limit))
        yield found.entries
        limit -= len(found.entries)
        if found.next is None:
            return
        criteria = replace(criteria, before=found.next)


def entry(engine: Engine, number: int) -> dict[str, Any] | None:
    """The entry of this number; None where there is none, or where it is past its retention."""
    found = _read(engine, [select(*_COLUMNS).where(ENTRIES.c.id == number)], 1)
    return found[0] if found else None


def retries(engine: Engine, of: dict[str, Any], limit: int = 20) -> list[dict[str, Any]]:
    """The entries of the Retries of this entry (as `page` gives it) for the same record, newest first: those
    in the same direction, and those that say that it left the sync, which has no direction."""
    same_direction = or_(ENTRIES.c.direction == of["direction"], ENTRIES.c.status == Status.DEACTIVATED)
    is_retry = [ENTRIES.c.retry_of == of["entry"], same_direction, ENTRIES.c.time >= of["time"]]
    same_record = [ENTRIES.c[name] == of[name] for name in ("element_id", "salesforce_id") if of[name]]
    queries = [_query([has_id, *map(_NoIndex, is_retry)], limit) for has_id in same_record]
    return _read(engine, queries, limit)


def codes(engine: Engine) -> list[str]:
    """Every error code that was ever logged, in alphabetical order. Each is one step along the index, however
    many entries it has."""
    found: list[str] = []
    last = ""
    with reading(engine).connect() as connection:
        while True:
            following = select(func.min(ENTRIES.c.code)).where(WITH_CODE, ENTRIES.c.code > last)
            last = connection.execute(following).scalar_one()
            if not last:
                return found
            found.append(last)


def statements(criteria: LogFilter, limit: int) -> list[Select[Any]]:
    """The queries behind a page. Most filters need one; some need several, each with its own index, whose
    entries are then merged."""
    bounds = _bounds(criteria)
    newest = criteria.after is None
    return [_query([*conditions, *bounds], limit, newest) for conditions in _alternatives(criteria)]


_COLUMNS = (ENTRIES.c.id, *(ENTRIES.c[name] for name in SHOWN))


def _query(conditions: list[ColumnElement[bool]], limit: int, newest: bool = True) -> Select[Any]:
    order = [column.desc() if newest else column.asc() for column in (ENTRIES.c.time, ENTRIES.c.id)]
    return select(*_COLUMNS).where(*conditions).order_by(*order).limit(limit)


def _read(
    engine: Engine, queries: list[Select[Any]], limit: int, newest: bool = True
) -> list[dict[str, Any]]:
    """The first ``limit`` entries that the queries find, each entry once."""
    with reading(engine).connect() as connection:
        found = {row["id"]: row for query in queries for row in connection.execute(query).mappings()}
    rows = sorted(found.values(), key=lambda row: (row["time"], row["id"]), reverse=newest)
    return [{"entry": row["id"]} | {name: row[name] for name in SHOWN} for row in rows[:limit]]


class _NoIndex(FunctionElement[bool]):
    """A condition that only filters what an index has found. SQLite, which keeps no statistics, might
    otherwise use an index for it."""

    inherit_cache = True
    type = Boolean()


@compiles(_NoIndex)
def _as_it_is(element: _NoIndex, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **more)})"


@compiles(_NoIndex, "sqlite")
def _without_index(element: _NoIndex, compiler: Any, **more: Any) -> str:
    return f"+{_as_it_is(element, compiler, **more)}"


def _bounds(criteria: LogFilter) -> list[ColumnElement[bool]]:
    """The conditions on time and on the entry where the page begins. Only one condition at each end is for
    the index."""
    found: list[ColumnElement[bool]] = []
    if criteria.since:
        since = ENTRIES.c.time >= criteria.since
        found.append(since if criteria.after is None else _NoIndex(since))  # `after` is the narrower bound
    if criteria.until:
        until = ENTRIES.c.time < criteria.until
        found.append(until if criteria.before is None else _NoIndex(until))  # `before` is the narrower bound
    if criteria.unresolved:
        found.append(_NoIndex(ENTRIES.c.resolved_by.is_(None)))
    position = tuple_(ENTRIES.c.time, ENTRIES.c.id)
    # If the entry itself has been deleted as too old, so has everything older.
    if criteria.before is not None:
        found.append(position < tuple_(_time_of(criteria.before), criteria.before))
    if criteria.after is not None:
        found.append(position > tuple_(_time_of(criteria.after), criteria.after))
    return found


def _time_of(entry: int) -> Any:
    return select(ENTRIES.c.time).where(ENTRIES.c.id == entry).scalar_subquery()


def _alternatives(criteria: LogFilter) -> list[list[ColumnElement[bool]]]:
    """The conditions of each query; their results are merged. In each, the condition that leaves the fewest
    entries comes first: it is for the index. As a run may be a first sync, and most entries may be of one
    kind, the status goes into the same index."""
    status = [] if criteria.status is None else [ENTRIES.c.status == criteria.status]
    flows = _flows(criteria)
    all_flows = len(flows) == len(Flow)
    narrow = _narrow_conditions(criteria, status)
    if criteria.records is not None:
        found = [[_of_record(record), *narrow] for record in criteria.records]
    elif narrow or all_flows:
        found = [narrow]
    else:
        return [[and_(_of_flow(flow), *status)] for flow in flows]
    if criteria.run is None:
        found = [[*conditions, *status] for conditions in found]
    if not all_flows:
        of_flows = or_(false(), *map(_of_flow, flows))
        found = [[*conditions, of_flows] for conditions in found]
    return [[*conditions[:1], *map(_NoIndex, conditions[1:])] for conditions in found]


def _narrow_conditions(criteria: LogFilter, status: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """The conditions that have an index of their own and usually leave few entries."""
    found: list[ColumnElement[bool]] = []
    if criteria.record is not None:
        found.append(_of_record(criteria.record))
    if criteria.run is not None:
        found.append(and_(ENTRIES.c.run == criteria.run, *status))
    if criteria.code:
        found.append(and_(ENTRIES.c.code == criteria.code, WITH_CODE))
    elif criteria.code is not None:
        found.append(ENTRIES.c.code == "")
    return found


def _flows(criteria: LogFilter) -> list[Flow]:
    """The flows that the direction and kind of the criteria allow."""
    return [
        flow
        for flow in Flow
        if criteria.direction in (None, flow.direction.value) and criteria.kind in (None, flow.kind.value)
    ]


def _of_flow(flow: Flow) -> ColumnElement[bool]:
    return and_(ENTRIES.c.kind == flow.kind.value, ENTRIES.c.direction == flow.direction.value)


def _of_record(record: str) -> ColumnElement[bool]:
    # No text is an ID of both systems, so that one index is enough.
    if in_element451 := element_id(record):
        return ENTRIES.c.element_id == in_element451
    in_salesforce = salesforce_id(record)
    return ENTRIES.c.salesforce_id == in_salesforce if in_salesforce else false()
