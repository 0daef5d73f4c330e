"""What is asked for while a run goes on, and what a run leaves for later ones."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from syncer.application import work_requests
from syncer.application.request_handler import handle_all
from syncer.connectors.errors import Unreachable
from syncer.core.error_codes.entry import Cause
from syncer.core.records import System
from syncer.journal.runs import Run
from syncer.sync.engine import Cancelled, SyncEngine
from syncer.sync.everything import sync
from tests.support.world import SLUG, World, statuses


@pytest.fixture
def world(world: World) -> World:
    world.configure(create_new=True)
    return world


def test_what_is_asked_for_during_a_run_is_done_between_two_batches(world: World) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.theirs(FirstName="Other")
    sync_engine, asked, answers = world.sync_engine(), list[int](), list[str]()

    def between(sync_engine: SyncEngine, run: Run) -> None:
        if not asked:
            asked.append(
                work_requests.submit(
                    world.engine, work_requests.TEST, direction="export", element_id=ours, asked_by="analyst"
                )
            )
            assert (
                work_requests.submit(world.engine, work_requests.TEST, direction="export", element_id=ours)
                == asked[0]
            ), "a double click asks once"
            assert work_requests.answered(world.engine, asked[0]) is None
            answers.append(str(handle_all(sync_engine)))

    sync_engine.between_pages = between
    world.later()
    run = sync(sync_engine)
    assert run.state == "done"
    answer = work_requests.answered(world.engine, asked[0])
    assert answer is not None
    assert (answer.failed, [made["status"] for made in answer.outcomes]) == (False, ["updated"])
    assert answer.run != run.id
    assert world.in_salesforce(theirs)["FirstName"] == "Anna"


def test_a_request_that_cannot_be_done_is_answered_and_holds_up_no_other(world: World) -> None:
    ours, _ = world.pair()
    bad = work_requests.submit(world.engine, work_requests.TEST, direction="import", salesforce_id="nonsense")
    good = work_requests.submit(world.engine, work_requests.TEST, direction="export", element_id=ours)
    assert handle_all(world.sync_engine()) == 2
    answer = work_requests.answered(world.engine, bad)
    assert answer is not None
    assert answer.failed
    assert "is not a Salesforce ID" in answer.sentence
    assert work_requests.answered(world.engine, good) is not None


def test_a_cancelled_run_stops_at_the_next_batch_and_the_next_one_goes_on(world: World) -> None:
    world.theirs(FirstName="Ann")
    sync_engine = world.sync_engine()

    def cancel(sync_engine: SyncEngine, run: Run) -> None:
        raise Cancelled("Cancelled by somebody.")

    sync_engine.between_pages = cancel
    world.later()
    run = sync(sync_engine)
    assert (run.state, run.reason) == ("cancelled", "Cancelled by somebody.")
    assert statuses(world.sync())["import_contact"] == {"inserted": 1}


def test_a_passing_failure_is_tried_at_growing_distances(world: World) -> None:
    _, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.salesforce.faults.refuse(theirs, code="UNABLE_TO_LOCK_ROW", cause=Cause.PASSING)
    tried = [bool(statuses(world.sync()).get("export_contact")) for _ in range(12)]
    assert tried == [True, True, True, False, True, False, False, False, True, False, False, False]
    world.salesforce.faults.forgive()
    world.later(60 * 24)
    assert statuses(world.sync())["export_contact"] == {"updated": 1}


def test_a_lasting_failure_is_tried_once_a_day_because_a_rule_may_have_been_corrected(world: World) -> None:
    _, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.salesforce.faults.refuse(theirs)
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    world.salesforce.faults.forgive()
    assert statuses(world.sync()) == {}
    world.clock.advance(timedelta(days=1).total_seconds())
    assert statuses(world.sync())["export_contact"] == {"updated": 1}


def test_the_nightly_comparison_puts_right_what_the_increments_missed(world: World) -> None:
    kept, (ours, gone) = world.pair(), world.pair()
    world.sync()
    missed = world.theirs(FirstName="Missed")
    world.salesforce.people.delete(gone)
    world.salesforce.people.purge(gone)
    world.salesforce.people.rows[missed].stamp -= timedelta(days=30)
    assert "import_contact" not in statuses(world.sync())
    run = world.sync(check=True)
    assert statuses(run)["import_contact"] == {"inserted": 1, "deactivated": 1}
    assert world.in_salesforce(missed)["Element451_ID__c"]
    assert set(world.contacts()[1]) == {kept[1], missed}
    assert world.in_element451(ours)[SLUG] == gone


def test_a_preview_that_is_asked_of_a_running_run_shows_the_plans_and_writes_nothing(world: World) -> None:
    ours, _ = world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    asked = work_requests.submit(world.engine, work_requests.PREVIEW, direction="export", element_id=ours)
    assert handle_all(world.sync_engine()) == 1
    answer = work_requests.answered(world.engine, asked)
    assert answer is not None
    assert [(plan["status"], plan["changes"][0]["after"]) for plan in answer.outcomes] == [
        ("updated", "Anna")
    ]
    assert (answer.run, world.writes()) == (None, [])


def test_a_sample_that_is_asked_of_a_running_run_is_planned_from_what_it_has_read_so_far(
    world: World,
) -> None:
    world.pair({"FirstName": "Ann"}, {"user_first_name": "Anna"})
    world.sync()
    ours, _ = world.pair({"FirstName": "Bob"}, {"user_first_name": "Rob"})
    for reading, found in ((False, []), (True, [ours])):
        asked = work_requests.submit(world.engine, work_requests.PREVIEW, direction="export")
        handle_all(world.sync_engine(), read_first=reading)
        answer = work_requests.answered(world.engine, asked)
        assert answer is not None
        assert [plan["element_id"] for plan in answer.outcomes] == found


def test_what_stands_in_the_way_of_a_preview_is_its_answer_and_ends_no_run(world: World) -> None:
    asked = work_requests.submit(world.engine, work_requests.PREVIEW, direction="export")
    world.element451.faults.fail(
        "changed", fault=Unreachable(System.ELEMENT451, "Element451 does not answer.")
    )
    handle_all(world.sync_engine())
    answer = work_requests.answered(world.engine, asked)
    assert answer is not None
    assert (answer.failed, answer.sentence) == (True, "Element451 does not answer.")


def test_answers_to_previews_are_forgotten_soon(world: World) -> None:
    ours, _ = world.pair()
    asked = work_requests.submit(world.engine, work_requests.PREVIEW, direction="export", element_id=ours)
    handle_all(world.sync_engine())
    with world.engine.begin() as connection:
        connection.execute(
            update(work_requests.REQUESTS).values(
                answered_at=datetime.now(UTC) - work_requests.PREVIEWS_KEPT * 2
            )
        )
    work_requests.submit(world.engine, work_requests.PREVIEW, direction="import", element_id=ours)
    answer = work_requests.answered(world.engine, asked)
    assert answer is not None
    assert (answer.outcomes, answer.sentence) == ([], work_requests.FORGOTTEN)
