"""What was connected is examined by itself, once, whoever connected it."""

from rq import Queue

from syncer.application import doctor
from syncer.core.records import System
from tests.support.signing_in import FEATURE_TOKEN
from tests.worker.installation import Installation
from worker.schedule.scheduler import Clock


def examinations(queue: Queue) -> list[str]:
    return [job.id for job in queue.jobs if job.id.startswith("examine")]


def test_the_scheduler_has_what_was_connected_examined_once(installation: Installation, queue: Queue) -> None:
    application = installation.application
    clock = Clock(application, queue)
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


def test_its_own_examination_finds_nothing_wrong_in_the_sandbox(installation: Installation) -> None:
    verdicts = doctor.examine_what_is_due(installation.application)
    assert {verdict.system for verdict in verdicts} == set(System)
    assert [verdict for verdict in verdicts if verdict.state == "disproved"] == []
