"""Approving a waiting run in part: what is left out is held, and the rest is covered as it is without that
(rules 19 and 20)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, update

from syncer.core.plan import Plan
from syncer.core.planner import plan_pair
from syncer.core.trust.holds import Hold
from syncer.core.trust.leaving_out import LeaveOut, left_out
from syncer.journal import approvals
from syncer.journal.approvals import SHOWN
from syncer.sync.holds.store import Kept, Origin, begin, keep
from syncer.sync.planning.waiting_changes import WaitingChanges, WaitingRecord


def approve_without(changes: WaitingChanges, out: LeaveOut, by: str, now: datetime) -> int:
    """Approve what ``changes`` are, but for what is left ``out``; of how many records something was. All of
    it, or nothing. Raises `NotWaiting`."""
    run, records = changes.run.id, 0
    with changes.engine.begin() as connection:
        approvals.approve_on(connection, run, changes.counting, now)
        hold: int | None = None
        for page in changes.pages():
            found = [(record, holds) for record in page if (holds := _to_hold(record, out))]
            if not found:
                continue
            hold = hold or begin(connection, Origin.APPROVAL, by, now, run=run)
            keep(connection, hold, (one for record, holds in found for one in _kept(record, holds)))
            for record, holds in found:
                _cover_the_rest(connection, changes, record, holds)
            records += len(found)
    return records


def _to_hold(record: WaitingRecord, out: LeaveOut) -> list[Hold]:
    return [hold for plan in record.plans for hold in left_out(plan, out)]


def _kept(record: WaitingRecord, holds: list[Hold]) -> Iterator[Kept]:
    for one in holds:
        yield Kept(record.number, one.what, one.system, one.element451, one.salesforce, one.value)


def _cover_the_rest(
    connection: Connection, changes: WaitingChanges, record: WaitingRecord, holds: list[Hold]
) -> None:
    """Let the approval cover what is planned for the record now that these are held."""
    pair = record.planned.pair
    held = replace(pair, holds=(*pair.holds, *holds))
    planned: dict[str, Plan] = {}
    for plan in plan_pair(held, changes.planner.rules[pair.kind]):
        part = changes.part_of(plan, plan.direction.value in record.blanks_only)
        if part and part.acts:
            planned[plan.direction.value] = part
    for direction in {plan.direction.value for plan in record.plans}:
        here = (
            SHOWN.c.run == changes.run.id,
            SHOWN.c.pair == record.number,
            SHOWN.c.direction == direction,
        )
        if direction in planned:
            digest = changes.digests(planned[direction])[0]
            connection.execute(update(SHOWN).where(*here).values(digest=digest))
        else:
            connection.execute(delete(SHOWN).where(*here))
