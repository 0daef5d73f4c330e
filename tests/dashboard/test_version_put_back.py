"""Undo of a version and what its runs wrote, on the page Versions (rule 21)."""

import re
from copy import deepcopy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from syncer.journal import log_queries, runs
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_state import Trigger
from tests.support.dashboard import Installed, labels, open_view

VERSIONS, RUNS = "views/versions/view.py", "views/runs/view.py"
BUTTON = "undo version 2"


@pytest.fixture
def hasty(synced: Installed) -> tuple[Installed, list[Any]]:
    """A school whose version 2, in force, has a value map with two values swapped, by which a run wrote; and
    what both systems held before."""
    before = held(synced)
    current = synced.application.configuration.current()
    assert current
    document = deepcopy(current[1])
    row = next(each for each in document["mappings"]["contact"] if each["element451"] == "user-gender")
    row["values"] = {"M": "Female", "F": "Male", "X": "Non-binary", "N": "Decline to State"}
    assert synced.application.configuration.store(document) == 2
    assert (synced.sync().id, held(synced) == before) == (2, False)
    return synced, before


def held(installed: Installed) -> list[Any]:
    """What both systems hold in the field."""
    ours = installed.sandbox.records("contact", "element451")
    theirs = installed.sandbox.records("Contact", fields=["Id", "hed__Gender__c"])
    return [
        sorted((row["user-elementid"], str(row.get("user-gender"))) for row in ours),
        sorted((row["Id"], str(row.get("hed__Gender__c"))) for row in theirs),
    ]


def button(page: AppTest, key: str) -> Any:
    return page.button(key=key)


def test_a_hasty_version_and_what_it_wrote_are_put_back_by_two_buttons(
    hasty: tuple[Installed, list[Any]],
) -> None:
    installed, before = hasty
    button(open_view(VERSIONS), BUTTON).click().run()
    installed.work()
    current = installed.application.configuration.current()
    assert current
    assert current[0] == 3
    assert current[1] == installed.application.configuration.document(1)
    assert held(installed) != before, "no value is written before somebody approves it"
    asked = runs.waiting(installed.application.database, [Trigger.UNDO])
    assert asked
    page = open_view(RUNS, run=str(asked.id))
    approve = button(page, "approve")
    [said] = re.findall(r"\d[\d,]*", approve.label)
    approve.click().run()
    installed.work()
    written = log_queries.entries(
        installed.application.database, LogFilter(run=asked.id, status="updated"), 1000
    )
    assert held(installed) == before
    assert int(said.replace(",", "")) == len(written)


def test_what_no_run_worked_by_has_nothing_to_put_back(synced: Installed) -> None:
    current = synced.application.configuration.current()
    assert current
    document = deepcopy(current[1])
    document["preferences"]["interval_minutes"] = 30
    synced.application.configuration.store(document)
    assert not any(label.startswith("Back to") for label in labels(open_view(VERSIONS)))


def test_a_viewer_cannot_press_the_button(hasty: tuple[Installed, list[Any]], people: None) -> None:
    assert button(open_view(VERSIONS, by="viewer@school.edu", version="2"), BUTTON).disabled
    assert not button(open_view(VERSIONS, by="analyst@school.edu", version="2"), BUTTON).disabled
