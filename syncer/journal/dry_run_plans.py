"""What the newest dry run planned, kept so that people can look through it before they let it happen:
filtered, and page by page.

The changes are kept field by field. Of the records that would be left alone, a few of each sort are kept as
examples (`MAX_QUIET_KEPT`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
)

from syncer.core.pair import NEW
from syncer.core.plan import Direction, Flow, Plan, Status
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.infra.database.tables import PlannedRow, table
from syncer.journal.log import plan_json
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS, Run, from_row

PLANNED = table(PlannedRow)
BATCH = 500
"""Plans that are inserted, or read, together."""
DELETE_BATCH = 5000
"""Plans of former dry runs that are deleted in one transaction: others write to the database meanwhile."""
MAX_QUIET_KEPT = 100
"""How many unchanged and ignored records of each direction, kind and status are kept."""
_QUIET = (Status.UNCHANGED, Status.IGNORED)
EMPTIES = "empties a field"
"""In place of a status: whatever gets an empty value where there was one."""
_AS_TEXT = cast(PLANNED.c.plan, Text)
_EMPTIES = and_(
    PLANNED.c.status != Status.FAILED.value,
    func.replace(_AS_TEXT, '"before":null,"after":null', "").contains('"after":null'),
)
_KEPT = ("kind", "direction", "element_id", "salesforce_id", "status", "reason", "changes")


class PlanRecorder:
    """Saves the plans of one dry run, a batch at a time. When the dry run is done, those of earlier dry runs
    are deleted; when it fails or is cancelled, its own are, and the earlier ones stay."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows: list[dict[str, Any]] = []
        self._quiet_kept: Counter[tuple[Direction, Kind, Status]] = Counter()
        self._person: tuple[Kind, str] | None = None
        self._people, self._of_person = 0, list[dict[str, Any]]()

    def add(self, run: Run, plan: Plan) -> None:
        """Save a plan of ``run``. Those of one record come one after the other."""
        sort = (plan.direction, plan.kind, plan.status)
        if plan.status in _QUIET:
            self._quiet_kept[sort] += 1
            if self._quiet_kept[sort] > MAX_QUIET_KEPT:
                return
        whole = plan_json(plan)
        columns = {
            name: whole[name] for name in ("direction", "kind", "status", "element_id", "salesforce_id")
        }
        kept = {name: whole[name] for name in _KEPT} | {"incoming": _coming_in(whole)}
        identity = plan.element_id if plan.element_id not in (None, NEW) else plan.salesforce_id
        if (person := (plan.kind, identity or "")) != self._person:
            self._end_person()
            self._person = person
        self._of_person.append(columns | {"run": run.id, "plan": kept, "urgency": _urgency(plan)})
        if len(self._rows) >= BATCH:
            self._write()

    def finish(self, run: Run) -> None:
        """Save what is left, and delete what is not needed any more."""
        self._end_person()
        self._write()
        outdated = PLANNED.c.run != run.id if run.state == RunState.DONE else PLANNED.c.run == run.id
        self._delete(outdated)

    def _end_person(self) -> None:
        self._people += 1
        urgency = min((row["urgency"] for row in self._of_person), default=0)
        self._rows += [row | {"person": self._people, "urgency": urgency} for row in self._of_person]
        self._of_person = []

    def _write(self) -> None:
        if self._rows:
            with self._engine.begin() as connection:
                connection.execute(insert(PLANNED), self._rows)
        self._rows = []

    def _delete(self, which: ColumnElement[bool]) -> None:
        some = select(PLANNED.c.id).where(which).limit(DELETE_BATCH)
        while True:
            with self._engine.begin() as connection:
                if connection.execute(delete(PLANNED).where(PLANNED.c.id.in_(some))).rowcount < DELETE_BATCH:
                    return


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans: in a direction, of a kind, with a status (or `EMPTIES`), of these records (by the IDs of
    either system), that change this field (its slug and API name). None: all."""

    direction: str | None = None
    kind: str | None = None
    status: str | None = None
    records: tuple[str, ...] | None = None
    field: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Some plans in the order of planning, each with its number. ``next`` is the ``after`` of the page that
    follows, None on the last."""

    plans: list[dict[str, Any]]
    next: int | None


def newest(engine: Engine, *, done: bool = True) -> Run | None:
    """The newest dry run that was done; with ``done`` false, the newest of all, however it ended."""
    query = select(RUNS).where(RUNS.c.trigger == Trigger.DRY_RUN)
    if done:
        query = query.where(RUNS.c.state == RunState.DONE)
    with reading(engine).connect() as connection:
        row = connection.execute(query.order_by(RUNS.c.id.desc()).limit(1)).mappings().first()
    return from_row(row) if row else None


def page(engine: Engine, run: int, criteria: PlanFilter, after: int = 0, limit: int = 50) -> PlanPage:
    """The next ``limit`` plans of a dry run that meet the ``criteria``, after the plan ``after``."""
    with reading(engine).connect() as connection:
        rows = connection.execute(_statement(run, criteria, after, limit + 1)).all()
    plans = [{"id": row.id} | row.plan for row in rows[:limit]]
    return PlanPage(plans, plans[-1]["id"] if len(rows) > limit else None)


def people(
    engine: Engine, run: int, criteria: PlanFilter, skip: int = 0, limit: int = 20
) -> tuple[list[list[dict[str, Any]]], bool]:
    """Record by record, with its plans of both directions together, of those of which a plan meets the
    ``criteria``: what fails first, then what empties a field, last where nothing happens. Returns ``limit``
    of them after the first ``skip``, and whether more follow."""
    with reading(engine).connect() as connection:
        found = connection.execute(_people(run, criteria, skip, limit + 1)).scalars().all()
        plans: dict[int, list[dict[str, Any]]] = {person: [] for person in found[:limit]}
        rows = connection.execute(
            select(PLANNED.c.person, PLANNED.c.id, PLANNED.c.plan)
            .where(PLANNED.c.run == run, PLANNED.c.person.in_(plans))
            .order_by(PLANNED.c.person, PLANNED.c.id)
        ).all()
    for person, number, plan in rows:
        plans[person].append({"id": number} | plan)
    return list(plans.values()), len(found) > limit


def _people(run: int, criteria: PlanFilter, skip: int, limit: int) -> Select[Any]:
    """The query behind a page of records, which follows an index to the page and no further."""
    first = PLANNED.c.urgency, PLANNED.c.person
    query = _filtered(select(PLANNED.c.person), run, criteria)
    return query.group_by(*first).order_by(*first).offset(skip).limit(limit)


def find(engine: Engine, number: int) -> dict[str, Any] | None:
    """The plan of this number; None where it is not kept."""
    with reading(engine).connect() as connection:
        row = connection.execute(
            select(PLANNED.c.id, PLANNED.c.plan).where(PLANNED.c.id == number)
        ).one_or_none()
    return {"id": row.id} | row.plan if row else None


def iterate(engine: Engine, run: int, criteria: PlanFilter, limit: int) -> Iterator[dict[str, Any]]:
    """The first ``limit`` plans that meet the ``criteria``, read a batch at a time."""
    after: int | None = 0
    while after is not None and limit > 0:
        found = page(engine, run, criteria, after, min(BATCH, limit))
        yield from found.plans
        limit -= len(found.plans)
        after = found.next


def _statement(run: int, criteria: PlanFilter, after: int, limit: int) -> Select[Any]:
    query = select(PLANNED.c.id, PLANNED.c.plan).where(PLANNED.c.id > after)
    return _filtered(query, run, criteria).order_by(PLANNED.c.id).limit(limit)


def _filtered(query: Select[Any], run: int, criteria: PlanFilter) -> Select[Any]:
    query = query.where(PLANNED.c.run == run)
    for name in ("direction", "kind", "status"):
        value = getattr(criteria, name)
        if value == EMPTIES:
            query = query.where(_EMPTIES)
        elif value is not None:
            query = query.where(PLANNED.c[name] == value)
    if criteria.field is not None:
        slug, name = (orjson.dumps(key).decode() for key in criteria.field)
        change = f'{{"element451":{slug},"salesforce":{name},'
        query = query.where(_AS_TEXT.contains(change, autoescape=True))
    if criteria.records is not None:
        query = query.where(
            or_(PLANNED.c.element_id.in_(criteria.records), PLANNED.c.salesforce_id.in_(criteria.records))
        )
    return query


def _coming_in(plan: dict[str, Any]) -> dict[str, Any]:
    """What comes in of the fields that change. The others are not shown, and there may be a hundred."""
    source = Direction(plan["direction"]).source.value
    keys = {change[source] for change in plan["changes"]}
    return {key: value for key, value in plan["incoming"].items() if key in keys}


def _urgency(plan: Plan) -> int:
    """What somebody has to look at first has the lowest number."""
    if plan.status is Status.FAILED:
        return 0
    if any(change.after is None and change.before is not None for change in plan.changes):
        return 1
    return 3 if plan.status in _QUIET else 2


def counts_by_flow(run: Run) -> Iterable[tuple[Direction, Kind, dict[str, int]]]:
    """How many records of each status a run counted, in each direction and kind; statuses without any are
    left out."""
    for flow in Flow:
        numbers = {status: number for status, number in run.counts[flow.value].items() if number}
        yield flow.direction, flow.kind, numbers
