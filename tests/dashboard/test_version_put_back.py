"""Undo of a version and what its runs wrote, on the page Versions (rule 21)."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from syncer.journal import log_queries, run_queries, runs
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_queries import RunFilter
from syncer.journal.run_state import Trigger
from tests.support.dashboard import Installed, labels, open_view, texts

VERSIONS = "views/versions/view.py"
BUTTON = "undo version 2"


@pytest.fixture
def hasty(synced: Installed) -> Iterator[tuple[Installed, list[Any]]]:
    """A school whose version 2, in force, has a value map with two values swapped, by which a run wrote; and
    what both systems held before."""
    before = held(synced)
    genders = {
        row["user-elementid"]: {"user-gender": row.get("user-gender")}
        for row in synced.sandbox.records("contact", "element451")
    }
    swap_two_genders(synced)
    assert (synced.sync().id, held(synced) == before) == (2, False)
    yield synced, before
    synced.sandbox.edit_element451("contact", genders)  # the other tests of this file share both systems


def swap_two_genders(installed: Installed) -> None:
    """Save version 2, whose value map has two values swapped."""
    current = installed.application.configuration.current()
    assert current
    document = deepcopy(current[1])
    row = next(each for each in document["mappings"]["contact"] if each["element451"] == "user-gender")
    row["values"] = {"M": "Female", "F": "Male", "X": "Non-binary", "N": "Decline to State"}
    assert installed.application.configuration.store(document) == 2


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


def preview(page: AppTest) -> AppTest:
    """The page once both systems were read for what the undo would do."""
    button(page, BUTTON).click().run()
    for _ in range(100):
        if any(each.key == "confirm undo" for each in page.button):
            return page
        page.run()
    raise AssertionError(texts(page))


def test_a_hasty_version_and_what_it_wrote_are_shown_and_put_back_by_one_confirmation(
    hasty: tuple[Installed, list[Any]],
) -> None:
    installed, before = hasty
    after = held(installed)
    edited = next(one for one, was in zip(after[0], before[0], strict=True) if one != was)[0]
    installed.sandbox.edit_element451("contact", {edited: {"user-gender": "N"}})
    written, after = len(installed.sandbox.journal()), held(installed)
    page = preview(open_view(VERSIONS))
    assert "Settings that come back" in texts(page)
    assert "1 changed since, and left" in texts(page)
    assert len(installed.sandbox.journal()) == written, "a look writes nothing"
    assert installed.application.configuration.current() == (
        2,
        installed.application.configuration.document(2),
    )
    confirm = button(page, "confirm undo")
    [said] = re.findall(r"\d[\d,]*", confirm.label)
    confirm.click().run()
    installed.work()
    current = installed.application.configuration.current()
    assert current == (3, installed.application.configuration.document(1))
    assert held(installed) == after, "the count comes first"
    page.run()
    installed.work()
    wanted = [[(one, "N" if one == edited else was) for one, was in before[0]], before[1]]
    assert held(installed) == wanted
    [done] = run_queries.page(installed.application.database, RunFilter(Trigger.UNDO), 9).runs
    entries = log_queries.entries(
        installed.application.database, LogFilter(run=done.id, status="updated"), 1000
    )
    assert (done.state, int(said.replace(",", ""))) == ("done", len(entries))


def test_what_changed_after_the_look_is_looked_at_once_more(hasty: tuple[Installed, list[Any]]) -> None:
    installed, before = hasty
    after = held(installed)
    page = preview(open_view(VERSIONS))
    edited = next(one for one, was in zip(after[0], before[0], strict=True) if one != was)[0]
    installed.sandbox.edit_element451("contact", {edited: {"user-gender": "N"}})
    after = held(installed)
    button(page, "confirm undo").click().run()
    installed.work()
    page.run()
    installed.work()
    assert runs.waiting(installed.application.database, [Trigger.UNDO])
    assert "Something changed since you looked" in texts(page)
    assert held(installed) == after


def test_an_analyst_brings_settings_back_and_an_administrator_approves_the_values(
    hasty: tuple[Installed, list[Any]], people: None
) -> None:
    installed, _ = hasty
    after = held(installed)
    page = preview(open_view(VERSIONS, by="analyst@school.edu"))
    assert "an administrator approves the values" in texts(page)
    button(page, "confirm undo").click().run()
    installed.work()
    page.run()
    installed.work()
    assert runs.waiting(installed.application.database, [Trigger.UNDO])
    assert held(installed) == after


def test_while_a_run_goes_on_the_look_says_so_and_can_be_repeated(
    hasty: tuple[Installed, list[Any]],
) -> None:
    installed, _ = hasty
    installed.be_busy()
    page = open_view(VERSIONS)
    button(page, BUTTON).click().run()
    for _ in range(100):
        if "Look again" in labels(page):
            break
        page.run()
    assert "Another run is going on" in texts(page)
    installed.end_of_others()
    [again] = [each for each in page.button if each.label == "Look again"]
    again.click().run()
    for _ in range(100):
        if any(each.key == "confirm undo" for each in page.button):
            break
        page.run()
    assert not button(page, "confirm undo").disabled


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
