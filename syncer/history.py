"""Reading the Integration Logs: newest first, filtered, page by page (rule 16). Every filter has an index in that very order.

Newest is by time, then by number: what a run that died had sent is logged later, under the time at which it was sent.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Engine, Select, and_, false, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from syncer.logbook import ENTRIES
from syncer.pair import element_id, salesforce_id
from syncer.tables import WITH_CODE

SHOWN = ("run", "time", "direction", "kind", "element_id", "salesforce_id", "status", "reason", "code", "changes", "retry_of", "detail", "version")
"""What is shown of an entry, besides its number."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries: of a status, of a record (by any of its IDs), of a run, older than an entry, of a direction, with a cause's code,
    from ``since`` on, before ``until``. None: all."""

    status: str | None = None
    record: str | None = None
    run: int | None = None
    before: int | None = None
    direction: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first. ``next`` is the ``before`` of the page that follows, None on the last; what is logged meanwhile moves nothing."""

    entries: list[dict[str, Any]]
    next: int | None


def page(engine: Engine, chosen: Chosen, limit: int = 100) -> Page:
    """The newest ``limit`` of the chosen entries, as the command line prints them (DESIGN.md §6)."""
    with engine.connect() as connection:
        rows = connection.execute(statement(chosen, limit + 1)).mappings().all()
    entries = [{"entry": row["id"]} | {name: row[name] for name in SHOWN} for row in rows[:limit]]
    return Page(entries, entries[-1]["entry"] if len(rows) > limit else None)


def entries(engine: Engine, chosen: Chosen, limit: int = 100) -> list[dict[str, Any]]:
    """The entries of a `page` alone."""
    return page(engine, chosen, limit).entries


def statement(chosen: Chosen, limit: int) -> Select[Any]:
    """The query behind a page."""
    columns = (ENTRIES.c.id, *(ENTRIES.c[name] for name in SHOWN))
    return select(*columns).where(*_conditions(chosen)).order_by(ENTRIES.c.time.desc(), ENTRIES.c.id.desc()).limit(limit)


class _Aside(FunctionElement[bool]):
    """A condition that only thins out what an index has found. SQLite, which keeps no statistics, would else take any index that fits."""

    inherit_cache = True
    type = Boolean()


@compiles(_Aside)
def _as_it_is(element: _Aside, compiler: Any, **more: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **more))


@compiles(_Aside, "sqlite")
def _without_index(element: _Aside, compiler: Any, **more: Any) -> str:
    return f"+({_as_it_is(element, compiler, **more)})"


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    found = _filters(chosen)
    if chosen.since:
        found.append(ENTRIES.c.time >= chosen.since)
    if chosen.until:
        until = ENTRIES.c.time < chosen.until
        found.append(until if chosen.before is None else _Aside(until))  # a page further down begins further down
    if chosen.before is not None:
        # Where the entry itself is past its retention, so is everything older.
        when = select(ENTRIES.c.time).where(ENTRIES.c.id == chosen.before).scalar_subquery()
        found.append(tuple_(ENTRIES.c.time, ENTRIES.c.id) < tuple_(when, chosen.before))
    return found


def _filters(chosen: Chosen) -> list[ColumnElement[bool]]:
    """The filters, the one that leaves the fewest entries first: it is for the index. A run may be a first sync: its status goes along."""
    found: list[ColumnElement[bool]] = []
    status = [] if chosen.status is None else [ENTRIES.c.status == chosen.status]
    if chosen.record is not None:
        found.append(_of_record(chosen.record))
    if chosen.run is not None:
        found.append(and_(ENTRIES.c.run == chosen.run, *status))
        status = []
    if chosen.code is not None:
        found.append(and_(ENTRIES.c.code == chosen.code, WITH_CODE) if chosen.code else ENTRIES.c.code == "")
    found += status
    if chosen.direction is not None:
        found.append(ENTRIES.c.direction == chosen.direction)
    return [*found[:1], *(_Aside(condition) for condition in found[1:])]


def _of_record(record: str) -> ColumnElement[bool]:
    # No text is an ID of both systems, so that one index answers.
    if ours := element_id(record):
        return ENTRIES.c.element_id == ours
    theirs = salesforce_id(record)
    return ENTRIES.c.salesforce_id == theirs if theirs else false()
