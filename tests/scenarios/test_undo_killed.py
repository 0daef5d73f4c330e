"""Undo where a process died: what it was sending is undone too, and what a dead undo left can be undone by
the same command (rules 17 and 21)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncer.application.commands import Commands
from syncer.core.records import Kind, System
from syncer.journal import approvals, runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import PILES, Run
from syncer.journal.undoable import Undoing
from syncer.sync import on_demand
from syncer.sync.engine import SyncEngine
from syncer.sync.undo import run as undo_runs
from syncer.sync.undo import selection
from tests.scenarios.test_undo import FIELDS, edit, held, in_force, overwritten, piles, undo
from tests.support.memory import EVERYTHING
from tests.support.memory_application import MemoryApplication
from tests.support.variations import each_once
from tests.support.world import OURS, THEIRS, World

CALLS = {THEIRS: "write", OURS: "update"}


class Killed(BaseException):
    """The process dies here."""


def die(world: World, target: System, after: float, run: Callable[[], object]) -> None:
    """The process dies while it writes to the target, once this many writes arrived."""
    adapter = world.salesforce if target is THEIRS else world.element451
    adapter.faults.fail(CALLS[target], after=after, fault=Killed())
    with pytest.raises(Killed):
        run()
    adapter.faults.forgive()


def killed(world: World, target: System) -> tuple[str, str]:
    """A pair whose field run 3 overwrote before its process died."""
    [ids] = overwritten(world, target)
    edit(world, target.other, ids, FIELDS[target], "newer")
    die(world, target, EVERYTHING, world.sync)
    assert held(world, target, ids) == "newer"
    return ids


def logged(world: World, run: int) -> list[tuple[object, object]]:
    """What the entries of a run say that they overwrote, and with what."""
    return [(e["changes"][0]["before"], e["changes"][0]["after"]) for e in world.entries() if e["run"] == run]


def ask(world: World, run: int) -> Run:
    """Ask for an undo that nobody confirmed."""
    return undo_runs.undo(world.sync_engine(), Undoing(run=run), in_force(world), "ann")


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_a_killed_run_wrote_is_logged_whatever_is_done_before_the_next_run(
    world: World, target: System
) -> None:
    killed(world, target)
    assert on_demand.retry_failing(world.sync_engine())[0].state == "done"
    assert ask(world, 2).state in ("waiting", "done")
    world.sync()
    assert logged(world, 3) == [("new", "newer")]


@pytest.mark.parametrize(("target", "confirmed"), each_once([THEIRS, OURS], [True, False]))
def test_undoing_a_killed_run_puts_back_what_it_was_sending(
    world: World, target: System, confirmed: bool
) -> None:
    ids = killed(world, target)
    if confirmed:
        done = undo(world, run=3)
    else:
        waiting = ask(world, 3)
        assert (waiting.state, piles(waiting)) == ("waiting", {"restored": 1})
        approvals.approve(world.engine, waiting.id, now=world.clock.now)
        done = undo_runs.go_on(world.sync_engine(), waiting.id, in_force(world))
    assert (done.state, piles(done)) == ("done", {"restored": 1})
    assert held(world, target, ids) == "new"


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_what_a_killed_run_did_not_send_any_more_is_not_undone_but_done_by_the_next_run(
    world: World, target: System
) -> None:
    [ids] = overwritten(world, target)
    edit(world, target.other, ids, FIELDS[target], "newer")
    die(world, target, 0, world.sync)
    assert piles(undo(world, run=3)) == {}
    world.sync()
    assert held(world, target, ids) == "newer"


@pytest.mark.parametrize("target", [THEIRS, OURS])
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_killed_undo_says_how_it_goes_on_and_does(world: World, target: System, confirmed: bool) -> None:
    pairs = overwritten(world, target, 4)
    if confirmed:
        die(world, target, 2, lambda: undo(world, run=2))
    else:
        waiting = ask(world, 2)
        approvals.approve(world.engine, waiting.id, now=world.clock.now)
        go_on = undo_runs.go_on
        die(world, target, 2, lambda: go_on(world.sync_engine(), waiting.id, in_force(world)))
    world.sync()
    died = runs.find(world.engine, 3)
    assert died
    assert (died.state, died.code) == ("failed", "PROCESS_ENDED")
    assert (died.undone, PILES in (died.numbers or {})) == ({"run": 2}, False)
    assert died.summary()["undoes"] == {"run": 2}
    assert died.reason.endswith("python -m syncer undo --run 2")
    assert sorted(held(world, target, ids) == "new" for ids in pairs) == [False, False, True, True]
    assert piles(undo(world, run=2)) == {"restored": 2, "already": 2}
    assert [held(world, target, ids) for ids in pairs] == [f"old {number}" for number in range(4)]


@pytest.mark.parametrize("target", [THEIRS, OURS])
def test_nobody_rejects_a_confirmed_undo_that_writes(
    world: World, target: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ids] = overwritten(world, target)
    waiting = ask(world, 2)
    rejected: list[object] = []
    adapter = world.salesforce if target is THEIRS else world.element451
    write = getattr(adapter, CALLS[target])

    def reject_meanwhile(*asked: object) -> object:
        rejected.append(approvals.reject(world.engine, waiting.id))
        return write(*asked)

    monkeypatch.setattr(adapter, CALLS[target], reject_meanwhile)
    done = undo(world, run=2)
    assert rejected == [None]
    assert (done.id, done.state, held(world, target, ids)) == (waiting.id, "done", "old 0")


def test_a_confirmed_undo_that_was_rejected_before_it_went_on_writes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ids] = overwritten(world, THEIRS)
    found = ask(world, 2)
    approvals.reject(world.engine, found.id)
    monkeypatch.setattr(runs, "waiting", lambda *asked: found)
    done = undo(world, run=2)
    assert (done.state, done.code) == (RunState.CANCELLED, runs.REJECTED)
    assert held(world, THEIRS, ids) == "new"


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_undo_that_somebody_stops_says_how_it_goes_on(world: World, confirmed: bool) -> None:
    overwritten(world, THEIRS, 2)
    if not confirmed:
        approvals.approve(world.engine, ask(world, 2).id, now=world.clock.now)
    world.salesforce.faults.fail("write", after=1, fault=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        _ = (
            undo(world, run=2, field="FirstName")
            if confirmed
            else undo_runs.go_on(world.sync_engine(), 3, in_force(world))
        )
    stopped = runs.find(world.engine, 3)
    assert stopped is not None
    assert (stopped.state, stopped.code) == ("cancelled", "CANCELLED")
    field = " --field FirstName" if confirmed else ""
    assert stopped.reason.endswith(f"python -m syncer undo --run 2{field}")


def test_an_undo_that_is_cancelled_ends_between_two_pages_and_goes_on_by_the_same_command(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    every = overwritten(world, THEIRS, 3)
    monkeypatch.setattr(selection, "PAGE", dict.fromkeys(Kind, 1))
    host = Commands(MemoryApplication(world, tmp_path))
    pages: list[int] = []

    def between(engine: SyncEngine, run: Run) -> None:
        pages.append(run.id)
        if len(pages) == 2:
            runs.cancel(world.engine, run.id, "ann")
        host._looked = 0.0  # it looks for such a wish once a second
        host._between(engine, run)

    engine = replace(world.sync_engine(), between_pages=between)
    stopped = undo_runs.undo(engine, Undoing(run=2), in_force(world), "ann", confirmed=True)
    assert (stopped.state, stopped.code) == ("cancelled", "CANCELLED")
    assert stopped.reason.startswith("Cancelled by ann.")
    assert stopped.reason.endswith("python -m syncer undo --run 2")
    assert [held(world, THEIRS, ids) for ids in every].count("new") == 1, "the last page was left"
    assert undo(world, run=2).state == "done"
    assert [held(world, THEIRS, ids) for ids in every].count("new") == 0
