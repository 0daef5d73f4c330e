"""Versions, as people use it: who changed what when, restoring, and YAML out and in."""

import html
from copy import deepcopy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from syncer.configuration import config_file
from syncer.configuration.document import Document
from syncer.configuration.versions import ConfigStore
from syncer.core.permissions import Actor, Role
from tests.support.dashboard import Installed, labels, open_view, press
from tests.support.dashboard import texts as raw_texts

PAGE = "views/versions/view.py"


def texts(page: AppTest) -> str:
    """What a person reads: without the signs that keep text by itself, and without what marks signs as mere
    text."""
    return as_read(raw_texts(page))


def as_read(markdown: str) -> str:
    return (
        html.unescape(markdown)
        .replace(":small{}", "")
        .replace("\u2068", "")
        .replace("\u2069", "")
        .replace("\\", "")
    )


def in_force(installed: Installed) -> tuple[int, Document]:
    current = installed.application.configuration.current()
    assert current
    return current


def save(installed: Installed, author: str = "ann@school.edu", **preferences: Any) -> int:
    document = deepcopy(in_force(installed)[1])
    document["preferences"] |= preferences
    return ConfigStore(installed.application.database, Actor(author, Role.ADMIN)).store(document)


def mapped(document: Document, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["mappings"]["contact"] if row["element451"] == slug)
    return found


def remap(installed: Installed, slug: str, **changes: Any) -> int:
    document = deepcopy(in_force(installed)[1])
    mapped(document, slug).update(changes)
    return installed.application.configuration.store(document)


def paste(page: AppTest, text: str) -> AppTest:
    page.session_state["versions how"] = "Paste the text"
    page.run()
    page.text_area[0].set_value(text).run()
    assert not page.exception, [found.value for found in page.exception]
    return page


def test_before_the_first_version_the_page_says_where_one_is_made(installation: Installed) -> None:
    page = open_view(PAGE)
    assert "Nothing is saved yet" in texts(page)
    assert not page.get("download_button")


def test_each_version_says_who_changed_what(synced: Installed) -> None:
    save(synced, interval_minutes=30)
    remap(synced, "user-first-name", owner="salesforce")
    said = texts(open_view(PAGE))
    assert "**Version 3** :green-badge[in force]" in said
    assert "saved by ann@school.edu, " in said
    assert "**Sync every**: 15 minutes → **30 minutes**" in said
    assert (
        "**First Name**: owner Element451 → **Salesforce** :small[:gray[user-first-name · FirstName]]" in said
    )
    assert "The first one: 16 mapped fields of contacts, 11 of conversations." in said


def test_a_long_history_is_turned_page_by_page(synced: Installed) -> None:
    for minutes in range(20, 45):
        save(synced, interval_minutes=minutes)
    page = open_view(PAGE)
    assert labels(page).count("Open") == 20
    assert "**Version 26**" in texts(page)
    page = press(page, "Older")
    assert labels(page).count("Open") == 6
    assert "**Version 1**" in texts(page)
    assert next(button for button in page.button if button.label == "Older").disabled
    assert "**Version 26**" in texts(press(page, "Newer"))


def test_an_address_opens_one_version(synced: Installed) -> None:
    save(synced, interval_minutes=30)
    save(synced, batch_size=50)
    page = open_view(PAGE, version="2")
    said = texts(page)
    assert "What changed against version 1" in said
    assert "What has changed since, up to version 3" in said
    assert "**Batch size**: 200 records → **50 records**" in said
    assert "interval_minutes: 30" in said
    page = press(page, "All versions")
    assert "**Version 3**" in texts(page)
    for odd in ("9", "0", "-1", "two", "9" * 30, "²"):
        assert "There is no version" in texts(open_view(PAGE, version=odd))


def test_an_old_version_is_restored_after_a_look_at_what_that_does(synced: Installed) -> None:
    synced.configure(**{"import": {"update_existing": False, "create_new": False}})
    remap(synced, "user-first-name", owner="salesforce")
    save(synced, interval_minutes=30)
    page = press(open_view(PAGE, version="1"), "Restore this version")
    said = texts(page)
    assert "**Sync every**: 30 minutes → **15 minutes**" in said
    assert "owner Salesforce → **Element451**" in said
    assert "known records" in said
    assert "not values of records" in said
    page = press(page, "Restore")
    assert "Version 1 was restored. It is version 5 now." in texts(page)
    store = synced.application.configuration
    assert in_force(synced) == (5, store.document(1))


def test_a_version_that_was_overtaken_meanwhile_is_not_restored_unseen(synced: Installed) -> None:
    save(synced, interval_minutes=30)
    page = press(open_view(PAGE, version="1"), "Restore this version")
    save(synced, interval_minutes=45)
    page = press(page, "Restore")
    assert "Somebody else saved a change meanwhile" in page.error[0].value
    assert in_force(synced)[0] == 3


def test_an_analyst_restores_all_but_the_guard(synced: Installed, people: None) -> None:
    save(synced, guard={"records": 10, "percent": 5, "at_least": 1}, interval_minutes=30)
    page = press(open_view(PAGE, by="analyst@school.edu", version="1"), "Restore this version")
    assert "only administrators change them" in texts(page)
    page = press(page, "Restore")
    assert "is version 3 now" in texts(page)
    preferences = in_force(synced)[1]["preferences"]
    assert (preferences["interval_minutes"], preferences["guard"]["records"]) == (15, 10)


def test_a_viewer_looks_and_exports_and_nothing_else(synced: Installed, people: None) -> None:
    save(synced, interval_minutes=30)
    page = open_view(PAGE, by="viewer@school.edu", version="1")
    (restore,) = [button for button in page.button if button.label == "Restore this version"]
    assert restore.disabled
    page = open_view(PAGE, by="viewer@school.edu")
    assert page.get("download_button")
    assert not page.get("file_uploader")
    assert "Your role may export settings, not import them." in texts(page)


def test_pasted_settings_are_taken_over_as_a_whole(synced: Installed) -> None:
    document = deepcopy(in_force(synced)[1])
    document["preferences"]["interval_minutes"] = 60
    document["mappings"]["contact"].remove(mapped(document, "user-custom-advisor-notes"))
    page = paste(open_view(PAGE), config_file.dump(document))
    said = texts(page)
    assert "**Sync every**: 15 minutes → **60 minutes**" in said
    assert "user-custom-advisor-notes" in said
    assert in_force(synced)[0] == 1, "nothing is taken over by looking"
    page = press(page, "Take it over")
    assert "It is version 2 now" in texts(page)
    assert in_force(synced) == (2, document)


def test_all_problems_of_a_text_are_told_at_once_with_their_place(synced: Installed) -> None:
    page = paste(open_view(PAGE), "colour: blue\npreferences: {batch_size: many}\n")
    said = as_read(page.error[0].value)
    assert "2 things are to be corrected" in said
    assert "is not a whole number. :small[:gray[preferences.batch_size]]" in said
    assert "“colour” is not known here" in said
    assert "Take it over" not in labels(page)


@pytest.mark.parametrize(
    "text", ["# nothing\n", "{}", "a: [", "x" * 500_001], ids=["remark", "nothing", "no YAML", "far too long"]
)
def test_a_text_that_says_nothing_or_too_much_replaces_nothing(synced: Installed, text: str) -> None:
    page = paste(open_view(PAGE), text)
    assert "Nothing was taken over" in page.error[0].value
    assert "Take it over" not in labels(page)


def test_fields_that_do_not_exist_are_told_before_they_are_taken_over(synced: Installed) -> None:
    document = deepcopy(in_force(synced)[1])
    mapped(document, "user-first-name")["salesforce"] = "Frist_Name__c"
    page = paste(open_view(PAGE), config_file.dump(document))
    (told,) = [error.value for error in page.error]
    assert "Nothing runs until this is corrected" in told
    assert "Frist" in told
    assert "Take it over" not in labels(page)


def test_a_version_whose_field_is_gone_since_is_not_restored(synced: Installed) -> None:
    document = deepcopy(in_force(synced)[1])
    gone = {"element451": "user-middle-name", "salesforce": "Gone__c", "owner": "element451"}
    document["mappings"]["contact"].append(gone)
    synced.force(document)
    synced.configure()
    page = press(open_view(PAGE, version="2"), "Restore this version")
    assert "has no field “Gone__c”" in texts(page)
    assert "Restore" not in labels(page)


def test_what_is_in_force_already_changes_nothing(synced: Installed) -> None:
    page = paste(open_view(PAGE), config_file.dump(in_force(synced)[1]))
    assert "Nothing differs from version 1, which is in force." in texts(page)
    assert "Take it over" not in labels(page)


def test_while_a_run_goes_on_the_history_is_there(busy: Installed) -> None:
    assert "**Version 1**" in texts(open_view(PAGE))


def test_an_uploaded_file_is_looked_at_and_taken_over(synced: Installed) -> None:
    document = deepcopy(in_force(synced)[1])
    document["preferences"]["interval_minutes"] = 20
    page = open_view(PAGE)
    page.file_uploader[0].set_value(
        ("latin.yaml", "version: 1 # café".encode("latin-1"), "application/yaml")
    ).run()
    assert "not a text file in UTF-8" in page.error[0].value
    page.file_uploader[0].set_value(
        ("school.yaml", ("\ufeff" + config_file.dump(document)).encode(), "application/yaml")
    ).run()
    assert "15 minutes → **20 minutes**" in texts(page)
    page = press(page, "Take it over")
    assert in_force(synced) == (2, document)
    assert "Take it over" not in labels(page), "the file is put away"


def test_hostile_names_are_shown_as_text(synced: Installed) -> None:
    save(synced, author="<script>alert(1)</script> **bold** [x](http://evil)", interval_minutes=30)
    page = open_view(PAGE)
    assert "saved by <script>alert(1)</script> **bold** [x](http://evil), " in texts(page)
    drawn = "\n".join(str(markdown.value) for markdown in page.markdown)
    assert "<script>" not in drawn
    assert "**bold**" not in drawn
    assert "](http" not in drawn
