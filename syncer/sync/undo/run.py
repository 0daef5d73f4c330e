"""Runs that undo something: they begin, go on after an approval, or show what they would do (rule 21)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Engine

from syncer.core.plan import Plan, Rules
from syncer.core.records import Kind
from syncer.journal import approvals, runs
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import UNDO, Run
from syncer.journal.undoable import Undoing
from syncer.sync.engine import SyncEngine
from syncer.sync.holds import store as holds
from syncer.sync.undo.selection import BY, Undo


class AnotherWaits(Exception):
    """Another undo waits for approval; ``str()`` says which."""

    def __init__(self, run: int) -> None:
        super().__init__(
            f"Run {run}, another undo, waits for approval. Approve or reject it first; then undo this."
        )


RulesInForce = Mapping[Kind, Rules]
"""The rules in force, by which owners would overwrite restored values again."""


def undo(
    engine: SyncEngine, undoing: Undoing, in_force: RulesInForce, by: str, *, confirmed: bool = False
) -> Run:
    """Undo something, as a run of its own. It waits until somebody has looked at it, unless whoever asks
    ``confirmed`` it on its full preview. Where this very undo waits already, it goes on, unless somebody
    rejects it just now. Raises `AnotherWaits`."""
    database = engine.context.database
    waiting = runs.waiting(database, [Trigger.UNDO])
    if waiting and (waiting.numbers or {}).get(UNDO) != undoing.to_json():
        raise AnotherWaits(waiting.id)
    run = waiting or runs.begin(database, Trigger.UNDO, engine.context.config.version, single=True)
    selection = Undo(engine.context, undoing, in_force, by, guarded=not confirmed)
    if confirmed or not waiting:
        # Recorded before it starts, so that it survives a crash; once it is running, it cannot be rejected.
        run.state, run.reason, run.code = RunState.RUNNING, "", ""
        run.numbers = {UNDO: undoing.to_json(), BY: by}
        if not runs.save(database, run):
            return run
    return _run(engine, selection, run)


def waiting_for(database: Engine, number: int) -> Undoing:
    """What the undo of this number, which waits, undoes. Raises `NotWaiting` where it does not wait."""
    return Undoing.from_json((_waiting(database, number).numbers or {})[UNDO])


def go_on(engine: SyncEngine, number: int, in_force: RulesInForce) -> Run:
    """Go on with the undo that waits, once somebody approved it. Raises `NotWaiting` where it does not
    wait."""
    waiting = _waiting(engine.context.database, number)
    told = waiting.numbers or {}
    selection = Undo(engine.context, Undoing.from_json(told[UNDO]), in_force, told[BY])
    return _run(engine, selection, waiting)


def preview(
    engine: SyncEngine, undoing: Undoing, in_force: RulesInForce, on_plan: Callable[[Run, Plan], None]
) -> Run:
    """What an undo would do, as a dry run: each of its plans is handed to ``on_plan``. Both systems are read,
    and neither is written."""
    selection = Undo(engine.context, undoing, in_force)
    run = engine.dry_run(selection, on_plan)
    run.numbers = {**(run.numbers or {}), **selection.remembered}
    return run


def _waiting(database: Engine, number: int) -> Run:
    waiting = runs.waiting(database, [Trigger.UNDO])
    if waiting is None or waiting.id != number:
        raise approvals.NotWaiting(number)
    return waiting


def _run(engine: SyncEngine, selection: Undo, run: Run) -> Run:
    done = replace(engine, before_write=selection.before_write).run(selection, run)
    if done.state == RunState.DONE:
        _end_holds(engine, selection)
    return done


def _end_holds(engine: SyncEngine, selection: Undo) -> None:
    """End what undos held that are now undone as a whole, what they left included."""
    database, now = engine.context.database, engine.context.clock()
    for run in selection.undoing.whole_undos(database):
        with database.begin() as connection:
            holds.release_run(connection, run, selection.by, now)
