"""Runs in the database: begin, progress, the waiting one, and how they ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, true, update

from syncer.connectors.errors import Fault
from syncer.infra.database.lease import RUN, Lease
from syncer.infra.database.tables import RunRow, table
from syncer.journal.log import no_counts
from syncer.journal.run_state import OPEN_STATES, WHOLE_RUNS, RunState, Trigger

RUNS = table(RunRow)
REJECTED = "REJECTED"
"""The code of a run that somebody rejected."""
ENDED_EARLY = (
    "The process ended before the run did. Nothing is lost: the next run goes on with what is still due."
)


@dataclass
class Run:
    """A run, under way or ended.

    ``fault`` is what ended it; ``field_refused``: Salesforce did not know a field that was written.
    ``progress``: see `note_progress`; ``cancelled_by``: who wants it to stop.
    """

    id: int
    trigger: Trigger
    version: int
    started_at: datetime
    state: RunState = RunState.RUNNING
    counts: dict[str, dict[str, int]] = field(default_factory=no_counts)
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

    def summary(self) -> dict[str, Any]:
        """The run as the command line prints it (docs/architecture.md, "Surfaces"), with the reason where it
        did not end well."""
        summary = {
            "type": "summary",
            "run": self.id,
            "state": self.state,
            "counts": self.counts,
            "api_calls": self.calls,
        }
        summary |= {"seconds": round(self.seconds, 2), "trigger": self.trigger, "version": self.version}
        if self.reason:
            summary |= {"reason": self.reason, "code": self.code, "detail": self.detail}
        if self.numbers and self.state == RunState.WAITING:
            summary["numbers"] = without_examples(self.numbers)
        return summary


def begin(
    engine: Engine, trigger: Trigger, version: int, *, slot: int | None = None, single: bool = False
) -> Run:
    """A new run. One that is still called running has died: only one runs at a time (rule 18), and it is us.
    A ``single`` one (Test, Retry) may be done between two batches of another, and says nothing about it."""
    now = datetime.now(UTC)
    with engine.begin() as connection:
        if not single:
            ended = {
                "state": RunState.FAILED,
                "reason": ENDED_EARLY,
                "code": "PROCESS_ENDED",
                "ended_at": now,
                "progress": None,
            }
            connection.execute(update(RUNS).where(RUNS.c.state == RunState.RUNNING).values(ended))
        row = {
            "trigger": trigger,
            "version": version,
            "started_at": now,
            "counts": no_counts(),
            "calls": {},
            "state": RunState.RUNNING,
            "slot": slot,
        }
        row |= {"seconds": 0.0, "reason": "", "code": "", "detail": "", "cancelled_by": ""}
        made = connection.execute(insert(RUNS).values(row).returning(RUNS.c.id))
        return Run(made.scalar_one(), trigger, version, now, slot=slot)


def slot_taken(engine: Engine, slot: int) -> bool:
    """Whether the tick of this slot has its run already; one that died is no answer."""
    with engine.connect() as connection:
        rows = connection.execute(select(RUNS.c.state, RUNS.c.code).where(RUNS.c.slot == slot)).all()
    return any(state != RunState.RUNNING and code != "PROCESS_ENDED" for state, code in rows)


def skip(engine: Engine, trigger: Trigger, version: int, slot: int | None, reason: str) -> Run:
    """A run that did not take place, kept so that nobody looks for it."""
    run = begin(engine, trigger, version, slot=slot, single=True)
    run.state, run.reason, run.code = RunState.SKIPPED, reason, "SKIPPED"
    save(engine, run)
    return run


def cancel(engine: Engine, run: int, by: str = "") -> bool:
    """Ask a running run to stop at its next batch; False where it does not run."""
    with engine.begin() as connection:
        running = (RUNS.c.id == run, RUNS.c.state == RunState.RUNNING)
        return bool(
            connection.execute(update(RUNS).where(*running).values(cancelled_by=by or "somebody")).rowcount
        )


def cancelled_by(engine: Engine, run: int) -> str:
    """Who asked this run to stop; empty where nobody did."""
    with engine.connect() as connection:
        return str(
            connection.execute(select(RUNS.c.cancelled_by).where(RUNS.c.id == run)).scalar_one_or_none() or ""
        )


def waiting(engine: Engine) -> Run | None:
    """The run that waits for approval, if one does."""
    with engine.connect() as connection:
        row = connection.execute(select(RUNS).where(RUNS.c.state == RunState.WAITING)).mappings().first()
    return from_row(row) if row else None


def under_way(engine: Engine) -> Run | None:
    """The run that a living process is doing now; a whole one rather than a test between two of its batches.
    One whose process died does not count, nor does the waiting one but while its numbers are read anew."""
    if Lease(engine, RUN).holder() is None:
        return None
    with engine.connect() as connection:
        rows = (
            connection.execute(
                select(RUNS).where(RUNS.c.state.in_(OPEN_STATES)).order_by(RUNS.c.id.desc()).limit(20)
            )
            .mappings()
            .all()
        )
    found = [from_row(row) for row in rows if row["state"] == RunState.RUNNING or row["progress"]]
    whole = [run for run in found if run.trigger in (*WHOLE_RUNS, Trigger.DRY_RUN)]
    return next(iter(whole or found), None)


def newest(engine: Engine) -> tuple[int, float]:
    """The number of the newest run, or 0; and for how long the one that waits was at work, which every tick
    that refreshes it adds to."""
    with engine.connect() as connection:
        number: int = connection.execute(select(func.coalesce(func.max(RUNS.c.id), 0))).scalar_one()
        waited = (
            connection.execute(select(RUNS.c.seconds).where(RUNS.c.state == RunState.WAITING))
            .scalars()
            .first()
        )
        return number, waited or 0.0


def find(engine: Engine, run: int) -> Run | None:
    """The run of this number."""
    with engine.connect() as connection:
        row = connection.execute(select(RUNS).where(RUNS.c.id == run)).mappings().first()
    return from_row(row) if row else None


def save(engine: Engine, run: Run) -> None:
    """Write down how the run stands now."""
    columns = {
        name: getattr(run, name)
        for name in (
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
    }
    columns["ended_at"] = None if run.state in OPEN_STATES else datetime.now(UTC)
    if run.state != RunState.RUNNING:
        columns["progress"] = None
    if run.state != RunState.WAITING:
        # The examples hold people's data: they are kept for whoever approves the run, and no longer.
        columns["numbers"] = without_examples(run.numbers)
    with engine.begin() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(columns))


def note_progress(
    connection: Connection, run: Run, phase: str, done: int, total: int | None, began: datetime | None = None
) -> None:
    """Say how far the run is, for those who look; with ``began``, when its phase did, they can tell how quick
    it is."""
    progress = {"phase": phase, "done": done, "total": total}
    if began:
        progress |= {"seconds": round((datetime.now(UTC) - began).total_seconds(), 1)}
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(progress=progress, counts=run.counts))


def previous(engine: Engine, run: Run | None = None) -> int:
    """The number of the last whole run before ``run`` that was done, or 0 (rule 5 counts runs in a row)."""
    whole = (
        RUNS.c.id < run.id if run else true(),
        RUNS.c.state == RunState.DONE,
        RUNS.c.trigger.in_(WHOLE_RUNS),
    )
    with engine.connect() as connection:
        found: int = connection.execute(
            select(func.coalesce(func.max(RUNS.c.id), 0)).where(*whole)
        ).scalar_one()
        return found


def spent(engine: Engine, since: datetime) -> int:
    """Salesforce calls of all runs that began at ``since`` or later."""
    with engine.connect() as connection:
        found = connection.execute(select(RUNS.c.calls).where(RUNS.c.started_at >= since)).scalars()
        return sum((calls or {}).get("salesforce", 0) for calls in found)


def without_examples(numbers: dict[str, Any] | None) -> dict[str, Any] | None:
    """The guard's numbers without the records that they come from, and the time."""
    return (
        {name: value for name, value in numbers.items() if name not in ("examples", "counted_at")}
        if numbers
        else numbers
    )


def from_row(row: Mapping[Any, Any]) -> Run:
    """The run in a row of the table."""
    kept = (
        "id",
        "trigger",
        "version",
        "started_at",
        "state",
        "counts",
        "calls",
        "reason",
        "code",
        "detail",
        "numbers",
        "seconds",
        "slot",
    )
    run = Run(**{name: row[name] for name in (*kept, "progress", "cancelled_by", "ended_at")})
    run.trigger, run.state = Trigger(run.trigger), RunState(run.state)
    run.approved = bool(row["approved"])
    run.calls = {"salesforce": 0, "element451": 0} | run.calls
    return run
