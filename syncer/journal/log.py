"""Step 6 of the road: outcomes become log entries (rule 16), and what was about to be sent is noted before
(rule 17)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from more_itertools import chunked
from sqlalchemy import Connection, Engine, delete, insert, select

from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import cause_of
from syncer.core.plan import Change, Direction, Flow, Plan, Status
from syncer.core.records import Kind
from syncer.infra.database.tables import EntryRow, SendingRow, table

ENTRIES, SENDING = table(EntryRow), table(SendingRow)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan: its status, or `failed` with the reason in words, Salesforce's or Element451's
    own text and code, and the cause."""

    plan: Plan
    status: Status
    reason: str
    element_id: str | None
    salesforce_id: str | None
    code: str = ""
    detail: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What every entry of a run shares. ``every``: log unchanged and ignored ones too (Test and Retry)."""

    run: int
    version: int
    entity: dict[str, str]
    every: bool = False
    retry_of: int | None = None


def outcome(plan: Plan, element_id: str | None, salesforce_id: str | None) -> Outcome:
    """The outcome of a plan that went as planned (or that planned nothing to be written)."""
    cause = cause_of(plan.code) if plan.status is Status.FAILED else None
    return Outcome(plan, plan.status, plan.reason, element_id, salesforce_id, plan.code, cause=cause)


def write_entries(connection: Connection, context: Context, outcomes: Iterable[Outcome]) -> None:
    """Log these outcomes; those of a scheduled run that changed nothing are only counted."""
    rows = [
        _entry(context, made)
        for made in outcomes
        if context.every or made.status not in (Status.UNCHANGED, Status.IGNORED)
    ]
    if rows:
        connection.execute(insert(ENTRIES), rows)


def note_sending(connection: Connection, context: Context, plans: Iterable[Plan]) -> list[int]:
    """Note each plan that is about to be sent, as the entry that it will become. Gives the notes' numbers, in
    order."""
    rows = [
        {"run": context.run, "entry": _unsent(context, plan), "outgoing": dict(plan.outgoing or {})}
        for plan in plans
    ]
    if not rows:
        return []
    noted = insert(SENDING).returning(SENDING.c.id, sort_by_parameter_order=True)
    return list(connection.execute(noted, rows).scalars())


def forget_sending(connection: Connection, notes: Iterable[int]) -> None:
    """Delete the notes of what has been answered."""
    for chunk in chunked(notes, 1000):
        connection.execute(delete(SENDING).where(SENDING.c.id.in_(chunk)))


def left_over(connection: Connection) -> list[dict[str, Any]]:
    """What runs that died were sending when they did."""
    return [dict(row) for row in connection.execute(select(SENDING).order_by(SENDING.c.id)).mappings()]


def log_left_over(
    connection: Connection, done: Sequence[dict[str, Any]], every: Sequence[dict[str, Any]]
) -> None:
    """Turn the notes of writes that turn out to be ``done`` into their entries, and remove ``every`` note."""
    rows = [row["entry"] | {"time": datetime.fromisoformat(row["entry"]["time"])} for row in done]
    if rows:
        connection.execute(insert(ENTRIES), rows)
    for at in range(0, len(every), 1000):
        connection.execute(
            delete(SENDING).where(SENDING.c.id.in_([row["id"] for row in every[at : at + 1000]]))
        )


def change_json(change: Change) -> dict[str, Any]:
    """A change as it is logged and shown (docs/architecture.md, "Surfaces"); one whose value before was not
    known says so."""
    shown = {"element451": change.element451, "salesforce": change.salesforce, "owner": change.owner.value}
    return (
        shown | {"before": change.before, "after": change.after} | ({} if change.known else {"known": False})
    )


def changes_json(made: Plan) -> list[dict[str, Any]]:
    """The changes of a plan. A record that is created is known to have held nothing before."""
    return [change_json(replace(change, known=change.known or made.creates)) for change in made.changes]


def plan_json(made: Plan) -> dict[str, Any]:
    """A plan as the command line prints it (docs/architecture.md, "Surfaces")."""
    return {
        "type": "plan",
        "kind": made.kind.value,
        "direction": made.direction.value,
        "element_id": made.element_id,
        "salesforce_id": made.salesforce_id,
        "status": made.status.value,
        "reason": made.reason,
        "changes": changes_json(made),
        "incoming": dict(made.incoming or {}),
        "outgoing": dict(made.outgoing or {}),
    }


def outcome_json(made: Outcome) -> dict[str, Any]:
    """An outcome as the command line prints it: its plan, with what really became of it."""
    ids = {"element_id": made.element_id, "salesforce_id": made.salesforce_id}
    return (
        plan_json(made.plan)
        | ids
        | {
            "status": made.status.value,
            "reason": made.reason,
            "code": made.code,
            "detail": made.detail,
        }
    )


def count(
    counts: dict[str, dict[str, int]], direction: Direction, kind: Kind, status: Status, times: int = 1
) -> None:
    """Count an outcome in a run's counts."""
    counts[Flow.of(direction, kind).value][status.value] += times


def no_counts() -> dict[str, dict[str, int]]:
    """The counts of a run that did nothing yet, every status at zero."""
    return {flow.value: {status.value: 0 for status in Status} for flow in Flow}


def _entry(context: Context, made: Outcome) -> dict[str, Any]:
    plan = made.plan
    return {
        "run": context.run,
        "time": datetime.now(UTC),
        "version": context.version,
        "kind": plan.kind.value,
        "entity": context.entity[plan.kind.value],
        "direction": plan.direction.value,
        "status": made.status.value,
        "element_id": made.element_id,
        "salesforce_id": made.salesforce_id,
        "reason": made.reason,
        "code": made.code,
        "detail": made.detail,
        "changes": changes_json(plan),
        "retry_of": context.retry_of,
    }


def _unsent(context: Context, plan: Plan) -> dict[str, Any]:
    entry = _entry(context, outcome(plan, plan.element_id, plan.salesforce_id))
    return entry | {"time": entry["time"].isoformat()}


BATCH = 5000
"""Entries per transaction: others write to the database meanwhile."""


def forget_old(
    engine: Engine,
    days: int,
    *,
    now: datetime | None = None,
    between: Callable[[], None] = lambda: None,
    batch: int = BATCH,
) -> int:
    """Delete the entries that are older than ``days``, oldest first; how many. ``between`` is called before
    each batch, and may raise to stop: what is left is deleted the next time."""
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
