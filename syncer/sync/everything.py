"""A whole run: everything that is due in both systems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from syncer.core.records import Kind, System
from syncer.journal import approvals, runs
from syncer.journal.run_state import WHOLE_RUNS, Trigger
from syncer.journal.runs import Run
from syncer.sync import config_change
from syncer.sync.engine import SyncEngine
from syncer.sync.export_scope import bring_into_scope, read_participants
from syncer.sync.forecasting.budget import asks_first
from syncer.sync.gate import OTHERS_CONTINUE
from syncer.sync.holds import store as holds
from syncer.sync.planning.planner import PlannedPair, Planner
from syncer.sync.pull import findings
from syncer.sync.pull.audit import Audit, read_whole
from syncer.sync.pull.both_systems import read_both
from syncer.sync.pull.findings import Findings
from syncer.sync.pull.pull import Pull
from syncer.sync.pull.segments import look

PASSES = 3


@dataclass
class EverythingDue:
    """See `syncer.sync.engine.Selection`. ``full`` reads everything again; ``check`` looks for what the
    increments missed (rule 23), all of it with ``full``; ``read_first`` is off while a run that goes on does
    the reading."""

    full: bool = False
    check: bool = False
    read_first: bool = True
    whole: bool = True
    guarded: bool = True
    passes: int = PASSES
    retry_of: int | None = None
    remembered: Mapping[str, Any] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def read(self, engine: SyncEngine, run: Run | None) -> None:
        """Steps 1 and 2: both systems are read, merges followed, and every record has found its other half,
        or has none."""
        if not self.read_first:
            return
        config_change.apply_changes(engine.context)
        holds.end_overdue(engine.context.database, engine.context.clock())
        for kind in engine.context.kinds:
            pull = Pull(engine.context, kind, partial(_read_page, engine, run))
            engine.progress.phase(f"Reading {kind}s")
            followed = read_whole(kind, everything=self.full) if self.check else ()
            read_both(
                [
                    pull.pages(system, full=self.full and not self.check, finish=system not in followed)
                    for system in (System.SALESFORCE, System.ELEMENT451)
                ]
            )
            if self.check:
                engine.progress.phase(f"Checking {kind}s")
                Audit(pull, self.findings).run(everything=self.full)
            if engine.context.mapping(kind).segments:
                engine.progress.phase("Looking at the segments of the filter")
                look(pull, again=self.check or self.full)
            engine.progress.phase(f"Matching {kind}s")
            engine.match(kind)
        if self.check:
            findings.save(engine.context.database, self.findings, engine.context.clock())
        if Kind.CONVERSATION in engine.context.kinds:
            read_participants(engine.context)
            bring_into_scope(engine.context)

    def pages(self, planner: Planner, kind: Kind) -> Iterator[list[PlannedPair]]:
        """Step 3: every due pair."""
        return planner.pages(kind)


def _read_page(engine: SyncEngine, run: Run | None, records: int) -> None:
    engine.progress.advance(records)
    if run:
        engine.between_pages(engine, run)


def sync(
    engine: SyncEngine,
    trigger: Trigger = Trigger.SYNC,
    *,
    full: bool = False,
    check: bool = False,
    goes_on: int | None = None,
    slot: int | None = None,
) -> Run:
    """Do a whole run, or go on with the one that waits for approval: ``goes_on`` names it once somebody
    approved it (`approvals.approve`); raises `NotWaiting` where it does not wait. ``slot`` is the tick that
    the run is for."""
    database = engine.context.database
    waiting = runs.waiting(database, WHOLE_RUNS)
    if goes_on is not None and (waiting is None or waiting.id != goes_on):
        raise approvals.NotWaiting(goes_on)
    if waiting and goes_on is None and _waits_beside(waiting):
        waiting = None
    run = waiting or runs.begin(database, trigger, engine.context.config.version)
    run.slot = slot if slot is not None else run.slot
    if asks_first(engine.context, run):
        return run
    return engine.run(EverythingDue(full, check), run)


def audit(engine: SyncEngine, *, everything: bool = False) -> Findings:
    """Look for what the increments missed, now: it becomes due. ``everything``: in all of Element451 too.
    Nothing is written to a system. Raises the connectors' `Fault`s."""
    selection = EverythingDue(full=everything, check=True)
    selection.read(engine, None)
    return selection.findings


def _waits_beside(run: Run) -> bool:
    """Whether everything but what ``run`` asks for goes on meanwhile, as runs of its own."""
    return bool((run.numbers or {}).get(OTHERS_CONTINUE)) and run.approved_at is None
