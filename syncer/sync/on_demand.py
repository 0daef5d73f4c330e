"""Single records on demand: what Preview, Test and Retry select, in place of everything that is due (rule
15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from more_itertools import chunked
from sqlalchemy import select

from syncer.core.plan import Direction, Plan, Status
from syncer.core.reasons import Code
from syncer.core.records import Kind, System
from syncer.journal import approvals, runs
from syncer.journal.log import ENTRIES, Outcome
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run
from syncer.sync import config_change
from syncer.sync.context import SyncContext
from syncer.sync.engine import Selection, SyncEngine
from syncer.sync.everything import EverythingDue
from syncer.sync.failures import Which
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES
from syncer.sync.planning.mixture import Mixture
from syncer.sync.planning.planner import PlannedPair, Planner
from syncer.sync.planning.why_no_plan import why_no_plan
from syncer.sync.pull.pull import refresh
from syncer.sync.record_refresh import (
    NoSuchRecord,
    RecordRequest,
    conversations_of,
    pair_up,
    read_conversations,
    read_record,
    stored_row,
)

__all__ = ["NoSuchRecord", "RecordRequest"]

ALL = Which()
"""Whatever fails."""
SAMPLE = 20
"""How many due records a preview without an ID shows."""


@dataclass
class OneRecord:
    """See `syncer.sync.engine.Selection`: one record in one direction; for an export of a contact, its
    conversations too. Reading raises `NoSuchRecord`."""

    context: SyncContext
    request: RecordRequest
    retry_of: int | None = None
    whole: bool = False
    guarded: bool = False
    passes: int = 1
    remembered: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The ID of a conversation names a conversation, where one is known by it."""
        request = self.request
        exports = Kind.CONVERSATION in self.context.kinds and request.direction is Direction.EXPORT
        if exports and stored_row(self.context, Kind.CONVERSATION, request.system, request.identity):
            self.request = replace(request, kind=Kind.CONVERSATION)

    def read(self, engine: SyncEngine, run: Run | None) -> None:
        """Steps 1 and 2, for this record alone."""
        self.context = engine.context
        config_change.apply_changes(self.context)
        holds.end_overdue(self.context.database, self.context.clock())
        row = read_record(self.context, self.request)
        if row["element_id"] and self._with_conversations:
            read_conversations(self.context, row["element_id"])

    def pages(self, planner: Planner, kind: Kind) -> Iterator[list[PlannedPair]]:
        """Step 3: the record, then the contact's conversations."""
        request = self.request
        row = stored_row(self.context, request.kind, request.system, request.identity)
        rows = [row] if row and kind is request.kind else []
        if row and row["element_id"] and kind is Kind.CONVERSATION and self._with_conversations:
            rows = conversations_of(self.context, row["element_id"])
        if rows:
            yield [_only(each, self._answer(each)) for each in planner.plan_rows(kind, rows)]

    @property
    def _with_conversations(self) -> bool:
        exports_contact = self.request.kind is Kind.CONTACT and self.request.direction is Direction.EXPORT
        return exports_contact and Kind.CONVERSATION in self.context.kinds

    def _answer(self, pair: PlannedPair) -> list[Plan]:
        """The plans in the direction that was asked for; where there are none, that the pair leaves the sync
        or has left it, that one of its records cannot be seen, or, of the very record that was asked for, why
        there is nothing to be done."""
        direction = self.request.direction
        plans = _in_direction(pair, direction)
        plans = plans or [plan for plan in pair.plans if _concerns_both_directions(plan)]
        if plans:
            return plans
        why = why_no_plan(pair.pair, direction)
        about_it = why and (why.status is Status.DEACTIVATED or pair.pair.kind is self.request.kind)
        return [why] if why and about_it else []


@dataclass
class FailingRecords:
    """See `syncer.sync.engine.Selection`: every record that fails now, or ``which`` of them. Nobody saw what
    would be done to each, so that the guard asks (rule 19)."""

    context: SyncContext
    which: Which = ALL
    retry_of: int | None = None
    whole: bool = False
    guarded: bool = True
    passes: int = 1
    _rows: dict[Kind, list[int]] = field(default_factory=dict)

    @property
    def remembered(self) -> dict[str, Any]:
        """Which records it was about, for when it goes on."""
        return self.which.told()

    def read(self, engine: SyncEngine, run: Run | None) -> None:
        """Steps 1 and 2, for the failing records, many at a time."""
        self.context = engine.context
        config_change.apply_changes(self.context)
        holds.end_overdue(self.context.database, self.context.clock())
        for kind in self.context.kinds:
            numbers = self._rows.setdefault(kind, [])
            for page in self.context.pairs(kind).walk(self.context.database, PAIRS.c.failing):
                rows = [row for row in page if self._fails(row)]
                numbers += [row["id"] for row in rows]
                self._refresh(kind, rows)

    def pages(self, planner: Planner, kind: Kind) -> Iterator[list[PlannedPair]]:
        """Step 3: the records that failed when they were read."""
        for numbers in chunked(self._rows[kind], CHUNK):
            planned = [
                self._with_answer(each) for each in planner.plan_rows(kind, self._by_number(kind, numbers))
            ]
            yield [each for each in planned if each.plans]

    def _fails(self, row: Row) -> bool:
        found = (row["failures"] or {}).items()
        return any(self.which.covers(row["kind"], direction, failure) for direction, failure in found)

    def _refresh(self, kind: Kind, rows: list[Row]) -> None:
        for system in System:
            refresh(self.context, kind, system, (row[SIDES[system].id] for row in rows))
        for system in System:
            side, again = SIDES[system], self._by_number(kind, [row["id"] for row in rows])
            unpaired = [row for row in again if row[side.id] and not row[side.other.id]]
            pair_up(self.context, kind, system, unpaired)

    def _by_number(self, kind: Kind, numbers: list[int]) -> list[Row]:
        with self.context.database.connect() as connection:
            return list(self.context.pairs(kind).rows_where(connection, "id", numbers))

    @staticmethod
    def _with_answer(pair: PlannedPair) -> PlannedPair:
        """A failing pair; where nothing is planned for it any more, with the reason why it no longer
        fails."""
        if pair.plans:
            return pair
        whys = [why_no_plan(pair.pair, Direction(direction)) for direction in pair.row["failures"] or ()]
        return _only(pair, [why for why in whys if why])


def preview(engine: SyncEngine, request: RecordRequest) -> list[Plan]:
    """The plans for one record as it is now in both systems; for an export the contact's conversations too.
    Nothing is written."""

    def plans() -> list[Plan]:
        pages = engine.plan(OneRecord(engine.context, request))
        return [plan for _, pairs in pages for planned in pairs for plan in planned.plans]

    return engine.without_what_is_refused(plans)


def sample(
    engine: SyncEngine, direction: Direction | None, size: int = SAMPLE, *, read_first: bool = True
) -> list[Plan]:
    """The plans of some records that are due, after both systems were read (not while a run does that:
    ``read_first``): a `Mixture` of what would happen. Without a direction, in both: all plans of a record
    together. Nothing is written."""
    mixture = Mixture(size)
    of_record: dict[int, list[Plan]] = {}
    for _, pairs in engine.plan(EverythingDue(read_first=read_first)):
        for pair in pairs:
            plans = pair.plans if direction is None else _in_direction(pair, direction)
            of_record |= {id(plan): plans for plan in plans if mixture.add(plan)}
        if mixture.enough:
            break
    picked = mixture.picked()
    if direction is not None:
        return picked
    return list({id(plan): plan for one in picked for plan in of_record[id(one)]}.values())


def do(
    engine: SyncEngine, request: RecordRequest, trigger: Trigger, retry_of: int | None = None
) -> tuple[Run, list[Outcome]]:
    """Do it for one record, whatever the guard would say of a whole run, and log everything that came of it
    (Test and Retry). Raises `NoSuchRecord`."""
    return _run(engine, OneRecord(engine.context, request, retry_of), trigger)


def retry(engine: SyncEngine, entry: int) -> tuple[Run, list[Outcome]]:
    """Read both sides of a logged record again, plan it again in the same direction and do it. Raises
    `NoSuchRecord`."""
    with engine.context.database.connect() as connection:
        row = connection.execute(select(ENTRIES).where(ENTRIES.c.id == entry)).mappings().one_or_none()
    if row is None:
        raise NoSuchRecord(f"There is no log entry {entry}. Look the number up with: python -m syncer logs")
    direction, kind = Direction(row["direction"]), Kind(row["kind"])
    element_id, salesforce_id = row["element_id"], row["salesforce_id"]
    if element_id and (direction is Direction.EXPORT or not salesforce_id):
        salesforce_id = None
    else:
        element_id = None
    request = RecordRequest(direction, salesforce_id, element_id, kind, existed=True)
    return do(engine, request, Trigger.RETRY, entry)


def retry_failing(
    engine: SyncEngine, which: Which = ALL, *, goes_on: int | None = None
) -> tuple[Run, list[Outcome]]:
    """Do every record that fails now, or ``which`` of them, again, as one run. ``goes_on`` names the one that
    waits, once somebody approved it; raises `NotWaiting` where it does not wait."""
    database = engine.context.database
    waiting = runs.waiting(database, [Trigger.RETRY])
    if goes_on is not None:
        if waiting is None or waiting.id != goes_on:
            raise approvals.NotWaiting(goes_on)
        which = Which.remembered(waiting.numbers or {})
    selection = FailingRecords(engine.context, which)
    return _run(engine, selection, Trigger.RETRY, waiting)


def _run(
    engine: SyncEngine, selection: Selection, trigger: Trigger, waiting: Run | None = None
) -> tuple[Run, list[Outcome]]:
    run = waiting or runs.begin(engine.context.database, trigger, engine.context.config.version, single=True)
    outcomes: list[Outcome] = []
    return engine.run(selection, run, outcomes.extend), outcomes


def _in_direction(pair: PlannedPair, direction: Direction) -> list[Plan]:
    """The plans in this direction, and what has to follow a creation in it; what follows one in the other
    direction belongs to that."""
    return [plan for plan in pair.plans if (plan.direction is direction) is not plan.follows]


def _concerns_both_directions(plan: Plan) -> bool:
    """Whether it says that a pair leaves the sync, or that one of its records cannot be seen."""
    return plan.status is Status.DEACTIVATED or plan.code == Code.NOT_VISIBLE


def _only(pair: PlannedPair, plans: list[Plan]) -> PlannedPair:
    """The pair with only these plans; it stays due where another direction was left out."""
    left_out = any(plan.writes for plan in pair.plans if plan not in plans)
    return replace(pair, plans=plans, replan_now=left_out)
