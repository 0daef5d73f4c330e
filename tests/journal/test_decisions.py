"""A person's decision is never overwritten by whoever still holds the state before it (rules 18 and 19)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from syncer.application import work_requests
from syncer.configuration.versions import ConfigStore, VersionConflict
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionStore
from syncer.connections.token_store import DatabaseTokenStore
from syncer.core.permissions import OPERATOR
from syncer.core.records import System
from syncer.infra.vault import Vault
from syncer.journal import approvals, runs
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from tests.support.documents import document

KEY = Fernet.generate_key().decode()


def saved(engine: Engine, run: int) -> Run:
    found = runs.find(engine, run)
    assert found
    return found


def waiting(engine: Engine) -> Run:
    run = runs.begin(engine, Trigger.SCHEDULE, 1)
    run.state, run.numbers = RunState.WAITING, {"kinds": {"change": 40}, "examples": {"change": []}}
    assert runs.save(engine, run)
    return run


@pytest.mark.parametrize("after", [RunState.WAITING, RunState.RUNNING, RunState.DONE, RunState.FAILED])
def test_a_rejected_run_stays_rejected_whatever_the_tick_that_refreshed_it_makes_of_it(
    engine: Engine, after: RunState
) -> None:
    waiting(engine)
    refreshed = runs.waiting(engine)
    assert refreshed
    assert approvals.reject(engine, refreshed.id)
    refreshed.state, refreshed.numbers, refreshed.calls = after, {"kinds": {}}, {"salesforce": 7}
    assert not runs.save(engine, refreshed)
    kept = saved(engine, refreshed.id)
    assert (kept.state, kept.code, kept.numbers) == ("cancelled", runs.REJECTED, {"kinds": {"change": 40}})
    assert (refreshed.state, refreshed.code) == ("cancelled", runs.REJECTED), "whoever held it learns of it"
    assert kept.calls["salesforce"] == 7, "what was done is no decision"


def test_a_rejected_run_shows_no_progress_of_the_tick_that_refreshed_it(engine: Engine) -> None:
    run = waiting(engine)
    approvals.reject(engine, run.id)
    with engine.begin() as connection:
        runs.save_progress(connection, run, "planning contacts", 1, 2)
    assert saved(engine, run.id).progress is None


def test_a_run_that_writes_by_now_cannot_be_rejected(engine: Engine) -> None:
    run = waiting(engine)
    run.state = RunState.RUNNING
    assert runs.save(engine, run)
    assert approvals.reject(engine, run.id) is None
    assert saved(engine, run.id).state == "running"


def test_a_run_that_was_cancelled_while_it_counted_does_not_wait(engine: Engine) -> None:
    run = runs.begin(engine, Trigger.SYNC, 1)
    assert runs.cancel(engine, run.id, "Ann")
    run.state, run.reason = RunState.WAITING, "A lot at once."
    assert not runs.save(engine, run)
    assert (run.state, saved(engine, run.id).state) == ("cancelled", "cancelled")
    assert "Cancelled by Ann" in saved(engine, run.id).reason
    assert runs.waiting(engine) is None


def test_a_run_that_was_cancelled_after_its_last_page_is_done(engine: Engine) -> None:
    run = runs.begin(engine, Trigger.SYNC, 1)
    runs.cancel(engine, run.id, "Ann")
    run.state = RunState.DONE
    assert runs.save(engine, run), "everything was written: it says so"
    assert not runs.cancel(engine, run.id, "Bob")


def test_a_run_that_another_process_declared_dead_does_not_come_back(engine: Engine) -> None:
    run = runs.begin(engine, Trigger.SYNC, 1)
    runs.begin(engine, Trigger.SYNC, 1)
    run.state = RunState.DONE
    assert not runs.save(engine, run)
    assert (saved(engine, run.id).state, saved(engine, run.id).code) == ("failed", "PROCESS_ENDED")


def test_the_first_answer_to_a_request_stands(engine: Engine) -> None:
    request = work_requests.submit(engine, work_requests.RETRY, entry=1)
    work_requests.answer(engine, request, 5, [{"status": "updated"}])
    work_requests.refuse_all(engine, "The connection pauses.")
    work_requests.answer(engine, request, None, [], "It failed.", failed=True)
    answer = work_requests.answered(engine, request)
    assert answer
    assert (answer.run, answer.failed, answer.sentence) == (5, False, "")


def test_a_connection_that_was_ended_is_neither_paused_nor_in_need_of_another_sign_in(
    engine: Engine,
) -> None:
    vault = Vault((KEY,))
    store = ConnectionStore(engine, vault)
    store.save(OPERATOR, System.SALESFORCE, "https://x.my.salesforce.com", account={}, secrets={})
    store.forget_secrets(System.SALESFORCE)
    store.pause(System.SALESFORCE, datetime(2030, 1, 1, tzinfo=UTC))
    DatabaseTokenStore(engine, vault).mark_reconnect_needed("The sign-in has expired.")
    found = store.find(System.SALESFORCE)
    assert found
    assert (found.view.state, found.view.paused_until, found.view.message) == (
        ConnectionState.DISCONNECTED,
        None,
        "",
    )


def test_of_two_people_who_save_at_the_same_moment_one_is_told_so(engine: Engine) -> None:
    first = document()
    assert ConfigStore(engine).store(first) == 1

    def save(minutes: int) -> bool:
        changed = first | {"preferences": first["preferences"] | {"interval_minutes": minutes}}
        try:
            ConfigStore(engine).store(changed, 1)
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, (20, 30, 40, 50))) == [False, False, False, True]
