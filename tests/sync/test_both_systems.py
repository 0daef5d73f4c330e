"""Both systems are read at once, a page at a time, and a fault of one costs what it would have cost if they
were read one after the other (docs/architecture.md, "Incremental reading")."""

from collections.abc import Generator
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from syncer.connectors.errors import Fault, Unreachable
from syncer.core.records import System
from syncer.sync.engine import Cancelled, SyncEngine
from syncer.sync.everything import sync
from syncer.sync.pair_store import PAIRS
from syncer.sync.pull.both_systems import read_both
from syncer.sync.pull.watermarks import MARKS
from tests.support.world import World

Told = list[tuple[str, int]]
FIRST, SECOND = System


def reading(
    name: str, pages: list[int], told: Told, fault: Exception | None = None
) -> Generator[int, None, None]:
    try:
        for page in pages:
            told.append((name, page))
            yield page
        if fault:
            raise fault
    finally:
        told.append((name, -1))


def test_the_next_page_is_of_whoever_brought_the_fewest_records() -> None:
    told: Told = []
    read_both([reading("a", [2, 2, 2], told), reading("b", [1, 1, 1, 1], told)])
    pages = [name for name, records in told if records > 0]
    assert "".join(pages) == "abbabba"


@pytest.mark.parametrize("failing", ["a", "b"])
def test_a_fault_leaves_unread_what_would_have_been_read_after_it(failing: str) -> None:
    told: Told = []
    fault = Unreachable(FIRST, "Gone.")
    readings = [
        reading(name, [1] if name == failing else [1] * 4, told, fault if name == failing else None)
        for name in "ab"
    ]
    with pytest.raises(Unreachable):
        read_both(readings)
    assert told.count(("a", 1)) == (1 if failing == "a" else 4), "what is read first is not cut by the second"
    assert told.count(("b", 1)) <= 1, "what is read second is cut by either"
    assert ("a", -1) in told
    assert ("b", -1) in told


def test_the_first_ones_fault_is_told_where_both_fail() -> None:
    faults: list[Fault] = [Unreachable(FIRST, "First."), Unreachable(SECOND, "Second.")]
    with pytest.raises(Unreachable, match=r"First\."):
        read_both([reading("a", [1, 1], [], faults[0]), reading("b", [1], [], faults[1])])


def test_whoever_stops_the_run_stops_both() -> None:
    told: Told = []
    readings = [reading("a", [1] * 9, told), reading("b", [1], told, KeyError("stop"))]
    with pytest.raises(KeyError):
        read_both(readings)
    assert [name for name, records in told if records > 0] == ["a", "b", "a"]
    assert told[-1] == ("a", -1)


def test_a_run_that_is_cancelled_while_it_reads_goes_on_in_both_systems_where_it_was(engine: Engine) -> None:
    world = World(engine)
    for number in range(30):
        world.pair({"FirstName": f"Ann {number}"}, {"user_first_name": f"Ann {number}"})
    world.salesforce.page_size = world.element451.page_size = 4
    pages = 0

    def stop(_engine: SyncEngine, _run: object) -> None:
        nonlocal pages
        pages += 1
        if pages == 7:
            raise Cancelled("enough")

    cut = world.sync_engine()
    cut.between_pages = stop
    world.later()
    assert sync(cut).state == "cancelled"
    with engine.connect() as connection:
        marks = connection.execute(select(MARKS.c.cursor, MARKS.c.began_at, MARKS.c.since)).all()
    assert [(bool(cursor), isinstance(began, datetime), since) for cursor, began, since in marks] == [
        (True, True, None)
    ] * 2
    assert world.sync().state == "done"
    with engine.connect() as connection:
        pairs = connection.execute(select(PAIRS.c.element_id, PAIRS.c.salesforce_id)).all()
    assert len(pairs) == 30
    assert all(ours and theirs for ours, theirs in pairs)
