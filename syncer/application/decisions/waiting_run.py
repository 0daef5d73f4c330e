"""The run that waits for approval: everything that it would do, and approving it, whole or in part (rule
19). For the command line and the dashboard alike."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from syncer.application.container import Application
from syncer.application.engine_factory import NotReady, compiled, in_force
from syncer.core.guard import ChangeCounts, ChangeKind
from syncer.core.plan import Change, Plan
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal import approvals, runs
from syncer.journal.approvals import NotWaiting
from syncer.journal.log import change_json, plan_json
from syncer.journal.run_state import RunState, Trigger
from syncer.sync.holds.partial_approval import CannotLeaveOut, approve_without, what_remains
from syncer.sync.planning.waiting_changes import WaitingChanges, fits

LOOKED_AT = 5_000
"""Records that are looked at for a page at most: what is rare among a million is found a page at a time."""
COLUMNS = (
    "Kind of change",
    "Direction",
    "Kind",
    "Element ID",
    "Salesforce ID",
    "Element451 field",
    "Salesforce field",
    "Before",
    "After",
)
"""Of the rows that `rows` gives."""


def page(
    application: Application,
    run: int,
    *,
    kind: ChangeKind | None = None,
    field: str | None = None,
    records: Collection[str] | None = None,
    after: int = 0,
    limit: int = 100,
) -> dict[str, Any]:
    """What the run would do to the next records: ``{"changes": [plan with "number" and "kinds"], "next"}``.
    ``kind``, ``field``: only plans with such a change; ``records``: only those with these IDs, of either
    system. The page behind it begins ``after`` the number ``next``; None where nothing
    follows. It may hold fewer than ``limit``, or none, where such changes are rare. Raises `NotWaiting`,
    `NotReady`, and the `Fault`s of reading catalogues."""
    found: list[dict[str, Any]] = []
    looked_at, last = 0, after
    for looked in _changes(application, run, records=records).pages(after):
        for record in looked:
            fitting = [plan for plan in record.plans if fits(plan, kind, field)]
            if fitting and len(found) >= limit:
                return {"changes": found, "next": last}
            told = {"number": record.number}
            found += [plan_json(plan) | told | {"kinds": _kinds(plan)} for plan in fitting]
            last = record.number
        looked_at += len(looked)
        if looked_at >= LOOKED_AT:
            return {"changes": found, "next": last}
    return {"changes": found, "next": None}


def remaining(
    application: Application, run: int, counting: int | None, without: LeaveOut
) -> dict[ChangeKind, int]:
    """How many records of each kind an approval ``without`` some of it would cover (see `approve`); kinds
    without any are left out. Reads everything that waits. Raises as `page` does."""
    counts = what_remains(_changes(application, run, counting), without)
    return {kind: counts.kinds[kind] for kind in ChangeKind if counts.kinds[kind]}


def rows(
    application: Application,
    run: int,
    *,
    kind: ChangeKind | None = None,
    field: str | None = None,
    records: Collection[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The same as rows of a table, a line for each field (`COLUMNS`), however many there are. Raises as
    `page` does."""
    return map(_row, _changes(application, run, records=records).lines(kind, field))


def _row(line: tuple[Plan, Change | None]) -> dict[str, Any]:
    plan, change = line
    told = change_json(change) if change else {}
    cells = (
        ", ".join(_kinds(plan)),
        plan.direction.value,
        plan.kind.value,
        plan.element_id,
        plan.salesforce_id,
        *(told.get(key) for key in ("element451", "salesforce", "before", "after")),
    )
    return dict(zip(COLUMNS, cells, strict=True))


def approve(
    application: Application, run: int, counting: int | None = None, without: LeaveOut | None = None
) -> int:
    """Note that the waiting run is approved as it was shown in this ``counting`` (by default as it waits
    now), ``without`` some of it: this is held; of how many records. Whoever calls asked whether they may, and
    sees to it that the run goes on. Raises `NotWaiting`; in part, also as `page` does."""
    now = datetime.now(UTC)
    if not without:
        approvals.approve(application.database, run, counting, now)
        return 0
    try:
        return approve_without(_changes(application, run, counting), without, application.person.name, now)
    except CannotLeaveOut as cannot:
        raise NotReady(str(cannot)) from None


def _changes(
    application: Application,
    run: int,
    counting: int | None = None,
    records: Collection[str] | None = None,
) -> WaitingChanges:
    found = runs.find(application.database, run)
    if found is None or found.state != RunState.WAITING:
        raise NotWaiting(run)
    if found.trigger == Trigger.UNDO:
        raise NotReady(
            f"Run {run} is an undo, which is approved whole. `undo` with --dry-run shows each of its records;"
            " where you want only some of it, reject it, and undo single fields or entries."
        )
    config = compiled(in_force(application, application.catalogues))
    return WaitingChanges(application.database, config, found, datetime.now(UTC), counting, records)


def _kinds(plan: Plan) -> list[str]:
    return sorted(kind.value for kind in ChangeCounts().add([plan]))
