"""``logs``."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bench.entries import CODES, SPAN, START, entries
from syncer.application.container import Application
from syncer.journal.log import ENTRIES
from tests.cli.conftest import Command

MIDDLE = START + SPAN / 2


@pytest.fixture
def filled(command: Command) -> Command:
    """An installation with 200 entries of half a year."""
    with Application.from_environment() as application, application.database.begin() as connection:
        connection.execute(insert(ENTRIES), list(entries(200)))
    return command


@pytest.mark.parametrize(
    ("asked", "field", "value"),
    [
        (("--direction", "import"), "direction", "import"),
        (("--direction", "export"), "direction", "export"),
        (("--kind", "conversation"), "kind", "conversation"),
        (("--code", CODES[0]), "code", CODES[0]),
    ],
)
def test_logs_are_filtered_by_what_was_done_and_by_cause(
    filled: Command, asked: tuple[str, ...], field: str, value: str
) -> None:
    every = filled("logs", "--limit", "1000", "--json").json
    found = filled("logs", *asked, "--limit", "1000", "--json").json
    assert found == [entry for entry in every if entry[field] == value]
    assert 0 < len(found) < len(every)


def test_logs_are_filtered_by_time(filled: Command) -> None:
    every = filled("logs", "--limit", "1000", "--json").json
    later = filled("logs", "--since", MIDDLE.isoformat(), "--limit", "1000", "--json").json
    earlier = filled("logs", "--until", MIDDLE.isoformat(), "--limit", "1000", "--json").json
    assert len(later) == len(earlier) == 100
    assert later + earlier == every
    day = filled(
        "logs", "--since", f"{MIDDLE:%Y-%m-%d}", "--until", f"{MIDDLE + timedelta(days=1):%Y-%m-%d}", "--json"
    ).json
    assert 0 < len(day) <= 2


def test_filters_can_be_joined(filled: Command) -> None:
    found = filled(
        "logs",
        "--direction",
        "export",
        "--kind",
        "contact",
        "--status",
        "updated",
        "--since",
        MIDDLE.isoformat(),
        "--json",
    ).json
    assert found
    assert {(entry["direction"], entry["kind"], entry["status"]) for entry in found} == {
        ("export", "contact", "updated")
    }


@pytest.mark.parametrize(
    "asked",
    [("--since", "yesterday"), ("--until", "2026-13-01"), ("--direction", "sideways"), ("--kind", "school")],
)
def test_what_cannot_be_meant_is_refused(command: Command, asked: tuple[str, ...]) -> None:
    refused = command("logs", *asked)
    assert refused.status == 2
    assert asked[0] in refused.err
