"""The end of a pair's way through a run: what failed and why, and that it is no longer due
(docs/architecture.md, "A run" step 6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from syncer.connectors.errors import Cause
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind, State
from syncer.journal.log import Outcome
from syncer.sync.pair_store import change, conversations_due
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.push.retry_policy import try_after


def finish(connection: Connection, kind: Kind, items: Sequence[PlannedPair], run: int, now: datetime) -> None:
    """Clear due for the revision that was planned from; what failed stays due, but is not tried before its
    time (`retrying`).

    The conversations of a contact that came into Salesforce, or whose export no longer fails, become due
    (rule 13).
    """
    rows: list[dict[str, Any]] = []
    freed: list[str | None] = []
    for item in items:
        row, left = (
            item.row,
            item.row["left_sync"] or any(made.status is Status.DEACTIVATED for made in item.outcomes),
        )
        failures = {
            direction: kept
            for direction, kept in (row["failures"] or {}).items()
            if _may_fail(item, Direction(direction), left)
        }
        for made in item.outcomes:
            _note(failures, made)
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
        if item.again:
            columns |= {"due": True, "tried_in": 0, "try_after": None} | {
                name: row[name] for name in ("element_changed", "salesforce_changed")
            }
        if row["by_values"] and any(made.status.writes for made in item.outcomes):
            columns["by_values"] = False
        rows.append(columns | {"id": row["id"], "revision": row["revision"]})
        inserted = any(made.status is Status.INSERTED for made in item.outcomes)
        if kind is Kind.CONTACT and (
            inserted or (row["failing"] and not failures) or left != row["left_sync"]
        ):
            freed.append(item.pair.element_id)
    change(connection, rows, only_revision=True)
    conversations_due(connection, freed)


def _may_fail(item: PlannedPair, direction: Direction, left: bool) -> bool:
    """Whether there is a record to be carried in this direction: what was deleted before it could be does not
    fail any more."""
    return (
        not left
        and item.pair.id(direction.source) is not None
        and item.pair.state(direction.source) is State.LIVE
    )


def _note(failures: dict[str, Any], made: Outcome) -> None:
    """Keep one failure per direction: its cause, reason and code, and how often it was tried."""
    direction = made.plan.direction.value
    if made.status is not Status.FAILED:
        failures.pop(direction, None)
        return
    tries = failures.get(direction, {}).get("tries", 0) + 1
    failures[direction] = {"cause": made.cause, "code": made.code, "reason": made.reason, "tries": tries}
