"""Log entries go when their retention is over; runs stay."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select

from bench.entries import SPAN, START, entries
from syncer.journal import log_queries, runs
from syncer.journal.log import ENTRIES, delete_old
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_state import Trigger

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


def test_runs_stay(filled: Engine) -> None:
    run = runs.begin(filled, Trigger.SYNC, 1)
    assert delete_old(filled, 1, now=NOW + SPAN) == 180
    assert runs.find(filled, run.id)


def test_nothing_to_delete_is_no_trouble(engine: Engine) -> None:
    assert delete_old(engine, 180) == 0
