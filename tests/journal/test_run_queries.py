"""Looking through the runs: what can be asked, in which order it comes, and that no question looks at every
run."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from syncer.journal import run_queries, runs
from syncer.journal.log import empty_counts
from syncer.journal.run_queries import RunFilter
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from tests.support.rows import filled_row


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Forty runs: every fourth tick was skipped, every tenth run is a test."""
    rows = [row(number) for number in range(1, 41)]
    with engine.begin() as connection:
        connection.execute(insert(RUNS), rows)
    return engine


def row(number: int) -> dict[str, Any]:
    trigger, state = "test" if number % 10 == 0 else "schedule", "skipped" if number % 4 == 1 else "done"
    columns = {
        "trigger": trigger,
        "state": state,
        "version": 1,
        "started_at": datetime(2026, 9, 1, 8, tzinfo=UTC),
        "counts": empty_counts(),
    }
    return filled_row(RUNS, **columns)


def numbers(engine: Engine, chosen: RunFilter, limit: int = 100) -> list[int]:
    return [run.id for run in run_queries.page(engine, chosen, limit).runs]


def test_runs_come_newest_first_page_by_page_and_none_twice(filled: Engine) -> None:
    first = run_queries.page(filled, RunFilter(), 25)
    assert [run.id for run in first.runs] == list(range(40, 15, -1))
    runs.begin(filled, Trigger.SYNC, 1)
    rest = run_queries.page(filled, RunFilter(before=first.next), 25)
    assert [run.id for run in rest.runs] == list(range(15, 0, -1)), "what began meanwhile moves nothing"
    assert rest.next is None


def test_a_page_that_is_just_full_has_none_behind_it(filled: Engine) -> None:
    assert run_queries.page(filled, RunFilter(), 40).next is None
    assert run_queries.page(filled, RunFilter(), 39).next == 2


def test_they_can_be_chosen_by_trigger_and_state_and_without_the_skipped_ones(filled: Engine) -> None:
    assert numbers(filled, RunFilter(trigger=Trigger.TEST)) == [40, 30, 20, 10]
    assert numbers(filled, RunFilter(state=RunState.SKIPPED)) == list(range(37, 0, -4))
    assert numbers(filled, RunFilter(state=RunState.SKIPPED, trigger=Trigger.TEST)) == []
    assert len(numbers(filled, RunFilter(skipped=False))) == 30


def test_the_last_whole_runs_that_ended_come_oldest_first(filled: Engine) -> None:
    running = runs.begin(filled, Trigger.SCHEDULE, 1)
    found = [run.id for run in run_queries.recent(filled, 5)]
    assert found == [34, 35, 36, 38, 39], "no test, no skipped one, and not the one under way"
    assert running.id not in found


@pytest.mark.parametrize(
    "chosen",
    [
        RunFilter(),
        RunFilter(before=9),
        RunFilter(state=RunState.WAITING),
        RunFilter(trigger=Trigger.TEST, before=9),
        RunFilter(skipped=False),
    ],
)
def test_no_question_sorts_every_run(filled: Engine, chosen: RunFilter) -> None:
    if filled.dialect.name == "postgresql":
        pytest.skip("it makes its plans by how much there is; the indexes are the same")
    asked = run_queries.statement(chosen, 26).compile(filled, compile_kwargs={"literal_binds": True})
    with filled.connect() as connection:
        plan = [str(step.detail) for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    assert not any("TEMP B-TREE" in step for step in plan), plan
    if chosen.state or chosen.trigger:
        assert any("INDEX runs_by_" in step for step in plan), plan
