"""The Integration Logs: what can be asked, in which order it comes, and that no question looks at every entry."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, insert, text, update

from bench.entries import CODES, SPAN, START, contact, element, entries
from bench.questions import ask, questions
from syncer import history
from syncer.history import Chosen
from syncer.logbook import ENTRIES
from tests.support.databases import Databases

TOTAL = 6000


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[Engine]:
    with databases.engine() as engine:
        with engine.begin() as connection:
            connection.execute(insert(ENTRIES), list(entries(TOTAL)))
            if engine.dialect.name == "postgresql":  # which does so by itself, within a minute
                connection.execute(text("ANALYZE"))
        yield engine


@pytest.fixture
def few(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(insert(ENTRIES), list(entries(250)))
    return engine


def numbers(engine: Engine, chosen: Chosen, limit: int = 1000) -> list[int]:
    return [entry["entry"] for entry in history.entries(engine, chosen, limit)]


@pytest.mark.parametrize("question", questions(1))
def test_no_question_looks_at_every_entry_on_any_page(filled: Engine, question: str) -> None:
    for timed in ask(filled, question, questions(TOTAL // 60)[question]):
        assert timed.scans == [], timed
        assert any("entries_by_" in line for line in timed.plan), timed


def test_all_pages_together_are_everything_newest_first_and_nothing_twice(few: Engine) -> None:
    seen: list[int] = []
    before: int | None = None
    while True:
        page = history.page(few, Chosen(before=before), 40)
        seen += [entry["entry"] for entry in page.entries]
        before = page.next
        if before is None:
            break
    assert seen == list(range(250, 0, -1))


def test_entries_that_come_in_while_somebody_turns_pages_move_nothing(few: Engine) -> None:
    first = history.page(few, Chosen(status="updated"), 10)
    expected = numbers(few, Chosen(status="updated"))[10:20]
    with few.begin() as connection:
        connection.execute(insert(ENTRIES), [row | {"time": row["time"] + SPAN} for row in entries(50)])
    assert numbers(few, Chosen(status="updated", before=first.next), 10) == expected


def test_an_entry_that_was_logged_late_stands_where_it_was_done(few: Engine) -> None:
    with few.begin() as connection:
        row = next(entries(1)) | {"time": START + SPAN * (100.5 / 250)}
        late = connection.execute(insert(ENTRIES).values(row).returning(ENTRIES.c.id)).scalar_one()
    order = numbers(few, Chosen())
    assert order.index(late) == order.index(102) + 1 == order.index(101) - 1
    assert numbers(few, Chosen(before=late), 1) == [101]


def test_entries_of_the_same_moment_are_all_on_some_page(few: Engine) -> None:
    with few.begin() as connection:
        connection.execute(update(ENTRIES).values(time=START))
    first = history.page(few, Chosen(), 100)
    assert [*[entry["entry"] for entry in first.entries], *numbers(few, Chosen(before=first.next))] == list(range(250, 0, -1))


def test_the_last_page_says_that_nothing_follows(few: Engine) -> None:
    assert history.page(few, Chosen(), 250).next is None
    assert history.page(few, Chosen(), 249).next == 2
    assert history.page(few, Chosen(status="ignored"), 10) == history.Page([], None)


def test_a_page_behind_an_entry_past_its_retention_is_empty(few: Engine) -> None:
    with few.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id <= 20))
    assert numbers(few, Chosen(before=20)) == []


def test_every_filter_holds_and_filters_can_be_joined(few: Engine) -> None:
    every = history.entries(few, Chosen(), 1000)
    middle = START + SPAN / 2
    for chosen, holds in (
        (Chosen(status="failed"), lambda entry: entry["status"] == "failed"),
        (Chosen(run=2), lambda entry: entry["run"] == 2),
        (Chosen(direction="import"), lambda entry: entry["direction"] == "import"),
        (Chosen(code=CODES[0]), lambda entry: entry["code"] == CODES[0]),
        (Chosen(since=middle), lambda entry: entry["time"] >= middle),
        (Chosen(until=middle), lambda entry: entry["time"] < middle),
        (
            Chosen(status="updated", direction="export", run=1),
            lambda entry: (entry["status"], entry["direction"], entry["run"]) == ("updated", "export", 1),
        ),
        (
            Chosen(since=middle, until=middle + timedelta(days=9), status="updated"),
            lambda entry: middle <= entry["time"] < middle + timedelta(days=9) and entry["status"] == "updated",
        ),
    ):
        wanted = [entry for entry in every if holds(entry)]
        assert wanted
        assert history.entries(few, chosen, 1000) == wanted


def test_a_record_is_found_by_any_spelling_of_its_ids(few: Engine) -> None:
    person = next(person for person in range(25) if numbers(few, Chosen(record=element(person))))
    wanted = numbers(few, Chosen(record=element(person)))
    for spelling in (element(person).upper(), f" {element(person)} ", contact(person), contact(person)[:15]):
        assert numbers(few, Chosen(record=spelling)) == wanted
    assert numbers(few, Chosen(record="Ann Smith")) == []
