"""The end of a pair's run: what failed and why, and that it is no longer due
(docs/architecture.md, "A run" step 6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from syncer.core.error_codes.entry import Cause
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind, State
from syncer.journal.log import Outcome
from syncer.sync.pair_store import make_conversations_due, update_rows
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.push.retry_policy import try_after


def complete(
    connection: Connection, kind: Kind, pairs: Sequence[PlannedPair], run: int, now: datetime
) -> None:
    """Clear due for the revision that was planned from; what failed stays due, but is not tried before its
    time (`retry_policy`).

    The conversations of a contact that came into Salesforce, or whose export no longer fails, become due
    (rule 13).
    """
    rows: list[dict[str, Any]] = []
    freed: list[str | None] = []
    for planned in pairs:
        row = planned.row
        deactivated = any(outcome.status is Status.DEACTIVATED for outcome in planned.outcomes)
        left = row["left_sync"] or deactivated
        failures = {
            direction: kept
            for direction, kept in (row["failures"] or {}).items()
            if _may_fail(planned, Direction(direction), left)
        }
        for outcome in planned.outcomes:
            _note(failures, outcome)
        columns: dict[str, Any] = {
            "failures": failures or None,
            "failing": bool(failures),
            "left_sync": left,
            "tried_in": run,
        }
        columns |= {"due": bool(failures), "element_changed": False, "salesforce_changed": False}
        columns["try_after"] = try_after(
            ((Cause(kept["cause"]), kept["tries"]) for kept in failures.values()), now
        )
        columns["failing_since"] = (row["failing_since"] or now) if failures else None
        if planned.again:
            columns |= {"due": True, "tried_in": 0, "try_after": None} | {
                name: row[name] for name in ("element_changed", "salesforce_changed")
            }
        if row["by_values"] and any(outcome.status.writes for outcome in planned.outcomes):
            columns["by_values"] = False
        rows.append(columns | {"id": row["id"], "revision": row["revision"]})
        inserted = any(outcome.status is Status.INSERTED for outcome in planned.outcomes)
        if kind is Kind.CONTACT and (
            inserted or (row["failing"] and not failures) or left != row["left_sync"]
        ):
            freed.append(planned.pair.element_id)
    update_rows(connection, rows, only_revision=True)
    make_conversations_due(connection, freed)


def _may_fail(planned: PlannedPair, direction: Direction, left: bool) -> bool:
    """Whether there is a record to be carried in this direction: what was deleted before it could be does not
    fail any more."""
    return (
        not left
        and planned.pair.id(direction.source) is not None
        and planned.pair.state(direction.source) is State.LIVE
    )


def _note(failures: dict[str, Any], outcome: Outcome) -> None:
    """Keep one failure per direction: its cause, reason and code, and how often it was tried."""
    direction = outcome.plan.direction.value
    if outcome.status is not Status.FAILED:
        failures.pop(direction, None)
        return
    tries = failures.get(direction, {}).get("tries", 0) + 1
    failures[direction] = {
        "cause": outcome.cause,
        "code": outcome.code,
        "reason": outcome.reason,
        "tries": tries,
    }
