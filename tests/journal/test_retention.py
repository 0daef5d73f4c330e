"""Log entries go when their retention is over, and with them the runs, plans and answers of their time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, insert, select, update

from bench.entries import SPAN, START, entries
from syncer.infra.database.compaction import compact
from syncer.infra.database.engine import engine_for
from syncer.infra.database.hold_tables import HoldRow
from syncer.infra.database.lease import RUN, hold
from syncer.infra.database.migrate import migrate
from syncer.infra.database.request_table import RequestRow
from syncer.infra.database.table_row import TableRow
from syncer.infra.database.tables import RunRow, SendingRow, table
from syncer.journal import log_queries, runs
from syncer.journal.dry_run_plans import PLANNED
from syncer.journal.log import ENTRIES, delete_old
from syncer.journal.log_queries import LogFilter
from syncer.journal.retention import delete_old_runs
from syncer.journal.run_state import Trigger
from syncer.journal.runs import RUNS
from tests.support.rows import filled_row

NOW = START + SPAN


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(insert(ENTRIES), list(entries(180)))  # one a day
    return engine


def left(engine: Engine) -> int:
    with engine.connect() as connection:
        found: int = connection.execute(select(func.count()).select_from(ENTRIES)).scalar_one()
        return found


def test_entries_past_their_retention_go_and_younger_ones_stay(filled: Engine) -> None:
    assert delete_old(filled, 90, now=NOW) == 90
    assert min(entry["time"] for entry in log_queries.entries(filled, LogFilter(), 1000)) == NOW - timedelta(
        days=90
    )
    assert delete_old(filled, 90, now=NOW) == 0


@pytest.mark.parametrize("batch", [1, 7, 90, 1000])
def test_the_size_of_a_batch_changes_nothing(filled: Engine, batch: int) -> None:
    assert delete_old(filled, 90, now=NOW, batch=batch) == 90
    assert left(filled) == 90


def test_what_was_deleted_before_it_was_stopped_stays_deleted_and_the_next_time_goes_on(
    filled: Engine,
) -> None:
    class Stopped(Exception):
        pass

    asked = iter([None, None, Stopped()])

    def between() -> None:
        if stop := next(asked, None):
            raise stop

    with pytest.raises(Stopped):
        delete_old(filled, 90, now=NOW, between=between, batch=20)
    assert left(filled) == 140
    assert delete_old(filled, 90, now=NOW) == 50


def begun(engine: Engine, days_ago: int, trigger: Trigger = Trigger.SCHEDULE, state: str = "done") -> int:
    """A run that began so long ago; its number."""
    run = runs.begin(engine, trigger, 1)
    with engine.begin() as connection:
        began = {"started_at": NOW - timedelta(days=days_ago), "state": state}
        connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(began))
    return run.id


def kept(engine: Engine, rows: type[TableRow] = RunRow) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(select(table(rows).c.id).order_by(table(rows).c.id)).scalars())


def test_runs_past_the_retention_go_and_what_tells_how_the_sync_was_doing_stays(engine: Engine) -> None:
    old = [begun(engine, 400 - number) for number in range(4)]
    waiting = begun(engine, 400, Trigger.RETRY, "waiting")
    failed = begun(engine, 300, state="failed")
    new = begun(engine, 89)
    assert delete_old_runs(engine, 90, NOW, batch=2) == 4
    assert kept(engine) == [waiting, failed, new]
    assert delete_old_runs(engine, 90, NOW) == 0
    assert old[0] == 1


@pytest.mark.parametrize("needed_by", ["entry", "note", "hold"])
def test_a_run_that_something_belongs_to_stays(engine: Engine, needed_by: str) -> None:
    old = begun(engine, 400)
    begun(engine, 1)
    of, row = {
        "entry": (ENTRIES, next(entries(1)) | {"run": old}),
        "note": (table(SendingRow), {"run": old, "entry": {}, "outgoing": {}}),
        "hold": (table(HoldRow), {"run": old, "origin": "undo", "placed_by": "it", "placed_at": NOW}),
    }[needed_by]
    with engine.begin() as connection:
        connection.execute(insert(of), [filled_row(of, **row)])
    assert delete_old_runs(engine, 90, NOW) == 0
    with engine.begin() as connection:
        connection.execute(delete(of))
    assert delete_old_runs(engine, 90, NOW) == 1


def test_plans_of_an_old_dry_run_and_old_answers_go(engine: Engine) -> None:
    """They hold what people are called, for as long as the log does."""
    dry = begun(engine, 400, Trigger.DRY_RUN)
    newer = begun(engine, 1, Trigger.DRY_RUN)
    with engine.begin() as connection:
        plan = {"direction": "import", "kind": "contact", "status": "updated", "plan": {}}
        connection.execute(insert(PLANNED), [filled_row(PLANNED, run=run, **plan) for run in (dry, newer)])
        answered = [NOW - timedelta(days=91), NOW - timedelta(days=89), None]
        requests = table(RequestRow)
        asked = [filled_row(requests, verb="test", answered_at=at, asked_at=NOW) for at in answered]
        connection.execute(insert(requests), asked)
    delete_old_runs(engine, 90, NOW)
    with engine.connect() as connection:
        assert connection.execute(select(PLANNED.c.run)).scalars().all() == [newer]
    assert kept(engine, RequestRow) == [2, 3]


def test_room_is_given_back_where_much_is_free_and_nobody_runs(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/school.sqlite3")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(insert(ENTRIES), [each | {"detail": "x" * 5000} for each in entries(180)])
    delete_old(engine, 1, now=NOW + SPAN)
    file = tmp_path / "school.sqlite3"
    with hold(engine, RUN):
        assert not compact(engine, least_free=1), "somebody runs"
    assert not compact(engine), "too little to be worth it"
    before = file.stat().st_size
    assert not compact(engine, least_free=1, most_used=1), "too much to rewrite"
    assert compact(engine, least_free=1)
    assert file.stat().st_size < before / 2
    assert file.with_name("school.sqlite3-wal").stat().st_size == 0
    assert not compact(engine, least_free=1)
    engine.dispose()


def test_nothing_to_delete_is_no_trouble(engine: Engine) -> None:
    assert delete_old(engine, 180) == 0
