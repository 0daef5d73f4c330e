"""Approving a waiting run in part: what is left out is held, and the rest is covered as it is without that
(rules 19 and 20)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from more_itertools import chunked
from sqlalchemy import Connection, bindparam, delete, select, update

from syncer.core.guard import ChangeCounts
from syncer.core.plan import Plan
from syncer.core.trust.holds import Hold
from syncer.core.trust.leaving_out import LeaveOut, left_out
from syncer.journal import approvals
from syncer.journal.approvals import CHUNK, SHOWN
from syncer.sync.holds.store import Kept, Origin, begin, keep
from syncer.sync.planning.waiting_changes import WaitingChanges, WaitingRecord


class CannotLeaveOut(Exception):
    """What was to be left out is not there, or what waits changed meanwhile; ``str()`` says so. Nothing was
    approved."""


@dataclass(frozen=True, slots=True)
class _Covered:
    """A change that was ``shown`` by this digest, and the digest that the approval is to cover ``instead``;
    None: nothing of it."""

    pair: int
    direction: str
    shown: str
    instead: str | None


@dataclass(slots=True)
class _Decision:
    """What is to be held, what is covered otherwise than it was shown, and which names mean something."""

    kept: list[Kept] = field(default_factory=list)
    covered: list[_Covered] = field(default_factory=list)
    unmatched: list[LeaveOut] = field(default_factory=list)


def approve_without(changes: WaitingChanges, out: LeaveOut, by: str, now: datetime) -> int:
    """Approve what ``changes`` are, but for what is left ``out``; of how many records something was. All of
    it, or nothing: it is read first, and written in one short transaction, for a run may go on meanwhile.
    What cannot be judged now, because its record changed since it was shown, is not covered. Raises
    `NotWaiting` and `CannotLeaveOut`."""
    decision = _decide(changes, out)
    with changes.engine.begin() as connection:
        approvals.approve_on(connection, changes.run.id, changes.counting, now)
        if decision.unmatched:
            names = ", ".join(name for each in decision.unmatched for name in (*each.fields, *each.records))
            raise CannotLeaveOut(
                f"Nothing that waits and can be left out is named {names}. Nothing was approved."
            )
        _cover(connection, changes, decision.covered)
        if decision.kept:
            hold = begin(connection, Origin.APPROVAL, by, now, run=changes.run.id)
            keep(connection, hold, decision.kept)
    return len({one.pair for one in decision.kept})


def what_remains(changes: WaitingChanges, out: LeaveOut) -> ChangeCounts:
    """What an approval of ``changes`` would cover without what is left ``out``, as the guard counts it."""
    counts = ChangeCounts()
    for page in changes.pages():
        for record in page:
            holds = [hold for plan in record.plans for hold in left_out(plan, out)]
            counts.add(_rest(changes, record, holds) if holds else record.plans)
    return counts


def _decide(changes: WaitingChanges, out: LeaveOut) -> _Decision:
    """Reads only."""
    decision = _Decision(unmatched=out.names_apart())
    for page in changes.pages():
        for record in page:
            holds = [hold for plan in record.plans for hold in left_out(plan, out)]
            decision.kept += _kept(record, holds)
            decision.covered += _covered(changes, record, holds)
            decision.unmatched = [each for each in decision.unmatched if not _matches(record, each)]
    return decision


def _matches(record: WaitingRecord, name: LeaveOut) -> bool:
    """Whether something of the record is left out by this name, or would be if it could be judged: else that
    is not covered anyhow."""
    unjudged = [] if len(record.plans) == len(record.shown) else record.planned.plans
    return any(left_out(plan, name) for plan in (*record.plans, *unjudged))


def _kept(record: WaitingRecord, holds: Iterable[Hold]) -> Iterator[Kept]:
    for one in holds:
        yield Kept(record.number, one.what, one.system, one.element451, one.salesforce, one.value)


def _covered(changes: WaitingChanges, record: WaitingRecord, holds: Sequence[Hold]) -> Iterator[_Covered]:
    """What the approval is to cover otherwise than it was shown: what remains of the record now that these
    are held, and nothing of what is not planned any more as it was shown."""
    as_shown = {plan.direction.value for plan in record.plans}
    remains = _remaining(changes, record, holds) if holds else {}
    for direction, shown in record.shown.items():
        if holds or direction not in as_shown:
            instead = remains.get(direction)
            yield _Covered(record.number, direction, shown, instead)


def _remaining(changes: WaitingChanges, record: WaitingRecord, holds: Sequence[Hold]) -> dict[str, str]:
    """The digests of what is planned for the record, by direction, now that these are held."""
    rest = _rest(changes, record, holds)
    return {part.direction.value: changes.digests(part)[0] for part in rest}


def _rest(changes: WaitingChanges, record: WaitingRecord, holds: Sequence[Hold]) -> list[Plan]:
    """What waits of the record once these are held; of what was shown in another way by now, nothing."""
    pair = record.planned.pair
    held = replace(pair, holds=(*pair.holds, *holds))
    as_shown = {plan.direction.value for plan in record.plans}
    parts = [
        changes.part_of(plan, plan.direction.value in record.blanks_only)
        for plan in changes.planner.planners[pair.kind].plans(held)
        if plan.direction.value in as_shown
    ]
    return [part for part in parts if part and part.acts]


def _cover(connection: Connection, changes: WaitingChanges, covered: Sequence[_Covered]) -> None:
    """Let the approval cover these. Raises `CannotLeaveOut` where one is not shown any more as it was."""
    run, counting = changes.run.id, changes.counting
    here = (SHOWN.c.run == run, SHOWN.c.since <= counting)
    this = (*here, SHOWN.c.pair == bindparam("number"), SHOWN.c.direction == bindparam("way"))
    for chunk in chunked(covered, CHUNK):
        these = select(SHOWN.c.pair, SHOWN.c.direction, SHOWN.c.digest).where(
            *here, SHOWN.c.pair.in_({one.pair for one in chunk})
        )
        now = {(row.pair, row.direction): row.digest for row in connection.execute(these.with_for_update())}
        if any(now.get((one.pair, one.direction)) != one.shown for one in chunk):
            raise CannotLeaveOut("What waits was counted again meanwhile. Nothing was approved: try again.")
        kept = [
            {"number": one.pair, "way": one.direction, "instead": one.instead}
            for one in chunk
            if one.instead is not None
        ]
        gone = [{"number": one.pair, "way": one.direction} for one in chunk if one.instead is None]
        if kept:
            connection.execute(update(SHOWN).where(*this).values(digest=bindparam("instead")), kept)
        if gone:
            connection.execute(delete(SHOWN).where(*this), gone)
