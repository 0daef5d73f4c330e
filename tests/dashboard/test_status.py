"""Statuses and states look and read the same everywhere, and their colours are never all that is said."""

import pytest

from dashboard.shared import badges
from syncer.connections.connection_state import ConnectionState
from syncer.core.plan import Status

RUN = ("running", "done", "failed", "waiting", "cancelled", "rejected", "skipped")
CONNECTION = (ConnectionState.CONNECTED, ConnectionState.RECONNECT_NEEDED, ConnectionState.DISCONNECTED)


@pytest.mark.parametrize("name", [*Status, *RUN, *CONNECTION])
def test_every_status_and_state_has_its_colour_word_and_meaning(name: str) -> None:
    colour, meaning = badges.ALL[name]
    assert badges.colour(name) == colour
    assert badges.inline(name) == f":{colour}-badge[{badges.label(name)}]"
    assert meaning.endswith(".")


def test_a_table_shows_statuses_in_the_same_colours() -> None:
    column = badges.column()["type_config"]
    offered = {option["value"]: option["color"] for option in column["options"]}
    assert offered == {name: badges.colour(name) for name in Status}
    assert badges.cell("failed") == ["failed"]


def test_a_table_says_in_its_head_what_each_status_means() -> None:
    help = badges.column()["help"]
    assert all(f"**{name}**: {badges.RECORD_STATUSES[name][1]}" in help for name in Status)


def test_each_state_of_a_run_has_its_meaning_and_failed_is_not_that_of_a_record() -> None:
    assert set(badges.RUN_STATES) == set(RUN)
    assert badges.RUN_STATES["failed"][1] != badges.RECORD_STATUSES["failed"][1]


def test_a_system_that_was_never_connected_and_one_that_was_disconnected_are_called_the_same() -> None:
    assert badges.label(ConnectionState.DISCONNECTED) == "not connected"


def test_the_statuses_of_records_are_all_that_a_filter_offers() -> None:
    assert set(badges.RECORD_STATUSES) == set(Status)
