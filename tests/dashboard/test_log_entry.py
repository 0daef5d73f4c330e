"""Integration Logs: an entry, what went wrong, and doing it again, one record or many."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from dashboard.shared.students import outcome_words
from syncer.application import work_requests
from syncer.application.work_requests import Answer
from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync.failures import Which
from tests.support.dashboard import Installed, labels, open_view, texts
from tests.support.logs import LOGS, MISSING, button, click, entries, failed, links, listed, nameless
from worker.client import WorkerClient

# --- an entry


def test_an_entry_tells_what_went_wrong_and_what_to_do(failing: Installed) -> None:
    one = failed(failing, nameless(failing.sandbox)[0])
    page = open_view(LOGS, entry=str(one["entry"]))
    said = texts(page).replace("\\", "")
    assert "Salesforce requires Last Name, which would be empty." in said
    assert "What to do:" in said
    assert "then choose Retry" in said
    assert f"{MISSING}\n{one['detail']}" in said
    assert one["element_id"] in said
    assert one["salesforce_id"] in said
    assert "Tried once since " in said
    assert "Next try: in the first run after " in said
    assert links(page, "link_button") == ["Open in Salesforce"]
    assert page.get("link_button")[0].proto.url == f"{failing.sandbox.url}/{one['salesforce_id']}"
    assert "Last Name" in str(page.table[0].value)
    assert "empty" in str(page.table[0].value)
    assert "to blame" in page.table[0].value.to_string()
    assert "Last Name: its mapping" in links(page, "page_link")
    assert str(one["reason"])[:50] in listed(page, failing)[0]["label"]


def test_an_entry_that_went_well_says_so_without_advice(failing: Installed) -> None:
    one = entries(failing, status="inserted")[0]
    said = texts(open_view(LOGS, entry=str(one["entry"])))
    assert "inserted" in said
    assert "What to do" not in said


def test_an_entry_that_is_gone_is_said_to_be(failing: Installed) -> None:
    assert "There is no entry 999999 any more" in texts(open_view(LOGS, entry="999999"))


def test_the_way_back_from_an_entry_keeps_filters_and_page(failing: Installed) -> None:
    page = open_view(
        LOGS,
        status="inserted",
        before=str(entries(failing)[30]["entry"]),
        entry=str(entries(failing)[40]["entry"]),
    )
    click(page, "Back to the entries")
    assert page.query_params == {"status": "inserted", "before": str(entries(failing)[30]["entry"])}


def test_a_conversation_leads_to_its_contact(failing: Installed) -> None:
    one = entries(failing, kind="conversation", status="upserted")[0]
    page = click(open_view(LOGS, entry=str(one["entry"])), "Entries of its contact")
    assert {row["kind"] for row in listed(page, failing)} == {"contact"}
    assert "The history of one record." in texts(page)


# --- done again


def test_a_corrected_record_is_done_again_and_its_new_entry_takes_the_page(failing: Installed) -> None:
    one = failed(failing, nameless(failing.sandbox)[1])
    failing.sandbox.edit_element451(
        "contact", {nameless(failing.sandbox)[1]: {"user-last-name": "Corrected"}}
    )
    page = click(open_view(LOGS, entry=str(one["entry"])), "Retry")
    assert button(page, "Retry").disabled
    assert "Being done again" in texts(page)
    failing.work()
    page.run()
    new = entries(failing, record=nameless(failing.sandbox)[1])[0]
    assert (new["status"], new["retry_of"]) == ("updated", one["entry"])
    assert f"Done again in run {new['run']}: 1 updated. It does not fail any more." in texts(page).replace(
        "\\", ""
    )
    assert page.query_params["entry"] == str(new["entry"])
    assert listed(page, failing)[0]["run"] == new["run"]
    click(page, f"Retry of entry {one['entry']}")
    assert page.query_params["entry"] == str(one["entry"])
    assert "does not fail any more" in texts(page)
    assert "What to do:" not in texts(page)
    assert any(f"(entry {new['entry']})" in button.label for button in page.button)


def test_what_fails_again_says_why(failing: Installed) -> None:
    one = failed(failing, nameless(failing.sandbox)[2])
    page = click(open_view(LOGS, entry=str(one["entry"])), "Retry")
    failing.work()
    page.run()
    assert "1 failed again" in texts(page)
    assert "Salesforce requires Last Name" in texts(page)
    assert "Tried 2 times" in texts(page)


def test_those_on_the_page_are_done_again_at_once_each_record_once(failing: Installed) -> None:
    page = click(open_view(LOGS, code=MISSING, run="2"), "Retry the 6 failing here")
    failing.work()
    page.run()
    assert re.search(r"6 tried, [01] fixed", texts(page))  # another test may have corrected one
    assert not page.success
    [again] = [one for one in labels(open_view(LOGS, code=MISSING)) if one.endswith("failing here")]
    assert again in ("Retry the 6 failing here", "Retry the 5 failing here")  # though each is there twice


def test_all_of_one_cause_are_done_again(failing: Installed) -> None:
    last = entries(failing)[0]["entry"]
    page = click(open_view(LOGS, code=MISSING), "Retry all 6 failing for this cause")
    failing.work()
    page.run()
    again = [entry for entry in entries(failing, direction="export", kind="contact") if entry["entry"] > last]
    assert {entry["element_id"] for entry in again} == set(nameless(failing.sandbox))
    assert len({entry["run"] for entry in again}) == 1
    assert "failed again" in texts(page)


def test_while_a_run_goes_on_retry_is_taken_and_waits_its_turn(failing: Installed) -> None:
    failing.be_busy()
    page = click(open_view(LOGS, entry=str(failed(failing, nameless(failing.sandbox)[3])["entry"])), "Retry")
    assert "Being done again" in texts(page)
    with failing.application.database.connect() as connection:
        assert [asked.verb for asked in work_requests.waiting(connection)] == [work_requests.RETRY]


# --- who may not


def test_a_viewer_sees_everything_and_may_retry_nothing(failing: Installed, people: None) -> None:
    one = failed(failing, nameless(failing.sandbox)[0])
    whole = open_view(LOGS, by="viewer@school.edu", code=MISSING)
    opened = open_view(LOGS, by="viewer@school.edu", entry=str(one["entry"]))
    for page, label in (
        (whole, "Retry the 6 failing here"),
        (whole, "Retry all 6 failing for this cause"),
        (opened, "Retry"),
    ):
        assert button(page, label).disabled
        assert "signed in as viewer" in button(page, label).help.replace("\\", "")
    assert "What to do:" in texts(opened)
    client = WorkerClient(failing.application.acting_as(Actor("viewer@school.edu", Role.VIEWER)))
    with pytest.raises(NotPermitted):
        client.retry(one["entry"])
    with pytest.raises(NotPermitted):
        client.retry_several([one["entry"]])
    with pytest.raises(NotPermitted):
        client.retry_cause(Which(MISSING))


# --- more than one possible match


def test_the_records_of_an_unclear_match_are_linked_or_there_to_copy(failing: Installed) -> None:
    ours = [
        failing.sandbox.create_element451(
            "contact", **{"user-last-name": "Twin", "user-email-address": "twin@x.edu"}
        )
        for _ in range(2)
    ]
    theirs = failing.sandbox.create("Contact", LastName="Twin", Email="twin@x.edu")
    failing.sandbox.clock(advance=3600)
    failing.sync()
    page = open_view(LOGS, entry=str(failed(failing, theirs)["entry"]))
    assert "twin@x.edu" in str(failed(failing, theirs)["reason"])
    assert {code.value for code in page.code} >= set(ours)
    assert {*ours} <= {
        query["record"][0]
        for link in page.get("page_link")
        if "record" in (query := parse_qs(link.proto.query_string))
    }
    assert "Twin" in links(page, "page_link")


def test_what_failed_again_for_one_cause_is_one_reason_whatever_values_it_names() -> None:
    made = [
        {
            **{"kind": "contact", "element_id": str(n), "salesforce_id": None, "status": "failed"},
            "reason": f"More than one possible match. E-mail is “{n}@x.edu”.",
            "code": "MORE_THAN_ONE_MATCH",
        }
        for n in range(3)
    ]
    assert (
        outcome_words.sentence(Answer(4, made, "", False))
        == "3 tried, 0 fixed. 3 failed again in run 4: More than one possible match."
    )
    assert outcome_words.sentence(Answer(4, made[:1], "", False)).endswith("E-mail is “0@x.edu”.")
    both = Answer(4, [{**made[0], "direction": way} for way in ("import", "export")], "", False)
    assert outcome_words.sentence(both).startswith("1 tried, 0 fixed."), "one record, in either direction"


def test_nothing_is_said_to_fail_no_more_that_is_not_known_to() -> None:
    done = {"kind": "contact", "salesforce_id": None, "status": "updated", "code": "", "reason": ""}
    well = [{**done, "element_id": "1"}]
    counted = Run(
        4,
        Trigger.RETRY,
        1,
        datetime.now(UTC),
        RunState.DONE,
        counts={"contact_export": {"updated": 500, "failed": 3}},
    )
    assert outcome_words.sentence(Answer(4, [*well, {**done, "element_id": "2"}], "", False)).endswith(
        "None of them fails any more."
    )
    assert (
        outcome_words.sentence(Answer(4, well, "", False), counted)
        == "503 tried, 500 fixed. 3 failed again in run 4."
    )
    assert "any more" not in outcome_words.sentence(Answer(4, well, "Another is gone.", False))
