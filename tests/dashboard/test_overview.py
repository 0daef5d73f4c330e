"""The Overview, as people of each role meet it: a new school, in step, busy, failing; and Sync now."""

import re
from collections.abc import Callable

from syncer.journal import runs
from syncer.journal.audit import AUDIT
from syncer.journal.run_state import Trigger
from tests.dashboard.overview_page import links, plainly, progress_words, sync_now, wait
from tests.support.dashboard import Installed, open_view, texts

# a new school


def test_a_new_school_sees_the_steps_to_take_and_no_alarm(installation: Installed) -> None:
    page = open_view()
    assert "First steps" in texts(page)
    assert [link for link in links(page) if link == "Open"] == ["Open"], "the one step that can be taken"
    assert page.button(key="sync now").disabled
    assert page.button(key="sync now").help == "Connect both systems and map fields first."
    assert not page.error
    assert not page.metric


def test_each_step_that_is_done_is_marked_and_the_next_one_stands_out(connected: Installed) -> None:
    page = open_view()
    assert "7. **See what would happen**" in texts(page)
    assert "check_circle:] 5. Map the fields" in texts(page)
    assert not page.button(key="sync now").disabled


def test_the_steps_stay_until_a_run_is_done(connected: Installed) -> None:
    run = wait(connected)
    page = open_view()
    assert f"Run {run} waits for approval" in plainly(page)
    assert "8. **Sync for the first time**" in texts(page)


# in step


def test_a_synced_school_sees_how_its_last_run_went(synced: Installed) -> None:
    page = open_view()
    run = runs.find(synced.application.database, 1)
    assert run
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Next run"].startswith("in ")
    counts = re.search(r"([\d,]+) of ([\d,]+) students in step", plainly(page))
    assert counts
    assert 0 < int(counts[1]) <= int(counts[2])
    assert shown["Salesforce calls in 24 hours"] == str(run.calls["salesforce"])
    assert "took" in texts(page)
    said = [str(element.value) for element in page.markdown]
    assert [each for each in said if each.endswith(("imported", "exported"))] == [
        "Contacts imported",
        "Contacts exported",
        "Conversations exported",
    ]
    assert "First steps" not in texts(page)


def test_records_that_fail_are_told_by_cause_with_a_way_to_see_and_to_retry_them(synced: Installed) -> None:
    fails(synced)
    page = open_view()
    assert "**Last Name**: A required field would be empty · **1 student**" in plainly(page)
    assert "Show them in the logs" in links(page)
    told = "Reads this record again in both systems and does what is due; a lot waits for approval."
    retry, *_ = [button for button in page.button if button.label == "Retry 1" and button.help == told]
    retry.click().run()
    assert "being done again" in texts(page)
    synced.work()
    page.run()
    assert [box.value for box in page.error] == ["1 record tried again, 0 fixed."]


def fails(installed: Installed) -> None:
    """Somebody takes the last name from a person who stands in Salesforce: a required field would be
    empty."""
    person = next(
        row
        for row in installed.sandbox.records("contact", "element451")
        if row.get("user-last-name") and row.get("user-identities-salesforceid")
    )
    installed.sandbox.edit_element451("contact", {person["user-elementid"]: {"user-last-name": None}})
    installed.sync()


# sync now


def test_sync_now_is_asked_once_and_its_result_is_shown_without_a_reload(connected: Installed) -> None:
    page = sync_now(open_view())
    assert page.button(key="sync now").disabled
    assert "The run begins in a moment" in plainly(page)
    sync_now(open_view())
    assert len(connected.queue().jobs) == 1, (
        "somebody else, or the same person after a reload, asked for the same"
    )
    connected.work()
    page.run()
    assert "Run 1 is done" in plainly(page)
    assert not page.button(key="sync now").disabled


def test_a_run_that_fails_says_why_and_where_to_look(connected: Installed) -> None:
    connected.sandbox.fault("status", status=503, times=1000)
    try:
        page = sync_now(open_view())
        connected.work()
    finally:
        connected.sandbox.clear_faults()
    page.run()
    assert "The last run failed" in plainly(page)
    assert "Look at the run" in links(page)


def test_what_a_second_run_was_answered_is_said_in_a_sentence(busy: Installed) -> None:
    page = open_view()
    assert page.button(key="sync now").help == "A run is going on."
    page.session_state["request sync"], page.session_state["answer sync"] = "sync:x", None
    busy.queue().connection.set(
        "sync:answer:sync:x",
        runs.skip(busy.application.database, Trigger.SYNC, 1, None, "Another run is going on.").id,
    )
    page.run()
    assert "It was not begun. Another run is going on." in plainly(page)


def test_a_worker_that_does_not_run_is_said_after_a_while(connected: Installed) -> None:
    page = sync_now(open_view())
    assert "Nobody is at work" not in texts(page)
    page.session_state["asked sync"] -= 60
    page.run()
    assert "Nobody is at work on this" in plainly(page)
    page = open_view()
    assert not page.button(key="sync now").disabled, "a reload forgets; asking again is harmless"


def test_without_its_queue_sync_now_is_a_sentence(
    connected: Installed, environment: Callable[..., Installed]
) -> None:
    away = connected.copy_to(connected.folder.parent / "away", REDIS_URL="redis://127.0.0.1:1/0")
    environment(away)
    page = sync_now(open_view())
    assert "cannot be reached" in plainly(page)
    assert not page.exception


def test_everything_is_read_again_only_after_somebody_said_that_they_know(synced: Installed) -> None:
    page = open_view()
    assert page.button(key="backfill").disabled
    page.checkbox(key="sure").check().run()
    page.button(key="backfill").click().run()
    assert [job.func_name for job in synced.queue().jobs] == ["worker.jobs.backfill"]


# busy


def test_a_run_that_goes_on_is_shown_with_how_far_it_is_and_can_be_cancelled(busy: Installed) -> None:
    page = open_view()
    assert "Writing contacts · 120 of 300" in progress_words(page)
    assert [metric.value for metric in page.metric if metric.label == "Next run"] == ["Going on"]
    page.button(key="cancel").click().run()
    run = runs.in_progress(busy.application.database)
    assert run
    assert run.cancelled_by == "this machine"
    assert page.button(key="cancel").disabled
    assert "asked it to stop" in plainly(page)


def test_a_run_whose_process_died_is_not_shown_as_going_on(busy: Installed) -> None:
    busy.end_of_others()
    page = open_view()
    assert not page.get("progress") or "Writing" not in progress_words(page)
    assert not page.button(key="sync now").disabled


# who may not


def test_a_viewer_sees_everything_and_can_start_and_stop_nothing(busy: Installed, people: None) -> None:
    page = open_view(by="viewer@school.edu")
    assert page.button(key="sync now").disabled
    assert page.button(key="sync now").help == "Only an analyst or an administrator can start a run."
    assert page.button(key="cancel").disabled
    assert page.button(key="backfill").disabled
    assert "Writing contacts" in progress_words(page)


def test_an_analyst_syncs_but_does_not_read_everything_again(synced: Installed, people: None) -> None:
    page = open_view(by="analyst@school.edu")
    assert not page.button(key="sync now").disabled
    assert page.checkbox(key="sure").disabled
    sync_now(page)
    with synced.application.database.connect() as connection:
        noted = connection.execute(AUDIT.select().order_by(AUDIT.c.id.desc())).first()
    assert noted
    assert (noted.person, noted.act) == ("analyst@school.edu", "sync now")
