"""What was connected is examined by itself, once, whoever connected it."""

from datetime import UTC, datetime, timedelta

from rq import Queue

from syncer.application import doctor, work_requests
from syncer.application.commands import Commands
from syncer.core.permissions import MACHINE
from syncer.core.records import System
from tests.support.signing_in import FEATURE_TOKEN
from tests.worker.installation import Installation
from worker.schedule.scheduler import SlotScheduler


def examinations(queue: Queue) -> list[str]:
    return [job.id for job in queue.jobs if job.id.startswith("examine")]


def test_the_scheduler_has_what_was_connected_examined_once(installation: Installation, queue: Queue) -> None:
    application = installation.application
    clock = SlotScheduler(application, queue)
    clock.enqueue_jobs()
    clock.enqueue_jobs()
    assert examinations(queue) == ["examine-connected"]
    doctor.examine_what_is_due(application)
    for job in queue.jobs:
        job.delete()
    clock.enqueue_jobs()
    assert examinations(queue) == []
    application.connections.connect_element451(f"{installation.sandbox.url}/v2", FEATURE_TOKEN)
    clock.enqueue_jobs()
    assert examinations(queue) == ["examine-connected"]
    assert doctor.due(application.database) == [System.ELEMENT451]


def test_a_wait_that_its_own_examination_is_asked_for_holds_up_the_runs_and_the_next_examination(
    installation: Installation,
) -> None:
    busy = {"status": 429, "headers": {"Retry-After": "7200"}, "body": {}}
    installation.sandbox.fault("status", system="element451", **busy)
    application = installation.application
    doctor.examine_what_is_due(application)
    view = application.connections.view(System.ELEMENT451)
    assert view is not None
    assert view.paused_until is not None
    assert timedelta(hours=1.9) < view.paused_until - datetime.now(UTC) <= timedelta(hours=2)
    assert doctor.due(application.database) == [System.ELEMENT451]
    asked = installation.sandbox.counters()["calls"]
    assert doctor.examine_what_is_due(application) == []
    assert installation.sandbox.counters()["calls"] == asked
    application.acting_as(MACHINE).connections.pause(System.ELEMENT451, None)
    doctor.examine_what_is_due(application)
    assert doctor.due(application.database) == []


def test_its_own_examination_finds_nothing_wrong_in_the_sandbox(installation: Installation) -> None:
    verdicts = doctor.examine_what_is_due(installation.application)
    assert {verdict.system for verdict in verdicts} == set(System)
    assert [verdict for verdict in verdicts if verdict.state == "disproved"] == []


def test_a_wait_that_a_preview_is_asked_for_holds_up_the_runs(installation: Installation) -> None:
    busy = {"status": 429, "headers": {"Retry-After": "7200"}, "body": {}}
    installation.sandbox.fault("status", system="element451", kind="read", times=-1, **busy)
    application = installation.application.acting_as(MACHINE)
    database = application.database
    (person, *_) = installation.sandbox.records("Contact")
    asked = [
        work_requests.submit(
            database, work_requests.PREVIEW, direction="import", kind="contact", salesforce_id=person["Id"]
        )
        for _ in range(2)
    ]
    Commands(application).serve()
    view = application.connections.view(System.ELEMENT451)
    assert view is not None
    assert view.pauses(datetime.now(UTC))
    answers = [work_requests.answered(database, request) for request in asked]
    assert [answer.failed for answer in answers if answer] == [True, True]
