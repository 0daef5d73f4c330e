"""Preview + Test: people look before anything is written, and do one record for real."""

import re

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.sync.pair_store import PAIRS
from tests.support.dashboard import Installed, open_view, texts
from worker.client import WorkerClient

VIEW = "views/preview/view.py"


def opened(**more: str) -> AppTest:
    return open_view(VIEW, **more)


def someone(installed: Installed, **found: object) -> dict[str, str]:
    """A contact that stands in both systems."""
    columns = (PAIRS.c.element_id, PAIRS.c.salesforce_id, PAIRS.c.element451)
    both = (
        PAIRS.c.kind == "contact",
        PAIRS.c.element_id.is_not(None),
        PAIRS.c.salesforce_id.is_not(None),
        PAIRS.c.salesforce_state == "live",
    )
    with installed.application.database.connect() as connection:
        for row in connection.execute(
            select(*columns).where(*both, PAIRS.c.failing.is_(False)).order_by(PAIRS.c.id)
        ):
            if row.element451.get("user-last-name"):
                return {
                    "element_id": row.element_id,
                    "salesforce_id": row.salesforce_id,
                    "last": row.element451["user-last-name"],
                }
    raise AssertionError("nobody stands in both systems")


def ask(page: AppTest, installed: Installed, who: str = "") -> AppTest:
    """Name somebody, press Preview, and let the worker answer."""
    if who:
        page.text_input(key="who").set_value(who).run()
    page.button(key="preview").click().run()
    installed.work()
    return page.run()


def table(page: AppTest, at: int = 0) -> list[dict[str, str]]:
    return [dict(row) for row in page.table[at].value.to_dict("records")]


def test_before_anything_is_connected_the_page_says_what_to_do(installation: Installed) -> None:
    page = opened()
    assert "Element451 and Salesforce must be connected first" in texts(page)
    assert not [found for found in page.text_input if found.key == "who"]


def test_a_sample_of_what_is_due_is_shown_without_naming_anybody(connected: Installed) -> None:
    page = opened(direction="export")
    assert page.button(key="preview").label == "Preview a sample of what is due"
    page.button(key="preview").click().run()
    assert page.button(key="preview").disabled
    assert "Both systems are being read" in texts(page)
    connected.work()
    page.run()
    assert len(page.expander) > 10
    known = "failed|deactivated|updated|upserted|inserted"
    statuses = [found[0] for one in page.expander if (found := re.findall(known, one.label))]
    assert statuses == sorted(statuses, key=lambda status: status != "failed"), "failures first"
    assert {"updated", "inserted"} <= set(statuses), "a mixture of what will happen"
    assert connected.sandbox.journal() == []


def test_a_contact_is_found_by_name_and_shown_field_by_field(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451("contact", {one["element_id"]: {"user-first-name": "Somebody-Else"}})
    page = ask(opened(direction="export"), synced, one["element_id"])
    assert "updated" in page.expander[0].label
    first = table(page)[0]
    assert "Element451 owns it" in first["Field"]
    assert first["Element451"] == r"Somebody\-Else"
    assert first["Salesforce"].endswith(r" → **Somebody\-Else**")
    assert "changed" in first["Result"]
    assert any("stays: Salesforce owns it" in row["Result"] for row in table(page))


def test_whoever_is_led_to_a_preview_gets_it_at_once(synced: Installed) -> None:
    one = someone(synced)
    page = opened(direction="export", record=one["element_id"])
    assert "Both systems are being read" in texts(page)
    synced.work()
    assert page.run().expander


def test_several_people_of_a_name_are_there_to_choose_from(synced: Installed) -> None:
    page = opened()
    page.text_input(key="who").set_value("e").run()
    assert page.button(key="preview").disabled
    page.selectbox[0].select_index(0).run()
    assert not page.button(key="preview").disabled
    page.text_input(key="who").set_value("nobody is called this").run()
    assert page.button(key="preview").disabled
    assert "Nobody is known by this name" in texts(page)


def test_an_id_that_is_nobodys_is_told_in_a_sentence(synced: Installed) -> None:
    page = ask(opened(), synced, "003000000000001AAA")
    assert [found.value for found in page.error] == [
        r"Salesforce has no contact with the ID 003000000000001AAA\. Look whether it was deleted or merged\."
    ]
    assert not page.expander


def test_what_was_shown_of_others_goes_when_somebody_else_is_chosen(synced: Installed) -> None:
    one = someone(synced)
    page = ask(opened(direction="export"), synced, one["element_id"])
    assert page.expander
    page.text_input(key="who").set_value(one["salesforce_id"]).run()
    assert page.expander, "it is the same contact"
    page.text_input(key="who").set_value("").run()
    assert not page.expander


def test_somebody_who_is_on_the_other_side_alone_is_told_which_preview_to_look_at(synced: Installed) -> None:
    theirs = synced.sandbox.create("Contact", LastName="Alone")
    page = ask(opened(direction="export"), synced, theirs)
    said = (page.expander[0].label + texts(page)).replace("\\", "")
    assert (
        "This contact is in Salesforce only, so that there is nothing to export. Preview its import" in said
    )


def test_testing_a_record_writes_it_and_links_to_its_log_entry(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451("contact", {one["element_id"]: {"user-first-name": "Tested"}})
    page = ask(opened(direction="export"), synced, one["salesforce_id"])
    assert "1 contact updated in Salesforce" in texts(page)
    written = len(synced.sandbox.journal())
    page.button(key="test now").click().run()
    assert "The record is being done" in texts(page)
    synced.work()
    page.run()
    assert len(synced.sandbox.journal()) > written
    assert [
        row["FirstName"] for row in synced.sandbox.records("Contact") if row["Id"] == one["salesforce_id"]
    ] == ["Tested"]
    assert "What the test did" in texts(page)
    assert not page.expander, "the result stands in place of the preview"
    assert any("Tested" in line["After in Salesforce"] for line in table(page))
    assert any("entry=" in str(link.proto.query_string) for link in page.get("page_link"))


def test_a_viewer_previews_but_cannot_test_not_even_by_the_call_behind_it(
    synced: Installed, people: None
) -> None:
    one = someone(synced)
    page = ask(opened(by="viewer@school.edu", direction="export"), synced, one["element_id"])
    assert page.expander
    assert page.button(key="test now").disabled
    client = WorkerClient(synced.application.acting_as(Actor("viewer@school.edu", Role.VIEWER)))
    with pytest.raises(NotPermitted):
        client.export_one(element_id=one["element_id"])


def test_while_a_run_goes_on_a_preview_waits_for_it(busy: Installed) -> None:
    page = opened(direction="export")
    page.button(key="preview").click().run()
    assert "Both systems are being read" in texts(page)
    busy.end_of_others()
    busy.work()
    page.run()
    assert page.expander or "Nothing is due" in texts(page)


def test_when_a_system_does_not_answer_the_page_says_so(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.expire_tokens()
    synced.sandbox.fault("status", status=503, times=50)
    try:
        page = ask(opened(), synced, one["salesforce_id"])
    finally:
        synced.sandbox.clear_faults()
    assert page.error
    assert not page.expander


def test_hostile_names_are_shown_letter_by_letter(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451(
        "contact", {one["element_id"]: {"user-first-name": "**B** <b>x</b> ![i](http://e/i.png)"}}
    )
    page = ask(opened(direction="export"), synced, one["element_id"])
    shown = page.expander[0].label + table(page)[0]["Element451"]
    assert "<b>" not in shown
    assert "![" not in shown
    assert r"\*\*B\*\*" in shown
