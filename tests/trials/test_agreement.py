"""The checks of the trials see what is wrong: each is shown one fault of its kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncer.application.commands import Commands
from tests.support.sandbox import RunningSandbox
from tests.trials import agreement, trace
from tests.trials.trace import Held
from tests.trials.worker_kill import missed_slots
from tests.worker.installation import Installation


class InStep:
    """A school in step; ``before``: what its records held before the first run."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        sandbox.reset(contacts=40, conversations=8)
        self.sandbox, self.before = sandbox, trace.held(sandbox)
        self.installation = Installation(sandbox, folder / "data")
        Commands(self.installation.application).sync()
        halves = agreement.Halves(sandbox)
        self.ours, self.theirs = next(
            (ours, theirs)
            for ours in halves.ours.values()
            if (theirs := halves.of(ours)) and not theirs["Description"]
        )

    def unlogged(self, before: Held, entries: list[dict[str, Any]]) -> list[str]:
        return agreement.unlogged(before, self.sandbox.journal(), entries)


@pytest.fixture
def school(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[InStep]:
    school = InStep(sandbox, tmp_path)
    assert not agreement.disagreements(sandbox)
    assert not agreement.lost_edits(sandbox, sandbox.journal())
    yield school
    school.installation.application.close()


def test_a_value_that_differs_is_seen(school: InStep) -> None:
    school.sandbox.edit("Contact", school.theirs["Id"], MobilePhone="other")
    (line,) = agreement.disagreements(school.sandbox)
    assert "MobilePhone is 'other'" in line


def test_a_second_half_and_a_lonely_record_are_seen(school: InStep) -> None:
    school.sandbox.create("Contact", LastName="Alone", Email="alone@new.example.edu")
    school.sandbox.edit_element451("contact", {school.ours["user-elementid"]: {agreement.SF_ID: ""}})
    found = agreement.disagreements(school.sandbox)
    assert len([line for line in found if line.endswith("has no other half")]) == 3


def test_a_conversation_with_somebody_else_is_seen(school: InStep) -> None:
    row = next(
        row
        for row in school.sandbox.records("E451_Conversation__c")
        if row["Contact__c"] != school.theirs["Id"]
    )
    school.sandbox.edit("E451_Conversation__c", row["Id"], Contact__c=school.theirs["Id"])
    assert any(row["Conversation_ID__c"] in line for line in agreement.disagreements(school.sandbox))


def test_an_edit_that_the_sync_overwrote_at_the_side_that_owns_it_is_seen(school: InStep) -> None:
    school.sandbox.edit("Contact", school.theirs["Id"], Description="Mine")
    journal = school.sandbox.journal()
    school.sandbox.edit("Contact", school.theirs["Id"], Description="Overwritten")
    assert len(agreement.lost_edits(school.sandbox, journal)) == 1


def test_an_overwritten_value_that_no_entry_tells_is_seen(school: InStep) -> None:
    entries = school.installation.entries()
    assert not school.unlogged(school.before, entries)
    assert school.unlogged(school.before, [entry for entry in entries if entry["status"] != "updated"])


def test_a_slot_without_a_run_is_seen() -> None:
    assert missed_slots([{"slot": slot} for slot in (10, 15, 25, 30, None)], 5) == [20]
