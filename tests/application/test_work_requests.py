"""Requests for single records, and several of them as one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from bench.entries import contact, element
from syncer.application import work_requests
from syncer.sync import failures
from syncer.sync.failures import Failure, InStep
from syncer.sync.pair_store import PAIRS
from tests.support.configured_world import first_document

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_several_requests_are_answered_once_all_of_them_are(engine: Engine) -> None:
    asked = [work_requests.submit(engine, work_requests.RETRY, entry=entry) for entry in (1, 2, 3)]
    work_requests.answer(engine, asked[0], 7, [{"status": "updated"}])
    work_requests.answer(engine, asked[2], None, [], "There is no log entry 3.", failed=True)
    assert work_requests.answered_together(engine, asked) is None
    work_requests.answer(engine, asked[1], 8, [{"status": "failed"}])
    found = work_requests.answered_together(engine, asked)
    assert found == work_requests.Answer(
        8, [{"status": "updated"}, {"status": "failed"}], "There is no log entry 3.", True
    )


def test_one_request_has_its_own_answer(engine: Engine) -> None:
    asked = work_requests.submit(engine, work_requests.RETRY, entry=1)
    work_requests.answer(engine, asked, 7, [{"status": "updated"}])
    assert work_requests.answered_together(engine, [asked]) == work_requests.answered(engine, asked)


def test_who_is_in_step_is_paired_and_neither_due_nor_failing(engine: Engine) -> None:
    base = {"kind": "contact", "entity": "Contact"}
    states: list[dict[str, object]] = [
        {},
        {"due": True},
        {"failing": True},
        {"left_sync": True},
        {"salesforce_id": None},
        {"salesforce_id": None, "failing": True},
        {"entity": "Lead"},
    ]
    rows = [
        base | {"element_id": element(at), "salesforce_id": contact(at)} | state
        for at, state in enumerate(states)
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.execute(insert(PAIRS).values(row))
        assert failures.in_step(connection, first_document()) == InStep(in_step=1, students=4)


def test_while_very_many_are_due_no_row_is_read_to_count_who_is_in_step(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "READ_ALONE", 2)
    with engine.begin() as connection:
        for at in range(5):
            pair = {"element_id": element(at), "salesforce_id": contact(at), "due": at > 1}
            connection.execute(insert(PAIRS).values({"kind": "contact", "entity": "Contact"} | pair))
        assert failures.in_step(connection, first_document()) == InStep(2, 5, exact=False)


def test_how_the_record_of_an_entry_fails_now_is_told_by_either_id_and_for_its_direction(
    engine: Engine,
) -> None:
    kept = {"cause": "lasting", "code": "STRING_TOO_LONG", "reason": "The text is longer.", "tries": 3}
    pair = {
        "kind": "contact",
        "entity": "Contact",
        "element_id": element(1),
        "salesforce_id": contact(1),
        "failing": True,
    }
    with engine.begin() as connection:
        later = {"failing_since": NOW, "try_after": NOW + timedelta(days=1)}
        connection.execute(insert(PAIRS).values(pair | later | {"failures": {"export": kept}}))
    entry = {
        "kind": "contact",
        "entity": "Contact",
        "direction": "export",
        "element_id": element(1),
        "salesforce_id": None,
    }
    failure = Failure(
        "lasting", "STRING_TOO_LONG", "The text is longer.", 3, since=NOW, try_after=NOW + timedelta(days=1)
    )
    with engine.connect() as connection:
        assert failures.of_record(connection, entry) == failure
        assert (
            failures.of_record(connection, entry | {"element_id": None, "salesforce_id": contact(1)})
            == failure
        )
        assert failures.of_record(connection, entry | {"direction": "import"}) is None
        assert failures.of_record(connection, entry | {"element_id": element(2)}) is None
