"""No query of a run reads every pair, or sorts them for each page, however many there are
(docs/performance.md)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bench.entries import contact
from syncer.sync.everything import sync
from tests.support.world import World

EVERY_ROW = r"SCAN pairs(?! USING)"
SORTED_FIRST = r"\A(?!CO-ROUTINE).*USE TEMP B-TREE FOR ORDER BY"
ALL_OF_A_KIND = (
    r"SEARCH pairs USING INDEX (?!pairs_(left|failing|with_problem) )\S+"
    r" \(kind=\? AND entity=\?( AND (element|salesforce)_id>\?)?\)"
)
EXPENSIVE = re.compile("|".join((EVERY_ROW, SORTED_FIRST, ALL_OF_A_KIND)), re.DOTALL)


@contextmanager
def plans(engine: Engine) -> Iterator[dict[str, list[str]]]:
    """How SQLite answers each question about the pairs that is asked meanwhile."""
    found: dict[str, list[str]] = {}

    def explain(connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        if "pairs" in statement and statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            driver = connection.connection.driver_connection
            found[statement] = [row[-1] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", given)]

    event.listen(engine, "before_cursor_execute", explain)
    yield found
    event.remove(engine, "before_cursor_execute", explain)


def nothing(world: World) -> None:
    world.sync()


def everything_again(world: World) -> None:
    world.sync(full=True)


def a_night(world: World) -> None:
    sync(world.sync_engine(), check=True)


def another_match_field(world: World) -> None:
    world.configure(match_on=("user-last-name",))
    world.sync()


def an_unclear_match(world: World) -> None:
    for _ in range(2):
        world.ours(user_email_address="twin@example.edu")
        world.theirs(Email="twin@example.edu")
    world.sync()


def an_id_that_nobody_knows(world: World) -> None:
    world.ours(user_identities_salesforceid=contact(7))
    world.sync()


def nobody_there(world: World) -> None:
    element_id, _ = world.pair()
    world.sync()
    world.element451.faults.hidden.add(element_id)
    sync(world.sync_engine(), check=True)


@pytest.mark.parametrize(
    "happens",
    [
        nothing,
        everything_again,
        a_night,
        another_match_field,
        an_unclear_match,
        an_id_that_nobody_knows,
        nobody_there,
    ],
)
def test_no_question_about_the_pairs_grows_with_their_number(
    world: World, happens: Callable[[World], object]
) -> None:
    if world.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL decides by how many rows there are")
    world.configure(match_on=("user-email-address",))
    world.conversation(world.pair()[0])
    world.sync()
    with plans(world.engine) as found:
        happens(world)
    assert found
    # A night, or another configuration, may count or change everybody once; no page may cost as much.
    often = {
        statement: "\n".join(steps)
        for statement, steps in found.items()
        if happens is nothing or not re.match(r"SELECT count|UPDATE", statement)
    }
    grows = {statement: steps for statement, steps in often.items() if EXPENSIVE.search(steps)}
    assert grows == {}
