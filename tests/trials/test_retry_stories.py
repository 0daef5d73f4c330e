"""Failures that come right by themselves, as an administrator lives through them: a lock, a rule in
Salesforce, the daily limit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.core.records import System
from syncer.infra.database.tables import PairRow, table
from syncer.journal.runs import Run
from syncer.sync.push.retry_policy import FIRST
from tests.support.databases import Databases
from tests.support.sandbox import RunningSandbox
from tests.trials.school import DONE, SKIPPED, School
from tests.worker.installation import Installation

PAIRS = table(PairRow)
LOCKED = {
    "statusCode": "UNABLE_TO_LOCK_ROW",
    "message": "unable to obtain exclusive access to this record",
    "fields": [],
}
REFUSED = {
    "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "message": "A mobile number begins with +.",
    "fields": ["MobilePhone"],
}


class Story:
    """A school in step, and one of its people, who is edited in Element451."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.sandbox = installation, installation.sandbox
        self.control = Commands(installation.application)
        self.sync()
        row = next(
            row for row in self.sandbox.records("Contact") if row["Element451_ID__c"] and not row["IsDeleted"]
        )
        self.ours, self.theirs = str(row["Element451_ID__c"]), str(row["Id"])

    def sync(self) -> Run:
        """A run now."""
        return self.control.sync()

    def edit(self, phone: str) -> None:
        """Somebody changes the person in Element451."""
        self.sandbox.edit_element451("contact", {self.ours: {"user-phone-cell-number": phone}})

    def refuse(self, error: dict[str, Any], times: int = -1) -> None:
        """Salesforce refuses the person."""
        self.sandbox.fault("record", object="Contact", id=self.theirs, error=error, times=times)

    def a_while_passes(self) -> None:
        """It is later than the failed record is to be tried again."""
        with self.installation.application.database.begin() as connection:
            connection.execute(update(PAIRS).where(PAIRS.c.failing).values(try_after=datetime.now(UTC)))

    def waits_until(self) -> datetime | None:
        """Before when the person is not tried again."""
        row = self._pair()
        return row["try_after"].replace(tzinfo=UTC) if row["try_after"] else None

    def cause(self) -> tuple[str, int]:
        """Why the person's export fails, in a word, and how often it did."""
        (failure,) = self._pair()["failures"].values()
        return str(failure["cause"]), int(failure["tries"])

    def exports(self) -> list[str]:
        """What the log says of the person's exports, oldest first."""
        return [
            row["code"] or row["status"]
            for row in self.installation.entries(salesforce_id=self.theirs, direction="export")
        ]

    def phone(self) -> object:
        """What Salesforce holds."""
        return next(row["MobilePhone"] for row in self.sandbox.records("Contact") if row["Id"] == self.theirs)

    def _pair(self) -> dict[str, Any]:
        asked = select(PAIRS).where(PAIRS.c.kind == "contact", PAIRS.c.salesforce_id == self.theirs)
        with self.installation.application.database.connect() as connection:
            return dict(connection.execute(asked).mappings().one())


@pytest.fixture
def story(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Story]:
    sandbox.reset(contacts=30)
    installation = Installation(sandbox, tmp_path / "data")
    story = Story(installation)
    yield story
    installation.application.close()


def test_a_lock_that_passes_within_the_run_is_no_failure(story: Story) -> None:
    known = story.exports()
    story.edit("+1 555 1")
    story.refuse(LOCKED, times=1)
    story.sync()
    assert story.exports()[len(known) :] == ["updated"]
    assert story.phone() == "+1 555 1"


def test_a_lock_that_lasts_is_tried_in_the_next_run_then_at_growing_distances_and_goes_through_once_it_passes(
    story: Story,
) -> None:
    known = story.exports()
    story.edit("+1 555 2")
    story.refuse(LOCKED)
    story.sync()
    assert (story.cause(), story.waits_until()) == (("passing", 1), None), "the very next run tries again"
    story.sync()
    until = story.waits_until()
    assert until
    assert story.cause() == ("passing", 2)
    assert FIRST - timedelta(minutes=1) < until - datetime.now(UTC) <= FIRST
    story.sync()
    assert story.exports()[len(known) :] == ["UNABLE_TO_LOCK_ROW"] * 2, "it is not tried before its time"
    story.a_while_passes()
    story.sync()
    later = story.waits_until()
    assert later
    assert later - datetime.now(UTC) > FIRST, "the distance grows"
    story.sandbox.clear_faults()
    story.a_while_passes()
    story.sync()
    assert story.exports()[len(known) :] == ["UNABLE_TO_LOCK_ROW"] * 3 + ["updated"]
    assert story.phone() == "+1 555 2"


def test_a_refusal_by_a_rule_waits_and_goes_through_by_itself_a_day_after_the_rule_was_corrected(
    story: Story,
) -> None:
    known = story.exports()
    story.edit("555 3")
    story.refuse(REFUSED)
    story.sync()
    until = story.waits_until()
    assert until
    assert story.cause()[0] == "lasting"
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(days=1)
    (entry,) = story.installation.entries(salesforce_id=story.theirs, status="failed")
    assert "A mobile number begins with +." in entry["reason"]
    story.sandbox.clear_faults()  # the rule is corrected, which changes no record
    story.sync()
    assert story.exports()[len(known) :] == ["FIELD_CUSTOM_VALIDATION_EXCEPTION"], (
        "nothing says yet that it would go through"
    )
    story.a_while_passes()
    story.sync()
    assert story.exports()[len(known) :] == ["FIELD_CUSTOM_VALIDATION_EXCEPTION", "updated"]
    assert story.phone() == "555 3"


@pytest.mark.parametrize("side", ["element451", "salesforce"])
def test_a_refused_record_is_tried_at_once_when_it_changes_on_either_side(story: Story, side: str) -> None:
    known = story.exports()
    story.edit("555 4")
    story.refuse(REFUSED)
    story.sync()
    story.sandbox.clear_faults()
    if side == "element451":
        story.edit("+1 555 4")
    else:
        story.sandbox.edit("Contact", story.theirs, Description="Looked at")
    story.sync()
    assert story.exports()[len(known) :] == ["FIELD_CUSTOM_VALIDATION_EXCEPTION", "updated"]
    assert story.phone() == ("+1 555 4" if side == "element451" else "555 4")


def test_the_daily_limit_pauses_the_connection_says_until_when_and_the_sync_goes_on_afterwards(
    sandbox: RunningSandbox, tmp_path: Path, on_sqlite: Databases
) -> None:
    sandbox.reset(contacts=30)
    with on_sqlite.url() as url:
        school = School(sandbox, tmp_path, url)
        school.connect()
        school.sync()
        row = next(
            row for row in sandbox.records("Contact") if row["Element451_ID__c"] and not row["IsDeleted"]
        )
        sandbox.edit_element451("contact", {row["Element451_ID__c"]: {"user-phone-cell-number": "+1 555 5"}})
        sandbox.options(daily_api_limit=1)
        first = school.run("sync", expect=(1,))
        assert (first["state"], first["code"]) == ("failed", "REQUEST_LIMIT_EXCEEDED")
        until = datetime.fromisoformat(school.run("status")["connections"]["salesforce"]["paused_until"])
        assert until > datetime.now(UTC)
        said = school.run("sync", expect=(SKIPPED,))
        assert f"{until:%Y-%m-%d %H:%M}" in str(said), "it says until when"
        calls = sandbox.counters()["calls"]
        school.run("sync", expect=(SKIPPED,))
        assert sandbox.counters()["calls"] == calls, "nothing is called meanwhile"
        sandbox.options(daily_api_limit=100_000)
        with Application.from_environment(school.environment) as application:
            application.connections.pause(System.SALESFORCE, datetime.now(UTC))
        school.sync()
        (now,) = (found["MobilePhone"] for found in sandbox.records("Contact") if found["Id"] == row["Id"])
        assert now == "+1 555 5"
        assert school.run("status", expect=(DONE,))["failing"]["records"] == 0
