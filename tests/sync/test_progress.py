"""How far a run is, for those who look from another process."""

from sqlalchemy import Engine

from syncer.journal import runs
from syncer.journal.run_state import Trigger
from syncer.sync.everything import sync
from syncer.sync.progress import RecordedProgress
from tests.support.world import World


class Heard:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, int | None]] = []
        self.records = 0

    def phase(self, name: str, total: int | None = None) -> None:
        self.phases.append((name, total))

    def advance(self, records: int) -> None:
        self.records += records


def test_phases_are_noted_at_once_and_records_once_a_second(engine: Engine) -> None:
    run, inner, now = runs.begin(engine, Trigger.SYNC, 1), Heard(), [100.0]

    def noted() -> tuple[object, object, object]:
        found = runs.find(engine, run.id)
        assert found
        assert found.progress
        return found.progress["phase"], found.progress["done"], found.progress["total"]

    noting = RecordedProgress(engine, run, inner, lambda: now[0])
    noting.phase("Writing contacts", 3000)
    assert noted() == ("writing contacts", 0, 3000)
    noting.advance(1000)
    assert noted()[1] == 0
    now[0] += 1
    noting.advance(500)
    assert noted()[1] == 1500
    noting.phase("Reading contacts")
    assert noted() == ("reading contacts", 0, None)
    assert (inner.phases, inner.records) == (
        [("Writing contacts", 3000), ("Reading contacts", None)],
        1500,
    )


def test_a_run_tells_its_phases_while_it_goes_on_and_none_when_it_is_over(engine: Engine) -> None:
    world = World(engine)
    world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    phases = []

    def look(sync_engine: object, run: runs.Run) -> None:
        found = runs.find(engine, run.id)
        assert found
        phases.append((found.progress or {}).get("phase"))

    sync_engine = world.sync_engine()
    sync_engine.between_pages = look
    run = sync(sync_engine)
    assert "reading contacts" in phases
    assert "writing contacts" in phases
    over = runs.find(engine, run.id)
    assert over
    assert (over.state, over.progress) == ("done", None)
