"""Step 6 of a run: outcomes become log entries (rule 16). Writes are recorded as pending before they are sent
(rule 17)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from more_itertools import chunked
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import cause_of
from syncer.core.guard import taken_away
from syncer.core.plan import Change, Direction, Flow, Plan, Status
from syncer.core.records import Kind
from syncer.infra.database.prepared import execute_many
from syncer.infra.database.tables import EntryRow, SendingRow, UnaskedRow, table

ENTRIES = table(EntryRow)
SENDING = table(SendingRow)
UNASKED = table(UnaskedRow)
DELETE_BATCH = 5000
"""Entries that are deleted in one transaction: others write to the database meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan: its status; of a failure also the reason in plain words, its code, the system's
    own text (``detail``), its cause, and the target's ``fields`` that its answer names. ``written``: its
    changes were written, which they may be even where a part of the record failed."""

    plan: Plan
    status: Status
    reason: str
    element_id: str | None
    salesforce_id: str | None
    code: str = ""
    detail: str = ""
    cause: Cause | None = None
    written: bool = False
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogContext:
    """What all entries of a run share. ``log_unchanged``: log unchanged and ignored records too (Test and
    Retry). ``unasked_at``: the time of a run that the guard judges, for what it takes away unasked."""

    run: int
    version: int
    entity: dict[str, str]
    log_unchanged: bool = False
    retry_of: int | None = None
    unasked_at: datetime | None = None


def planned_outcome(plan: Plan, element_id: str | None, salesforce_id: str | None) -> Outcome:
    """The outcome of a plan that went as planned, or that planned to write nothing."""
    cause = cause_of(plan.code) if plan.status is Status.FAILED else None
    return Outcome(
        plan,
        plan.status,
        plan.reason,
        element_id,
        salesforce_id,
        plan.code,
        cause=cause,
        written=plan.writes,
    )


def write_entries(connection: Connection, context: LogContext, outcomes: Iterable[Outcome]) -> None:
    """Log these outcomes. What a whole run left unchanged is only counted, not logged."""
    outcomes = list(outcomes)
    if context.unasked_at:
        _count_unasked(connection, context.run, context.unasked_at, outcomes)
    rows = [
        _entry(context, outcome)
        for outcome in outcomes
        if context.log_unchanged or outcome.status not in (Status.UNCHANGED, Status.IGNORED)
    ]
    execute_many(connection, insert(ENTRIES), rows)


def _count_unasked(connection: Connection, run: int, now: datetime, outcomes: Iterable[Outcome]) -> None:
    """Keep how much was blanked and deactivated without anybody's approval (rule 19)."""
    done = (outcome.plan for outcome in outcomes if outcome.written or outcome.status is Status.DEACTIVATED)
    rows = [
        {"run": run, "time": now, "kind": kind.value, "field": field, "records": records}
        for (kind, field), records in taken_away(done).items()
    ]
    if rows:
        connection.execute(insert(UNASKED), rows)


def resolve(connection: Connection, run: int, kind: Kind, records: Iterable[tuple[str, str, str]]) -> None:
    """Note in the failed entries of these records, each given by its direction, the name of an ID's column
    and that ID, that ``run`` resolved them."""
    for column in ("element_id", "salesforce_id"):
        of = (
            ENTRIES.c[column] == bindparam("of"),
            ENTRIES.c.direction == bindparam("way"),
            ENTRIES.c.kind == kind.value,
            ENTRIES.c.status == Status.FAILED.value,
            ENTRIES.c.resolved_by.is_(None),
        )
        found = [{"way": way, "of": identity} for way, named, identity in records if named == column]
        if found:
            connection.execute(update(ENTRIES).where(*of).values(resolved_by=run), found)


def save_pending(connection: Connection, context: LogContext, plans: Iterable[Plan]) -> list[int]:
    """Record each plan that is about to be sent, as the entry that it will become. Returns the numbers of
    these pending writes, in order."""
    rows = [
        {"run": context.run, "entry": _pending_entry(context, plan), "outgoing": dict(plan.outgoing or {})}
        for plan in plans
    ]
    if not rows:
        return []
    statement = insert(SENDING).returning(SENDING.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def clear_pending(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget the pending writes of these numbers: they have their results."""
    for chunk in chunked(numbers, 1000):
        connection.execute(delete(SENDING).where(SENDING.c.id.in_(chunk)))


def pending_writes(connection: Connection) -> list[dict[str, Any]]:
    """What runs whose process died were sending at that moment, oldest first."""
    return [dict(row) for row in connection.execute(select(SENDING).order_by(SENDING.c.id)).mappings()]


def log_pending(
    connection: Connection, done: Sequence[dict[str, Any]], pending: Sequence[dict[str, Any]]
) -> None:
    """Log the pending writes that turn out to be ``done``, and forget all ``pending`` ones."""
    rows = [row["entry"] | {"time": datetime.fromisoformat(row["entry"]["time"])} for row in done]
    if rows:
        connection.execute(insert(ENTRIES), rows)
    for rows_of_chunk in chunked(pending, 1000):
        numbers = [row["id"] for row in rows_of_chunk]
        connection.execute(delete(SENDING).where(SENDING.c.id.in_(numbers)))


def change_json(change: Change, known: bool = False) -> dict[str, Any]:
    """A change as it is logged and shown (docs/architecture.md, "Surfaces"). One whose previous value was not
    known says so, unless it is ``known`` after all."""
    document: dict[str, Any] = {
        "element451": change.element451,
        "salesforce": change.salesforce,
        "owner": change.owner.value,
        "before": change.before,
        "after": change.after,
    }
    if not (change.known or known):
        document["known"] = False
    return document


def changes_json(plan: Plan) -> list[dict[str, Any]]:
    """The changes of a plan. A record that is created is known to have held nothing before. Those that are
    left out say so, as part of a record that fails: its others are written. So do those that are held."""
    creates = plan.creates
    made = [change_json(change, creates) for change in plan.changes]
    made += [change_json(change) | {"left_out": True} for change in plan.left_out]
    return made + [change_json(change) | {"held": True} for change in plan.held]


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as the command line prints it (docs/architecture.md, "Surfaces")."""
    return {
        "type": "plan",
        "kind": plan.kind.value,
        "direction": plan.direction.value,
        "element_id": plan.element_id,
        "salesforce_id": plan.salesforce_id,
        "status": plan.status.value,
        "reason": plan.reason,
        "changes": changes_json(plan),
        "incoming": dict(plan.incoming or {}),
        "outgoing": dict(plan.outgoing or {}),
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the command line prints it: its plan, with what really became of it."""
    return plan_json(outcome.plan) | {
        "element_id": outcome.element_id,
        "salesforce_id": outcome.salesforce_id,
        "status": outcome.status.value,
        "reason": outcome.reason,
        "code": outcome.code,
        "detail": outcome.detail,
    }


def count(
    counts: dict[str, dict[str, int]], direction: Direction, kind: Kind, status: Status, times: int = 1
) -> None:
    """Add an outcome to the counts of a run."""
    counts[Flow.of(direction, kind).value][status.value] += times


def empty_counts() -> dict[str, dict[str, int]]:
    """The counts of a run that did nothing yet: every status at zero."""
    return {flow.value: {status.value: 0 for status in Status} for flow in Flow}


def _entry(context: LogContext, outcome: Outcome) -> dict[str, Any]:
    plan = outcome.plan
    return {
        "run": context.run,
        "time": datetime.now(UTC),
        "version": context.version,
        "kind": plan.kind.value,
        "entity": context.entity[plan.kind.value],
        "direction": plan.direction.value,
        "status": outcome.status.value,
        "element_id": outcome.element_id,
        "salesforce_id": outcome.salesforce_id,
        "reason": outcome.reason,
        "code": outcome.code,
        "detail": outcome.detail,
        "changes": changes_json(_as_written(outcome)),
        "retry_of": context.retry_of,
    }


def _as_written(outcome: Outcome) -> Plan:
    """The plan; where only a part of it was to be written, and was not either, with all of it left out."""
    plan = outcome.plan
    if outcome.written or not plan.left_out:
        return plan
    return replace(plan, changes=(), left_out=plan.changes + plan.left_out)


def _pending_entry(context: LogContext, plan: Plan) -> dict[str, Any]:
    entry = _entry(context, planned_outcome(plan, plan.element_id, plan.salesforce_id))
    return entry | {"time": entry["time"].isoformat()}


def delete_old(
    engine: Engine,
    days: int,
    *,
    now: datetime | None = None,
    between: Callable[[], None] = lambda: None,
    batch: int = DELETE_BATCH,
) -> int:
    """Delete the entries that are older than ``days``, oldest first; returns how many. ``between`` is called
    before each batch, and may raise to stop: what is left is deleted the next time."""
    until = (now or datetime.now(UTC)) - timedelta(days=days)
    oldest = (
        select(ENTRIES.c.id).where(ENTRIES.c.time < until).order_by(ENTRIES.c.time, ENTRIES.c.id).limit(batch)
    )
    deleted = 0
    while True:
        between()
        with engine.begin() as connection:
            done = connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(oldest))).rowcount
        deleted += done
        if done < batch:
            return deleted
