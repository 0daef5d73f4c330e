"""What the newest dry run planned, kept so that people can look through it before they let it happen:
filtered, and page by page.

Kept are the field-by-field changes; of records that would be left as they are, a few of each sort stand for
all (`LEFT`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select, delete, insert, or_, select

from syncer.core.plan import Direction, Flow, Plan, Status
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.infra.database.tables import PlannedRow, table
from syncer.journal.log import plan_json
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS, Run, from_row

PLANNED = table(PlannedRow)
BATCH = 500
"""Plans that are inserted, and read, at once."""
FORGOTTEN = 5000
"""Plans of former dry runs that are deleted in one transaction: others write to the database meanwhile."""
LEFT = 100
"""So many unchanged and ignored records of each sort are kept."""
_QUIET = (Status.UNCHANGED, Status.IGNORED)
_KEPT = ("kind", "direction", "element_id", "salesforce_id", "status", "reason", "changes")


class Keeper:
    """Keeps the plans of one dry run while it plans, a batch at a time. Once it is done, it is the newest,
    and those before it are forgotten; one that ends otherwise leaves them as they were."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows: list[dict[str, Any]] = []
        self._left: Counter[tuple[Direction, Kind, Status]] = Counter()

    def take(self, run: Run, plan: Plan) -> None:
        """Keep a plan of ``run``."""
        sort = (plan.direction, plan.kind, plan.status)
        if plan.status in _QUIET:
            self._left[sort] += 1
            if self._left[sort] > LEFT:
                return
        whole = plan_json(plan)
        columns = {
            name: whole[name] for name in ("direction", "kind", "status", "element_id", "salesforce_id")
        }
        self._rows.append(columns | {"run": run.id, "plan": {name: whole[name] for name in _KEPT}})
        if len(self._rows) >= BATCH:
            self._write()

    def end(self, run: Run) -> None:
        """The dry run is over."""
        self._write()
        self._forget(PLANNED.c.run != run.id if run.state == RunState.DONE else PLANNED.c.run == run.id)

    def _write(self) -> None:
        if self._rows:
            with self._engine.begin() as connection:
                connection.execute(insert(PLANNED), self._rows)
        self._rows = []

    def _forget(self, which: Any) -> None:
        some = select(PLANNED.c.id).where(which).limit(FORGOTTEN)
        while True:
            with self._engine.begin() as connection:
                if connection.execute(delete(PLANNED).where(PLANNED.c.id.in_(some))).rowcount < FORGOTTEN:
                    return


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which plans: in a direction, of a kind, with a status, of these records (by their IDs of either
    system). None: all."""

    direction: str | None = None
    kind: str | None = None
    status: str | None = None
    records: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some plans in the order in which they were made, each with its number; ``next`` is the ``after`` of the
    page that follows."""

    plans: list[dict[str, Any]]
    next: int | None


def newest(engine: Engine, *, done: bool = True) -> Run | None:
    """The newest dry run that went through everything; with ``done`` false, the newest of all, whatever
    became of it."""
    query = select(RUNS).where(RUNS.c.trigger == Trigger.DRY_RUN)
    if done:
        query = query.where(RUNS.c.state == RunState.DONE)
    with reading(engine).connect() as connection:
        row = connection.execute(query.order_by(RUNS.c.id.desc()).limit(1)).mappings().first()
    return from_row(row) if row else None


def page(engine: Engine, run: int, wanted: Wanted, after: int = 0, limit: int = 50) -> Page:
    """The next ``limit`` of the wanted plans of a dry run behind the plan ``after``."""
    with reading(engine).connect() as connection:
        rows = connection.execute(_statement(run, wanted, after, limit + 1)).all()
    plans = [{"id": row.id} | row.plan for row in rows[:limit]]
    return Page(plans, plans[-1]["id"] if len(rows) > limit else None)


def find(engine: Engine, number: int) -> dict[str, Any] | None:
    """The plan of this number; None where it is not kept."""
    with reading(engine).connect() as connection:
        row = connection.execute(
            select(PLANNED.c.id, PLANNED.c.plan).where(PLANNED.c.id == number)
        ).one_or_none()
    return {"id": row.id} | row.plan if row else None


def every(engine: Engine, run: int, wanted: Wanted, most: int) -> Iterator[dict[str, Any]]:
    """The first ``most`` of the wanted plans, read a batch at a time."""
    after: int | None = 0
    while after is not None and most > 0:
        found = page(engine, run, wanted, after, min(BATCH, most))
        yield from found.plans
        after, most = found.next, most - len(found.plans)


def _statement(run: int, wanted: Wanted, after: int, limit: int) -> Select[Any]:
    fitting = [PLANNED.c.run == run, PLANNED.c.id > after]
    fitting += [
        PLANNED.c[name] == value
        for name in ("direction", "kind", "status")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.records is not None:
        fitting.append(_of(wanted.records))
    return select(PLANNED.c.id, PLANNED.c.plan).where(*fitting).order_by(PLANNED.c.id).limit(limit)


def _of(records: Sequence[str]) -> Any:
    return or_(PLANNED.c.element_id.in_(records), PLANNED.c.salesforce_id.in_(records))


def counted(run: Run) -> Iterable[tuple[Direction, Kind, dict[str, int]]]:
    """What a run counts: in each direction and kind, how many of each status, those without any left out."""
    for flow in Flow:
        numbers = {status: number for status, number in run.counts[flow.value].items() if number}
        yield flow.direction, flow.kind, numbers
