"""What the dashboard may ask: each verb does its thing, once, and its answer can be looked up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from rq import Worker

from syncer.application.work_requests import Answer
from syncer.core.permissions import Actor, Role
from syncer.core.records import System
from syncer.journal import dry_run_plans, runs
from syncer.journal.approvals import NotWaiting
from syncer.journal.run_state import RunState, Trigger
from syncer.sync.failures import Which
from tests.worker.installation import Installation, Processes, eventually
from worker.client import GONE, WorkerClient
from worker.embedded_redis.connection import queue_on


@pytest.fixture
def client(installation: Installation, connection: redis.Redis) -> WorkerClient:
    return WorkerClient(installation.application, connection)


@pytest.fixture
def at_work(worker: Processes, connection: redis.Redis) -> Processes:
    """One worker, already waiting for jobs."""
    worker.start("run")
    eventually(lambda: Worker.count(connection))
    return worker


def answered(client: WorkerClient, ticket: str) -> Answer:
    return eventually(lambda: client.answer(ticket))


def test_ten_people_who_say_sync_now_at_once_get_one_run_and_its_answer(
    installation: Installation, client: WorkerClient, worker: Processes
) -> None:
    with ThreadPoolExecutor(10) as people:
        tickets = set(people.map(lambda _: client.sync_now(), range(10)))
    assert len(tickets) == 1
    ticket = tickets.pop()
    assert client.answer(ticket) is None, "nobody did it yet"
    worker.start("run", "--workers", "2")
    run = answered(client, ticket).run
    assert [(row["id"], row["trigger"], row["state"]) for row in installation.runs()] == [
        (run, "sync", "done")
    ]
    assert client.sync_now() != ticket, "what is asked again is done again"
    assert eventually(lambda: len(installation.runs(state="done")) == 2)


def test_it_can_be_told_whether_anybody_is_at_work(
    client: WorkerClient, worker: Processes, connection: redis.Redis
) -> None:
    assert not client.has_worker()
    started = worker.start("run")
    eventually(client.has_worker)
    started.terminate()
    started.wait(35)
    assert not client.has_worker()


def test_every_verb_does_its_thing(
    installation: Installation, client: WorkerClient, at_work: Processes
) -> None:
    dry = answered(client, client.dry_run())
    assert [(row["id"], row["trigger"], row["state"]) for row in installation.runs()] == [
        (dry.run, "dry run", "done")
    ]
    assert installation.sandbox.journal() == [], "a dry run writes nothing"

    person = installation.sandbox.records("contact", "element451")[0]["user-elementid"]
    tested = answered(client, client.export_one(element_id=person))
    assert {
        (made["direction"], made["element_id"]) for made in tested.outcomes if made["kind"] == "contact"
    } == {("export", person)}
    again = answered(client, client.import_one(element_id=person))
    assert [made["direction"] for made in again.outcomes] == ["import"]
    unknown = answered(client, client.export_one(element_id="nobody"))
    assert unknown.failed
    assert unknown.sentence

    installation.sandbox.create_element451("contact", user_first_name="Nameless")
    full = answered(client, client.backfill())
    assert [row["trigger"] for row in installation.runs(id=full.run)] == ["backfill"]

    entry = installation.entries(status="failed")[0]["id"]
    assert answered(client, client.retry(entry)).run
    code = installation.entries(id=entry)[0]["code"]
    assert answered(client, client.retry_cause(Which(code))).run


def test_a_viewer_previews_a_record_or_a_sample_and_nothing_is_written(
    installation: Installation, connection: redis.Redis, at_work: Processes
) -> None:
    client = WorkerClient(
        installation.application.acting_as(Actor("vic@example.org", Role.VIEWER)), connection
    )
    sample = answered(client, client.preview("export"))
    assert (sample.run, sample.failed) == (None, False)
    assert {plan["direction"] for plan in sample.outcomes} >= {"export"}
    writing = next(
        plan
        for plan in sample.outcomes
        if plan["direction"] == "export" and plan["status"] in ("inserted", "updated")
    )
    one = answered(client, client.preview("export", element_id=writing["element_id"]))
    assert [(plan["element_id"], plan["status"]) for plan in one.outcomes][:1] == [
        (writing["element_id"], writing["status"])
    ]
    assert one.outcomes[0]["outgoing"]
    missing = answered(client, client.preview("import", salesforce_id="003000000000001AAA"))
    assert (missing.failed, missing.outcomes) == (True, [])
    assert "Salesforce has no contact" in missing.sentence
    assert installation.sandbox.journal() == []
    assert installation.runs() == []


def test_a_dry_run_keeps_its_plans_for_whoever_looks_through_them(
    installation: Installation, client: WorkerClient, at_work: Processes
) -> None:
    run = answered(client, client.dry_run()).run or 0
    newest = dry_run_plans.newest(installation.application.database)
    assert newest is not None
    assert newest.id == run
    plans = list(
        dry_run_plans.iterate(installation.application.database, run, dry_run_plans.PlanFilter(), limit=1000)
    )
    counts = [number for _, _, counts in dry_run_plans.counts_by_flow(newest) for number in counts.values()]
    assert len(plans) == sum(counts) > 60


def test_a_run_that_waits_is_approved_or_rejected(
    installation: Installation, client: WorkerClient, at_work: Processes
) -> None:
    installation.configure(guard={"records": 1, "percent": 1, "at_least": 1})
    waiting = answered(client, client.sync_now()).run or 0
    assert installation.runs(id=waiting)[0]["state"] == "waiting"
    assert client.reject(waiting)
    assert installation.runs(id=waiting)[0]["state"] == "cancelled"
    assert not client.reject(waiting)

    waiting = answered(client, client.sync_now()).run or 0
    with pytest.raises(NotWaiting):
        client.approve(waiting - 1)
    first, second = client.approve(waiting), client.approve(waiting)
    assert first == second
    assert answered(client, first).run == waiting
    assert installation.runs(id=waiting)[0]["state"] == "done"


def test_a_running_run_is_cancelled_at_its_next_batch_though_the_queue_waits_for_it(
    installation: Installation, client: WorkerClient, at_work: Processes
) -> None:
    installation.sandbox.options(delay_ms=200)
    ticket = client.sync_now()
    running = eventually(lambda: installation.runs(state="running"))[0]["id"]
    ann = Actor("ann@example.org", Role.ANALYST)
    assert WorkerClient(installation.application.acting_as(ann)).cancel(running)
    assert answered(client, ticket).run == running
    (ended,) = installation.runs(id=running)
    assert (ended["state"], "ann@example.org" in ended["reason"]) == ("cancelled", True)
    assert not client.cancel(running)


def test_what_cannot_begin_says_why_in_its_run(
    installation: Installation, client: WorkerClient, at_work: Processes
) -> None:
    installation.sandbox.field(
        "Contact", "Element451_ID__c", remove=True
    )  # the link: there is no run without
    for ticket in (client.dry_run(), client.sync_now()):
        run = installation.runs(id=answered(client, ticket).run)[0]
        assert run["state"] in ("skipped", "failed")
        assert run["reason"]
    installation.application.connections.disconnect(System.SALESFORCE)
    told = answered(client, client.import_one(salesforce_id="003000000000001AAA"))
    assert told.failed
    assert "Salesforce" in told.sentence


def test_an_emptied_redis_loses_a_click_and_says_so_but_no_request_for_a_record(
    installation: Installation, client: WorkerClient, connection: redis.Redis, worker: Processes
) -> None:
    person = installation.sandbox.records("contact", "element451")[0]["user-elementid"]
    click, request = client.sync_now(), client.export_one(element_id=person)
    connection.flushall()
    assert client.answer(click) == Answer(None, [], GONE, True)
    assert client.answer(request) is None, "it waits in the database"
    worker.start("run")
    worker.start("schedule")
    assert answered(client, request).outcomes[0]["element_id"] == person


def test_nothing_but_numbers_short_names_and_tickets_goes_into_redis(
    installation: Installation, connection: redis.Redis
) -> None:
    client = WorkerClient(
        installation.application.acting_as(Actor("ann@example.org", Role.ADMIN)), connection
    )
    client.sync_now()
    run = runs.begin(installation.application.database, Trigger.SYNC, 1)
    run.state = RunState.WAITING
    run.numbers = {"kinds": {"change": 40}, "fields": {}, "touched": 40, "known": 50}
    runs.save(installation.application.database, run)
    client.approve(run.id, 1)
    client.export_one(element_id="5f1f")
    jobs = {job.func_name: list(job.args) for job in queue_on(connection).jobs}
    assert set(jobs) == {"worker.jobs.sync", "worker.jobs.approve", "worker.jobs.serve"}
    assert [type(argument) for arguments in jobs.values() for argument in arguments] == [str, str, int, int]
    kept = [value for key in connection.scan_iter("rq:job:*") for value in connection.hgetall(key).values()]
    everything = b"".join(value if isinstance(value, bytes) else value.encode() for value in kept)
    assert b"ann@example.org" not in everything
    assert b"5f1f" not in everything
