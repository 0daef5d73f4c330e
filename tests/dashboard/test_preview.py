"""Preview + Test: people look before anything is written, and do one record for real."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.sync.pair_store import PAIRS
from tests.support.dashboard import Installed, open_view, statuses, texts
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
    page = opened()
    assert page.button(key="preview").label == "Preview a sample of what is due"
    page.button(key="preview").click().run()
    assert page.button(key="preview").disabled
    assert "Both systems are being read" in texts(page)
    connected.work()
    page.run()
    said = statuses(page)
    assert len(said) > 10
    assert said == sorted(said, key=lambda status: status != "failed"), "failures first"
    assert {"updated", "inserted"} <= set(said), "a mixture of what will happen"
    assert {"in Element451", "in Salesforce"} <= {
        found.value.partition("] ")[2] for found in page.markdown if "-badge[" in found.value
    }, "both directions"
    assert connected.sandbox.journal() == []


def test_one_of_the_sample_is_previewed_at_once_with_every_field(connected: Installed) -> None:
    page = ask(opened(), connected)
    of_sample = next(button for button in page.button if button.label == "Preview it now")
    identity = str(of_sample.key).removeprefix("preview ")
    of_sample.click().run()
    assert "Both systems are being read" in texts(page)
    connected.work()
    page.run()
    assert page.text_input(key="who").value == identity
    assert identity in texts(page)
    mapped = connected.application.configuration.current()
    assert mapped
    assert len(table(page)) >= len([row for row in mapped[1]["mappings"]["contact"] if row.get("element451")])
    assert page.button(key="test now")


def test_a_contact_is_found_by_name_and_shown_field_by_field(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451("contact", {one["element_id"]: {"user-first-name": "Somebody-Else"}})
    page = ask(opened(), synced, one["element_id"])
    assert statuses(page) == ["updated"]
    first = table(page)[0]
    assert "Element451 owns it" in first["Field"]
    assert first["Element451"] == r"Somebody\-Else"
    assert first["Salesforce"].endswith(r" → **Somebody\-Else**")
    assert "changed" in first["Result"]
    theirs = [row for row in table(page) if "Salesforce owns it" in row["Field"]]
    assert theirs
    assert not any("changed]" in row["Result"] for row in theirs)


def test_whoever_is_led_to_a_preview_gets_it_at_once(synced: Installed) -> None:
    one = someone(synced)
    page = opened(record=one["element_id"])
    assert "Both systems are being read" in texts(page)
    synced.work()
    assert page.run().table


def test_both_directions_of_a_person_are_in_one_table_and_tested_together(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451("contact", {one["element_id"]: {"user-first-name": "Both"}})
    synced.sandbox.edit_many("Contact", [{"Id": one["salesforce_id"], "Birthdate": None}])
    page = ask(opened(), synced, one["element_id"])
    assert statuses(page) == ["updated", "updated"]
    assert len(page.table) == 1
    emptied, changed = table(page)[:2]
    assert "emptied] in Element451" in emptied["Result"], "blanks first"
    assert "changed] in Salesforce" in changed["Result"]
    fields = [row["Field"] for row in table(page)]
    assert len(fields) == len(set(fields)), "each field once"
    page.button(key="test now").click().run()
    synced.work()
    page.run()
    assert statuses(page) == ["updated", "updated"]
    (ours,) = (
        row
        for row in synced.sandbox.records("contact", "element451")
        if row["user-elementid"] == one["element_id"]
    )
    assert not ours.get("user-dob")
    assert {
        row["FirstName"] for row in synced.sandbox.records("Contact") if row["Id"] == one["salesforce_id"]
    } == {"Both"}
    assert len([link for link in page.get("page_link") if "entry=" in str(link.proto.query_string)]) == 2


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
    assert not page.table


def test_what_was_shown_of_others_goes_when_somebody_else_is_chosen(synced: Installed) -> None:
    one = someone(synced)
    page = ask(opened(), synced, one["element_id"])
    assert page.table
    page.text_input(key="who").set_value(one["salesforce_id"]).run()
    assert page.table, "it is the same contact"
    page.text_input(key="who").set_value("").run()
    assert not page.table


def test_of_somebody_who_is_on_one_side_alone_the_way_that_there_is_is_told(synced: Installed) -> None:
    theirs = synced.sandbox.create("Contact", LastName="Alone")
    page = ask(opened(), synced, theirs)
    assert statuses(page) == ["inserted", "updated"], "created there, and told here by which ID"
    assert "nothing to export" not in texts(page)


def test_testing_a_record_writes_it_and_links_to_its_log_entry(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451("contact", {one["element_id"]: {"user-first-name": "Tested"}})
    page = ask(opened(), synced, one["salesforce_id"])
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
    assert len(page.table) == 1, "the result stands in place of the preview"
    assert any("Tested" in line["Salesforce"] for line in table(page))
    assert any("entry=" in str(link.proto.query_string) for link in page.get("page_link"))


def test_a_viewer_previews_but_cannot_test_not_even_by_the_call_behind_it(
    synced: Installed, people: None
) -> None:
    one = someone(synced)
    page = ask(
        opened(
            by="viewer@school.edu",
        ),
        synced,
        one["element_id"],
    )
    assert page.table
    assert page.button(key="test now").disabled
    client = WorkerClient(synced.application.acting_as(Actor("viewer@school.edu", Role.VIEWER)))
    with pytest.raises(NotPermitted):
        client.export_one(element_id=one["element_id"])


def test_while_a_run_goes_on_a_preview_waits_for_it(busy: Installed) -> None:
    page = opened()
    page.button(key="preview").click().run()
    assert "Both systems are being read" in texts(page)
    busy.end_of_others()
    busy.work()
    page.run()
    assert statuses(page) or "Nothing is due" in texts(page)


def test_when_a_system_does_not_answer_the_page_says_so(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.expire_tokens()
    synced.sandbox.fault("status", status=503, times=50)
    try:
        page = ask(opened(), synced, one["salesforce_id"])
    finally:
        synced.sandbox.clear_faults()
    assert page.error
    assert not page.table


def test_hostile_names_are_shown_letter_by_letter(synced: Installed) -> None:
    one = someone(synced)
    synced.sandbox.edit_element451(
        "contact", {one["element_id"]: {"user-first-name": "**B** <b>x</b> ![i](http://e/i.png)"}}
    )
    page = ask(opened(), synced, one["element_id"])
    shown = table(page)[0]["Element451"] + "".join(link.proto.label for link in page.get("page_link"))
    assert "<b>" not in shown
    assert "![" not in shown
    assert r"\*\*B\*\*" in shown
