"""``hold``, ``holds`` and ``release``."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from syncer.application.container import Application
from syncer.infra.database.tables import PairRow, table
from syncer.journal import audit
from syncer.sync.holds.people import end_of_day
from tests.cli.conftest import Command
from tests.support.documents import NAMES, document

OURS, THEIRS, HALF = "5f0" * 8, "003D000000PtvxFIAR", "a1b2" * 6
PAIRS = table(PairRow)


@pytest.fixture
def school(command: Command) -> Command:
    """Two known contacts, one of them in Element451 only."""
    with Application.from_environment() as application:
        application.configuration.store(document(NAMES))
        rows: list[dict[str, Any]] = [
            {"kind": "contact", "entity": "Contact", "element_id": OURS, "salesforce_id": THEIRS},
            {"kind": "contact", "entity": "Contact", "element_id": HALF, "salesforce_id": None},
        ]
        with application.database.begin() as connection:
            connection.execute(insert(PAIRS), rows)
    return command


def due() -> int:
    with Application.from_environment() as application, application.database.connect() as connection:
        return len(connection.execute(select(PAIRS.c.id).where(PAIRS.c.due)).all())


def test_a_hold_lasts_ninety_days_unless_somebody_says_otherwise(school: Command) -> None:
    answer = school("hold", THEIRS[:15], "--reason", "asked for it", "--json")
    held = answer.json
    assert answer.status == 0
    assert {name: held[name] for name in ("element_id", "salesforce_id", "field", "reason")} == {
        "element_id": OURS,
        "salesforce_id": THEIRS,
        "field": None,
        "reason": "asked for it",
    }
    assert datetime.fromisoformat(held["until"]) == end_of_day(datetime.now(UTC) + timedelta(days=90))
    assert held["by"]
    assert held["at"]
    assert school("holds", "--json").json == [held]
    assert due() == 1


@pytest.mark.parametrize("field", ["user-first-name", "FirstName"])
def test_a_field_is_held_by_either_of_its_names_until_the_end_of_the_day_given(
    school: Command, field: str
) -> None:
    day = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
    held = school("hold", HALF, "--field", field, "--reason", "x", "--until", day, "--json").json
    assert (held["element_id"], held["field"], held["until"]) == (
        HALF,
        "user-first-name",
        f"{day}T23:59:59+00:00",
    )
    assert day in school("holds").out


@pytest.mark.parametrize(
    "wrong",
    [
        (OURS,),
        (OURS, "--reason", " "),
        (OURS, "--reason", "x", "--until", "2020-01-01"),
        (OURS, "--reason", "x", "--until", "soon"),
        (OURS, "--reason", "x", "--field", "no-such-field"),
        (OURS, "--reason", "x", "--field", "user-elementid"),
        ("nobody", "--reason", "x"),
        ("0" * 24, "--reason", "x"),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(school: Command, wrong: tuple[str, ...]) -> None:
    answer = school("hold", *wrong, "--json")
    assert answer.status == 2
    assert answer.json["error"]
    assert school("holds", "--json").json == []


def test_what_is_released_is_due_and_audited_and_cannot_be_released_twice(school: Command) -> None:
    number = school("hold", OURS, "--reason", "x", "--json").json["hold"]
    with Application.from_environment() as application, application.database.begin() as connection:
        connection.execute(PAIRS.update().values(due=False))
    done = school("release", str(number), "--json")
    assert (done.status, done.json["released"], done.json["records"]) == (0, True, 1)
    assert due() == 1
    assert school("holds").out == "Nothing is held.\n"
    assert school("release", str(number)).status == 2
    with Application.from_environment() as application:
        acts = [one.act for one in audit.entries(application.database, application.person)]
    assert acts[:3] == ["release a hold", "release a hold", "hold a record"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("sync", "--without-kind", "create"),
        ("sync", "--approve", "1", "--without-kind", "delete"),
        ("waiting", "7"),
        ("waiting", "7", "--csv"),
    ],
)
def test_what_can_be_left_out_is_left_out_of_the_approval_of_a_waiting_run(
    school: Command, wrong: tuple[str, ...]
) -> None:
    assert school(*wrong).status == 2
