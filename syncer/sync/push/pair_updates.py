"""What pairs learn from a run, collected and written at once: new values and IDs, what was rewritten (rule
5), what failed and why, and that they are no longer due."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, bindparam, false, null, update

from syncer.core.error_codes.entry import Cause
from syncer.core.mapping import FieldMapping
from syncer.core.pair import Rewrite
from syncer.core.plan import Direction, Plan, Status
from syncer.core.records import NOT_GONE, Kind, RecordState, System, Value
from syncer.core.trust.culprits import culprits
from syncer.infra.database.prepared import execute_many
from syncer.journal.log import Outcome, resolve
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import (
    PAIRS,
    SIDES,
    PairStore,
    delete_rows,
    make_conversations_due,
    update_rows,
)
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.push.retry_policy import try_after

_DONE: dict[str, Any] = {
    **dict.fromkeys(("due", "element_changed", "salesforce_changed", "missed"), false()),
    **dict.fromkeys(("try_after", "emptied"), null()),
}
"""What a pair is of which there is nothing to tell but that it is done."""
_ENDINGS = (Status.UNCHANGED, Status.IGNORED, Status.UPDATED)
"""After these nothing else becomes due, and nobody leaves."""


class PairUpdates:
    """Collects the column changes that one batch of writes brings; `save` stores them. Each `PlannedPair` is
    updated in memory as well."""

    def __init__(self, pairs: PairStore) -> None:
        self.pairs = pairs
        self._columns: dict[int, dict[str, Any]] = {}
        self._holders: dict[System, dict[str | None, Row]] = {system: {} for system in System}
        self._replaced: dict[int, int] = {}

    def look_up(self, connection: Connection, system: System, ids: Iterable[str]) -> None:
        """Find the rows that already stand for records which may turn out to be a planned pair's other
        half."""
        self._holders[system] |= self.pairs.by_ids(connection, system, ids, outline=True)

    def held_by(self, system: System, identity: str | None) -> str | None:
        """The other system's ID of the pair that stands for this record of ``system`` already; None where
        none was found."""
        holder = self._holders[system].get(identity or "")
        return holder[SIDES[system].other.id] if holder else None

    def record_values(
        self, planned: PlannedPair, system: System, values: dict[str, Value], identity: str | None = None
    ) -> bool:
        """``system`` now holds ``values`` (added to what is known) under ``identity``, if that is new.

        False, and nothing noted, where another pair holds that record already: then the two must not be
        joined.
        """
        side = SIDES[system]
        columns: dict[str, Any] = {}
        if identity and identity != planned.row[side.id]:
            holder = self._holders[system].get(identity)
            if holder and holder[side.other.id]:
                return False
            if holder:
                self._replaced[holder["id"]] = planned.row["id"]
            columns = {side.id: identity, "problem": None}
        known = dict(planned.pair.values(system)) | values
        columns |= {side.values: known, side.state: RecordState.LIVE.value} | self.pairs.derived_columns(
            system, known
        )
        if damaged := planned.row[side.damaged]:
            columns[side.damaged] = [key for key in damaged if key not in values] or None
        both = {system.other: planned.pair.values(system.other), system: known}
        if (search := self.pairs.search(both[System.ELEMENT451], both[System.SALESFORCE])) != planned.row[
            "search"
        ]:
            columns["search"] = search
        self.set_columns(planned, columns)
        if system is System.ELEMENT451:
            planned.pair = replace(
                planned.pair, element451=known, element_id=planned.row["element_id"], problem=None
            )
        else:
            planned.pair = replace(
                planned.pair, salesforce=known, salesforce_id=planned.row["salesforce_id"], problem=None
            )
        return True

    def set_columns(self, planned: PlannedPair, columns: dict[str, Any]) -> None:
        """Set these columns on the pair's row."""
        if columns:
            self._columns.setdefault(planned.row["id"], {}).update(columns)
            planned.row |= cast(Row, columns)

    def save(self, connection: Connection) -> None:
        """Write everything that was learned."""
        holds.follow(connection, self._replaced)
        delete_rows(connection, list(self._replaced))
        update_rows(connection, [columns | {"id": row} for row, columns in self._columns.items()])


def rewrites(planned: PlannedPair, plan: Plan, run: int, previous_run: int) -> dict[str, Any]:
    """The pair's rewrites after ``plan`` was written: a value that had to be written again in successive runs
    is counted."""
    counted = dict(planned.pair.rewrites)
    for change in plan.changes:
        key = change.salesforce if plan.direction.target is System.SALESFORCE else change.element451
        before = counted.get(key)
        again = before is not None and before.value == change.after and before.run == previous_run
        counted[key] = Rewrite(change.after, before.times + 1 if again and before else 1, run)
    return {key: list(value) for key, value in counted.items() if value.run in (run, previous_run)}


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
