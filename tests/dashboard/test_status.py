"""Statuses and states look and read the same everywhere, and their colours are never all that is said."""

import pytest

from dashboard.parts import status
from syncer import grants
from syncer.plan import Status

RUN = ("running", "done", "failed", "waiting", "cancelled", "skipped")
CONNECTION = (grants.CONNECTED, grants.RECONNECT_NEEDED, grants.DISCONNECTED)


@pytest.mark.parametrize("name", [*Status, *RUN, *CONNECTION])
def test_every_status_and_state_has_its_colour_word_and_meaning(name: str) -> None:
    colour, meaning = status.MEANING[name]
    assert status.colour(name) == colour
    assert status.words(name) == f":{colour}-badge[{name}]"
    assert meaning.endswith(".")


def test_a_table_shows_statuses_in_the_same_colours() -> None:
    column = status.column()["type_config"]
    offered = {option["value"]: option["color"] for option in column["options"]}
    assert offered == {name: status.colour(name) for name in status.MEANING}
    assert status.cell("failed") == ["failed"]


def test_the_statuses_of_records_are_all_that_a_filter_offers() -> None:
    assert set(status.RECORD) == set(Status)
