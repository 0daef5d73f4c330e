"""Runs in the database: how they begin, how far they are, which one waits, and how they ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, true, update

from syncer.connectors.errors import Fault
from syncer.core.plan import Status
from syncer.infra.database.lease import RUN, Lease
from syncer.infra.database.tables import RunRow, table
from syncer.journal.ended_early import PROCESS_ENDED, ended_early
from syncer.journal.log import empty_counts
from syncer.journal.run_state import OPEN_STATES, WHOLE_RUNS, RunState, Trigger

RUNS = table(RunRow)
UNDO, PILES = "undo", "piles"
"""The keys of an undo's numbers: what it undoes, and how many values fell into each pile."""
REJECTED = "REJECTED"
"""The code of a run that somebody rejected."""
_SAVED = (
    "state",
    "version",
    "counts",
    "calls",
    "reason",
    "code",
    "detail",
    "numbers",
    "approved",
    "seconds",
    "slot",
)
"""What `save` writes of a run."""
_NOT_SAVED = (
    "id",
    "trigger",
    "started_at",
    "progress",
    "cancelled_by",
    "ended_at",
    "approved_at",
    "approved_counting",
)
"""What is written when it begins or in passing, or follows from the rest."""


@dataclass
class Run:
    """A run, under way or ended. ``fault`` is what ended it; ``field_refused``: Salesforce did not know a
    field that was written. ``progress``: see `save_progress`; ``cancelled_by``: who wants it to stop.
    ``saved_state``: its state in the database as last seen; ``approved_…``: see `approvals`.
    """

    id: int
    trigger: Trigger
    version: int
    started_at: datetime
    state: RunState = RunState.RUNNING
    counts: dict[str, dict[str, int]] = field(default_factory=empty_counts)
    calls: dict[str, int] = field(default_factory=lambda: {"salesforce": 0, "element451": 0})
    reason: str = ""
    code: str = ""
    detail: str = ""
    numbers: dict[str, Any] | None = None
    approved: bool = False
    seconds: float = 0.0
    fault: Fault | None = None
    field_refused: bool = False
    slot: int | None = None
    progress: dict[str, Any] | None = None
    cancelled_by: str = ""
    ended_at: datetime | None = None
    approved_at: datetime | None = None
    approved_counting: int | None = None
    saved_state: RunState = field(default=RunState.RUNNING, repr=False, compare=False)

    @property
    def undone(self) -> dict[str, Any] | None:
        """What it undoes, if it is an undo that has begun (see `Undoing.to_json`)."""
        return (self.numbers or {}).get(UNDO)

    @property
    def wrote(self) -> bool:
        """Whether it did anything to a record."""
        done = [status for status in Status if status.writes or status is Status.DEACTIVATED]
        return any(counts.get(status) for counts in self.counts.values() for status in done)

    def summary(self) -> dict[str, Any]:
        """The run as the command line prints it (docs/architecture.md, "Surfaces"), with the reason where it
        did not end well."""
        summary = {
            "type": "summary",
            "run": self.id,
            "state": self.state,
            "counts": self.counts,
            "api_calls": self.calls,
            "seconds": round(self.seconds, 2),
            "trigger": self.trigger,
            "version": self.version,
        }
        if self.reason:
            summary |= {"reason": self.reason, "code": self.code, "detail": self.detail}
        if self.numbers and self.state == RunState.WAITING:
            summary["numbers"] = without_examples(self.numbers)
        if self.numbers and (undone := self.undone):
            summary |= {"trigger": Trigger.UNDO, "undo_of": undone.get("run"), "undoes": undone}
            summary |= {PILES: self.numbers[PILES]} if PILES in self.numbers else {}
        return summary


def begin(
    engine: Engine, trigger: Trigger, version: int, *, slot: int | None = None, single: bool = False
) -> Run:
    """A new run. Another one that is still in state running has died: only one runs at a time (rule 18), and
    that is this one.

    A ``single`` one (Test, Retry, or one that is skipped) may begin between two batches of another, and says
    nothing about it.
    """
    now = datetime.now(UTC)
    row = {
        "trigger": trigger,
        "version": version,
        "started_at": now,
        "state": RunState.RUNNING,
        "slot": slot,
        "counts": empty_counts(),
        "calls": {},
        "seconds": 0.0,
        "reason": "",
        "code": "",
        "detail": "",
        "cancelled_by": "",
    }
    with engine.begin() as connection:
        if not single:
            _end_dead_runs(connection, now)
        number = connection.execute(insert(RUNS).values(row).returning(RUNS.c.id)).scalar_one()
    return Run(number, trigger, version, now, slot=slot)


def _end_dead_runs(connection: Connection, now: datetime) -> None:
    ended = {"state": RunState.FAILED, "code": "PROCESS_ENDED", "ended_at": now, "progress": None}
    dead = select(RUNS.c.id, RUNS.c.numbers).where(RUNS.c.state == RunState.RUNNING)
    for row in connection.execute(dead).all():
        reason = ended_early(PROCESS_ENDED, (row.numbers or {}).get(UNDO))
        connection.execute(update(RUNS).where(RUNS.c.id == row.id).values(ended | {"reason": reason}))


def skip(engine: Engine, trigger: Trigger, version: int, slot: int | None, reason: str) -> Run:
    """Record a run that did not take place, so that nobody looks for it."""
    run = begin(engine, trigger, version, slot=slot, single=True)
    run.state, run.reason, run.code = RunState.SKIPPED, reason, "SKIPPED"
    save(engine, run)
    return run


def cancel(engine: Engine, run: int, by: str = "") -> bool:
    """Ask a running run to stop at its next batch; False where it does not run."""
    running = (RUNS.c.id == run, RUNS.c.state == RunState.RUNNING)
    with engine.begin() as connection:
        updated = connection.execute(update(RUNS).where(*running).values(cancelled_by=by or "somebody"))
        return updated.rowcount > 0


def cancelled_by(engine: Engine, run: int) -> str:
    """Who asked this run to stop; empty where nobody did."""
    with engine.connect() as connection:
        name = connection.execute(select(RUNS.c.cancelled_by).where(RUNS.c.id == run)).scalar_one_or_none()
    return str(name or "")


def waiting(engine: Engine, triggers: Iterable[Trigger] = tuple(Trigger)) -> Run | None:
    """The run that waits for approval, if there is one; of those that these triggers start."""
    waits = (RUNS.c.state == RunState.WAITING, RUNS.c.trigger.in_(triggers))
    with engine.connect() as connection:
        row = connection.execute(select(RUNS).where(*waits).order_by(RUNS.c.id)).mappings().first()
    return from_row(row) if row else None


def in_progress(engine: Engine) -> Run | None:
    """The run that a living process is doing now; a whole one rather than a test between two of its batches.
    A run whose process died does not count. The waiting one counts only while its numbers are refreshed."""
    if Lease(engine, RUN).holder() is None:
        return None
    query = select(RUNS).where(RUNS.c.state.in_(OPEN_STATES)).order_by(RUNS.c.id.desc()).limit(20)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    found = [from_row(row) for row in rows if row["state"] == RunState.RUNNING or row["progress"]]
    whole = [run for run in found if run.trigger in (*WHOLE_RUNS, Trigger.DRY_RUN)]
    return next(iter(whole or found), None)


def change_marker(engine: Engine) -> tuple[int, int, float]:
    """What changes with a new run, and when a waiting one was refreshed or answered: the number of the newest
    run, or 0, how many wait, and the seconds that these have worked."""
    waiting_seconds = select(RUNS.c.seconds).where(RUNS.c.state == RunState.WAITING)
    with engine.connect() as connection:
        number: int = connection.execute(select(func.coalesce(func.max(RUNS.c.id), 0))).scalar_one()
        seconds = connection.execute(waiting_seconds).scalars().all()
    return number, len(seconds), sum(seconds)


def find(engine: Engine, run: int) -> Run | None:
    """The run of this number."""
    with engine.connect() as connection:
        row = connection.execute(select(RUNS).where(RUNS.c.id == run)).mappings().first()
    return from_row(row) if row else None


def save(engine: Engine, run: Run) -> bool:
    """Save the state of the run, its counts and how it ended; a decision of a person is never overwritten.

    False where the run was rejected, or asked to stop before it waits, since its state was last seen. Then
    only its counts and calls are saved, and ``run`` gets what was decided.
    """
    columns = {name: getattr(run, name) for name in _SAVED}
    columns["ended_at"] = None if run.state in OPEN_STATES else datetime.now(UTC)
    if run.state != RunState.RUNNING:
        columns["progress"] = None
    if run.state != RunState.WAITING:
        # The examples hold people's data: they are kept for whoever approves the run, and no longer.
        columns["numbers"] = without_examples(run.numbers)
    as_seen = [RUNS.c.id == run.id, RUNS.c.state == run.saved_state]
    if run.state == RunState.WAITING:
        as_seen.append(RUNS.c.cancelled_by == "")
    with engine.begin() as connection:
        if connection.execute(update(RUNS).where(*as_seen).values(columns)).rowcount:
            run.saved_state = run.state
            return True
        _take_decision(connection, run)
    return False


def _take_decision(connection: Connection, run: Run) -> None:
    """Somebody else has changed the state of ``run``, or wants it to stop: that holds."""
    found = connection.execute(select(RUNS).where(RUNS.c.id == run.id).with_for_update()).mappings().one()
    decided = {name: found[name] for name in ("state", "reason", "code", "numbers", "version")}
    if found["state"] == run.saved_state:
        stopped = f"Cancelled by {found['cancelled_by']}. What was written is logged; the rest stays due."
        decided |= {"state": RunState.CANCELLED, "reason": stopped, "code": "CANCELLED"}
        decided["numbers"] = without_examples(run.numbers)
    done = {"counts": run.counts, "calls": run.calls, "seconds": run.seconds, "progress": None}
    ended = {"ended_at": found["ended_at"] or datetime.now(UTC)}
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(decided | done | ended))
    for name, value in decided.items():
        setattr(run, name, value)
    run.state = run.saved_state = RunState(decided["state"])


def save_progress(
    connection: Connection, run: Run, phase: str, done: int, total: int | None, began: datetime | None = None
) -> None:
    """Save how far the run is, for whoever watches it; with ``began``, the beginning of its phase, its speed
    can be told."""
    progress = {"phase": phase, "done": done, "total": total}
    if began:
        progress |= {"seconds": round((datetime.now(UTC) - began).total_seconds(), 1)}
    goes_on = (RUNS.c.id == run.id, RUNS.c.state.in_(OPEN_STATES))
    connection.execute(update(RUNS).where(*goes_on).values(progress=progress, counts=run.counts))


def last_done(engine: Engine, run: Run | None = None) -> int:
    """The number of the last whole run before ``run`` that was done, or 0 (rule 5 counts successive runs)."""
    whole = (
        RUNS.c.id < run.id if run else true(),
        RUNS.c.state == RunState.DONE,
        RUNS.c.trigger.in_(WHOLE_RUNS),
    )
    with engine.connect() as connection:
        return int(
            connection.execute(select(func.coalesce(func.max(RUNS.c.id), 0)).where(*whole)).scalar_one()
        )


def without_examples(numbers: dict[str, Any] | None) -> dict[str, Any] | None:
    """The guard's numbers without the records that they come from, and the time."""
    left_out = ("examples", "counted_at")
    return numbers and {name: value for name, value in numbers.items() if name not in left_out}


def from_row(row: Mapping[Any, Any]) -> Run:
    """The run in a row of the table."""
    columns = {name: row[name] for name in (*_SAVED, *_NOT_SAVED)}
    run = Run(**columns)
    run.trigger, run.state = Trigger(run.trigger), RunState(run.state)
    run.saved_state = run.state
    run.approved = bool(run.approved)
    run.calls = {"salesforce": 0, "element451": 0} | run.calls
    return run
