"""How a run leaves its pairs: what failed and why, when that is tried again, and that the rest is not due."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, false, null, update

from syncer.core.error_codes.entry import Cause
from syncer.core.mapping import FieldMapping
from syncer.core.plan import Direction, Status
from syncer.core.records import NOT_GONE, Kind
from syncer.core.trust.culprits import culprits
from syncer.infra.database.prepared import execute_many
from syncer.journal.log import Outcome, resolve
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, make_conversations_due, update_rows
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.push.retry_policy import try_after

_DONE: dict[str, Any] = {
    **dict.fromkeys(("due", "element_changed", "salesforce_changed", "missed"), false()),
    **dict.fromkeys(("try_after", "emptied"), null()),
}
"""What a pair is of which there is nothing to tell but that it is done."""
_ENDINGS = (Status.UNCHANGED, Status.IGNORED, Status.UPDATED)
"""After these nothing else becomes due, and nobody leaves."""


def settle_pairs(
    connection: Connection, mapping: FieldMapping, pairs: Sequence[PlannedPair], run: int, now: datetime
) -> None:
    """Store how these pairs ended. ``due`` is cleared where the revision has not moved since planning; what
    failed stays due, but is not tried before its time (`retry_policy`).

    The conversations of a contact that came into Salesforce, or whose export no longer fails, become due
    (rule 13).
    """
    kind, rows = mapping.kind, list[dict[str, Any]]()
    freed: list[str | None] = []
    resolved: list[tuple[str, str, str]] = []
    settled: dict[bool, list[Row]] = {True: [], False: []}
    for planned in pairs:
        if _ends_plainly(planned):
            checked = all(done.status is Status.UNCHANGED for done in planned.outcomes)
            settled[checked and bool(planned.outcomes)].append(planned.row)
            continue
        row = planned.row
        deactivated = any(outcome.status is Status.DEACTIVATED for outcome in planned.outcomes)
        left = row["left_sync"] or deactivated
        failures = {
            direction: failure
            for direction, failure in (row["failures"] or {}).items()
            if _has_source_record(planned, Direction(direction), left)
        }
        for outcome in planned.outcomes:
            _note(failures, outcome, mapping)
        resolved += _resolved(row, failures)
        columns: dict[str, Any] = {
            "failures": failures or None,
            "failing": bool(failures),
            "left_sync": left,
            "tried_in": run,
        }
        columns |= {"due": bool(failures), "element_changed": False, "salesforce_changed": False}
        columns["missed"] = row["missed"] and columns["due"]
        if planned.outcomes and all(done.status is Status.UNCHANGED for done in planned.outcomes):
            columns |= {"checked_in": run, "checked_at": now}
        columns["try_after"] = try_after(
            ((Cause(failure["cause"]), failure["tries"]) for failure in failures.values()), now
        )
        columns["failing_since"] = (row["failing_since"] or now) if failures else None
        if planned.replan_next_run:
            columns["due"] = True
        if planned.replan_now or planned.awaits_approval:
            columns |= {"due": True, "tried_in": 0, "try_after": None} | {
                name: row[name] for name in ("element_changed", "salesforce_changed")
            }
        columns["emptied"] = row["emptied"] if columns["due"] else None
        if row["by_values"] and any(outcome.written for outcome in planned.outcomes):
            columns["by_values"] = False
        rows.append(columns | {"id": row["id"], "revision": row["revision"]})
        inserted = any(outcome.status is Status.INSERTED for outcome in planned.outcomes)
        if kind is Kind.CONTACT and (
            inserted or (row["failing"] and not failures) or left != row["left_sync"]
        ):
            freed.append(planned.pair.element_id)
    for checked, plain in settled.items():
        _settle_plainly(connection, plain, run, now if checked else None)
    update_rows(connection, rows, only_revision=True)
    make_conversations_due(connection, freed)
    resolve(connection, run, kind, resolved)


def _ends_plainly(planned: PlannedPair) -> bool:
    """Whether there is nothing to tell of a pair but that it is done: as of nearly all."""
    row = planned.row
    return not (
        row["failing"]
        or row["failures"]
        or row["failing_since"]
        or row["left_sync"]
        or row["by_values"]
        or planned.replan_now
        or planned.replan_next_run
        or planned.awaits_approval
        or any(outcome.status not in _ENDINGS for outcome in planned.outcomes)
    )


def _settle_plainly(
    connection: Connection, rows: Sequence[Row], run: int, checked_at: datetime | None
) -> None:
    here = PAIRS.c.id == bindparam("row"), PAIRS.c.revision == bindparam("planned")
    checked = {"checked_in": bindparam("run"), "checked_at": bindparam("now", type_=PAIRS.c.checked_at.type)}
    values = _DONE | {"tried_in": bindparam("run")} | (checked if checked_at else {})
    more = {"run": run} | ({"now": checked_at} if checked_at else {})
    execute_many(
        connection,
        update(PAIRS).where(*here).values(values),
        [{"row": row["id"], "planned": row["revision"]} | more for row in rows],
    )


def _resolved(row: Row, failures: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """In which directions the record fails no more: as `resolve` takes them."""
    for direction in (row["failures"] or {}).keys() - failures.keys():
        column = "element_id" if row["element_id"] else "salesforce_id"
        yield direction, column, str(row["element_id"] or row["salesforce_id"])


def _has_source_record(planned: PlannedPair, direction: Direction, left: bool) -> bool:
    """Whether there is still a record to carry in this direction; without one, an earlier failure is
    dropped."""
    return (
        not left
        and planned.pair.id(direction.source) is not None
        and planned.pair.state(direction.source) in NOT_GONE
    )


def _note(failures: dict[str, Any], outcome: Outcome, mapping: FieldMapping) -> None:
    """Keep one failure per direction: its cause, reason and code, the values that it is due to, and how often
    it was tried."""
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
        "values": culprits(outcome.plan, outcome.fields, mapping),
    }
