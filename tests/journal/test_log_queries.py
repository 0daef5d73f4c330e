"""The Integration Logs: what can be asked, in which order it comes, and that no question looks at every
entry."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, insert, text, update

from bench.entries import CODES, SPAN, START, contact, element, entries
from bench.questions import ask, questions
from syncer.journal import log_queries
from syncer.journal.log import ENTRIES
from syncer.journal.log_queries import LogFilter
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


def numbers(engine: Engine, chosen: LogFilter, limit: int = 1000) -> list[int]:
    return [entry["entry"] for entry in log_queries.entries(engine, chosen, limit)]


@pytest.mark.parametrize("question", questions(1))
def test_no_question_looks_at_every_entry_on_any_page(filled: Engine, question: str) -> None:
    for timed in ask(filled, question, questions(TOTAL // 60)[question]):
        assert timed.scans == [], timed
        assert any("entries_by_" in line for line in timed.plan), timed


def test_all_pages_together_are_everything_newest_first_and_nothing_twice(few: Engine) -> None:
    seen: list[int] = []
    before: int | None = None
    while True:
        page = log_queries.page(few, LogFilter(before=before), 40)
        seen += [entry["entry"] for entry in page.entries]
        before = page.next
        if before is None:
            break
    assert seen == list(range(250, 0, -1))


def test_entries_that_come_in_while_somebody_turns_pages_move_nothing(few: Engine) -> None:
    first = log_queries.page(few, LogFilter(status="updated"), 10)
    expected = numbers(few, LogFilter(status="updated"))[10:20]
    with few.begin() as connection:
        connection.execute(insert(ENTRIES), [row | {"time": row["time"] + SPAN} for row in entries(50)])
    assert numbers(few, LogFilter(status="updated", before=first.next), 10) == expected


def test_an_entry_that_was_logged_late_stands_where_it_was_done(few: Engine) -> None:
    with few.begin() as connection:
        row = next(entries(1)) | {"time": START + SPAN * (100.5 / 250)}
        late = connection.execute(insert(ENTRIES).values(row).returning(ENTRIES.c.id)).scalar_one()
    order = numbers(few, LogFilter())
    assert order.index(late) == order.index(102) + 1 == order.index(101) - 1
    assert numbers(few, LogFilter(before=late), 1) == [101]


def test_entries_of_the_same_moment_are_all_on_some_page(few: Engine) -> None:
    with few.begin() as connection:
        connection.execute(update(ENTRIES).values(time=START))
    first = log_queries.page(few, LogFilter(), 100)
    assert [
        *[entry["entry"] for entry in first.entries],
        *numbers(few, LogFilter(before=first.next)),
    ] == list(range(250, 0, -1))


def test_the_last_page_says_that_nothing_follows(few: Engine) -> None:
    assert log_queries.page(few, LogFilter(), 250).next is None
    assert log_queries.page(few, LogFilter(), 249).next == 2
    assert log_queries.page(few, LogFilter(status="ignored"), 10) == log_queries.LogPage([], None)


def test_a_page_behind_an_entry_past_its_retention_is_empty(few: Engine) -> None:
    with few.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id <= 20))
    assert numbers(few, LogFilter(before=20)) == []


def test_every_filter_holds_and_filters_can_be_joined(few: Engine) -> None:
    every = log_queries.entries(few, LogFilter(), 1000)
    middle = START + SPAN / 2
    for chosen, holds in (
        (LogFilter(status="failed"), lambda entry: entry["status"] == "failed"),
        (LogFilter(run=2), lambda entry: entry["run"] == 2),
        (LogFilter(direction="import"), lambda entry: entry["direction"] == "import"),
        (LogFilter(code=CODES[0]), lambda entry: entry["code"] == CODES[0]),
        (LogFilter(since=middle), lambda entry: entry["time"] >= middle),
        (LogFilter(until=middle), lambda entry: entry["time"] < middle),
        (LogFilter(direction="export"), lambda entry: entry["direction"] == "export"),
        (LogFilter(kind="conversation"), lambda entry: entry["kind"] == "conversation"),
        (
            LogFilter(direction="export", kind="contact"),
            lambda entry: (entry["direction"], entry["kind"]) == ("export", "contact"),
        ),
        (LogFilter(kind="conversation", status="upserted"), lambda entry: entry["status"] == "upserted"),
        (
            LogFilter(records=(element(3), contact(3), contact(4))),
            lambda entry: entry["element_id"] in (element(3), element(4)),
        ),
        (
            LogFilter(status="updated", direction="export", run=1),
            lambda entry: (entry["status"], entry["direction"], entry["run"]) == ("updated", "export", 1),
        ),
        (
            LogFilter(since=middle, until=middle + timedelta(days=9), status="updated"),
            lambda entry: (
                middle <= entry["time"] < middle + timedelta(days=9) and entry["status"] == "updated"
            ),
        ),
    ):
        wanted = [entry for entry in every if holds(entry)]
        assert wanted
        assert log_queries.entries(few, chosen, 1000) == wanted


def test_what_never_happens_is_found_nowhere(few: Engine) -> None:
    assert numbers(few, LogFilter(direction="import", kind="conversation")) == []
    assert numbers(few, LogFilter(records=())) == []


@pytest.mark.parametrize(
    "chosen",
    [
        LogFilter(),
        LogFilter(status="updated"),
        LogFilter(direction="export"),
        LogFilter(records=tuple(map(element, range(25)))),
    ],
)
def test_newer_leads_back_over_the_very_pages_by_which_somebody_came(few: Engine, chosen: LogFilter) -> None:
    way = [log_queries.page(few, chosen, 40)]
    while (before := way[-1].next) is not None:
        way.append(log_queries.page(few, replace(chosen, before=before), 40))
    assert len(way) > 3
    for newer, older in itertools.pairwise(way):
        back = log_queries.page(few, replace(chosen, after=older.newer), 40)
        assert back.entries == newer.entries
        assert back.next == newer.next
    assert way[0].newer is None


def test_the_way_back_ends_on_a_full_first_page(few: Engine) -> None:
    assert log_queries.page(few, LogFilter(after=230), 40) == log_queries.page(few, LogFilter(), 40)


def test_everything_chosen_is_read_in_pieces_up_to_a_bound(few: Engine) -> None:
    pieces = list(log_queries.batches(few, LogFilter(), limit=95, batch_size=40))
    assert [len(piece) for piece in pieces] == [40, 40, 15]
    assert [entry["entry"] for piece in pieces for entry in piece] == list(range(250, 155, -1))
    assert sum(map(len, log_queries.batches(few, LogFilter(), limit=1000, batch_size=100))) == 250


def test_an_entry_is_found_by_its_number(few: Engine) -> None:
    assert log_queries.entry(few, 7) == log_queries.entries(few, LogFilter(before=8), 1)[0]
    assert log_queries.entry(few, 251) is None


def test_the_retries_of_an_entry_are_those_of_its_own_record_and_direction(few: Engine) -> None:
    failed = log_queries.entries(few, LogFilter(status="failed"), 1)[0]
    copied = {name: failed[name] for name in log_queries.SHOWN} | {
        "time": failed["time"] + SPAN,
        "retry_of": failed["entry"],
        "status": "updated",
    }
    other = "import" if failed["direction"] == "export" else "export"
    with few.begin() as connection:
        for row in (
            copied,
            copied | {"direction": other},
            copied | {"element_id": element(999), "salesforce_id": contact(999)},
        ):
            connection.execute(insert(ENTRIES).values(row))
    assert [entry["entry"] for entry in log_queries.retries(few, failed)] == [251]


def test_every_code_that_was_ever_logged_is_told(few: Engine) -> None:
    assert log_queries.codes(few) == sorted(
        {entry["code"] for entry in log_queries.entries(few, LogFilter(), 1000)} - {""}
    )


def test_a_record_is_found_by_any_spelling_of_its_ids(few: Engine) -> None:
    person = next(person for person in range(25) if numbers(few, LogFilter(record=element(person))))
    wanted = numbers(few, LogFilter(record=element(person)))
    for spelling in (element(person).upper(), f" {element(person)} ", contact(person), contact(person)[:15]):
        assert numbers(few, LogFilter(record=spelling)) == wanted
    assert numbers(few, LogFilter(record="Ann Smith")) == []
