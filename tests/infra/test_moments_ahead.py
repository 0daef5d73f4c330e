"""No stored moment in the future is trusted (rule 23): what a clock stored that was ahead by forty days holds
nothing up once it is right. Each of these would otherwise have waited, or held, for as long."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, update

from syncer.alerting import alert_store
from syncer.alerting.conditions import LIMIT, Condition, evaluate
from syncer.configuration.catalogue import Catalogues
from syncer.connections.connection_store import ConnectionStore
from syncer.connections.part_sizes import StoredPartSizes
from syncer.connections.sign_ins import SignIns
from syncer.connectors.errors import NotAllowed
from syncer.connectors.salesforce.oauth import SignIn
from syncer.core.permissions import OPERATOR
from syncer.core.records import Record, RecordState, System
from syncer.core.trust.absence import after_absence
from syncer.infra.database.lease import Lease
from syncer.infra.database.tables import LeaseRow, SignInRow, table
from syncer.infra.vault import Vault
from syncer.journal import approvals, run_queries, runs
from syncer.journal.log import UNASKED
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS
from tests.support.memory import MemoryElement451, MemorySalesforce

NOW = datetime.now(UTC)
AHEAD = NOW + timedelta(days=40)
KEY = "0" * 43 + "="


def test_a_lease_is_free_though_nobody_died(engine: Engine) -> None:
    with Lease(engine, "run") as held:
        with engine.begin() as connection:
            connection.execute(update(table(LeaseRow)).values(expires_at=AHEAD))
        assert held.holder() is None
        next_one = Lease(engine, "run")
        assert next_one.take()
        next_one.release()


def test_a_pause_of_a_system_is_none(engine: Engine) -> None:
    store = ConnectionStore(engine, Vault((KEY,)))
    store.save(OPERATOR, System.SALESFORCE, "https://x", account={}, secrets={})
    for until, kept in ((AHEAD, None), (NOW + timedelta(hours=5), NOW + timedelta(hours=5))):
        store.pause(System.SALESFORCE, until)
        found = store.find(System.SALESFORCE)
        assert found
        assert found.view.paused_until == kept
        told = [each.name for each in evaluate(engine, runs.begin(engine, Trigger.SCHEDULE, 1), NOW)]
        assert (f"{LIMIT}:salesforce" in told) is (kept is not None)


def test_a_sign_in_that_was_begun_then_is_refused(engine: Engine) -> None:
    sign_ins = SignIns(engine, Vault((KEY,)))
    begun = sign_ins.save(SignIn("https://x", "state", "verifier"), {})
    with engine.begin() as connection:
        connection.execute(update(table(SignInRow)).values(expires_at=AHEAD))
    with pytest.raises(NotAllowed):
        sign_ins.claim(begun.state)


def test_a_sign_in_that_came_back_then_is_not_confirmed(engine: Engine) -> None:
    sign_ins = SignIns(engine, Vault((KEY,)))
    begun = sign_ins.save(SignIn("https://x", "state", "verifier"), {})
    sign_ins.park(begun.state, sign_ins.claim(begun.state), {"refresh_token": "r"})
    with engine.begin() as connection:
        connection.execute(update(table(SignInRow)).values(expires_at=AHEAD))
    with pytest.raises(NotAllowed):
        sign_ins.take(begun.state)


def test_an_alert_that_was_sent_then_is_not_sent_again_but_for_news_a_day_later(engine: Engine) -> None:
    def pending(now: datetime) -> bool:
        with engine.begin() as connection:
            alert_store.update_alerts(connection, [Condition("records", "failing", "", now)], ["mail"], now)
        (alert,) = alert_store.read(engine)
        if alert.pending:
            alert_store.mark_sent(engine, alert, "mail", now)
        return bool(alert.pending)

    assert pending(AHEAD)
    assert [pending(NOW + timedelta(hours=hours)) for hours in (0, 1, 23, 25, 26)] == [False] * 3 + [
        True,
        False,
    ]


def test_an_approval_of_then_holds_no_more(engine: Engine) -> None:
    run = runs.begin(engine, Trigger.SCHEDULE, 1)
    run.state = RunState.WAITING
    runs.save(engine, run)
    approvals.approve(engine, run.id, now=AHEAD)
    assert approvals.valid(engine, NOW) == {}
    approvals.forget_answered(engine, NOW)


def test_what_was_taken_away_then_counts_for_one_day_from_now(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"time": AHEAD, "run": 1, "kind": "blank", "field": "", "records": 7}
        connection.execute(insert(UNASKED), [row])
    assert sum(approvals.unapproved_losses(engine, NOW).values()) == 7
    assert sum(approvals.unapproved_losses(engine, NOW + timedelta(days=2)).values()) == 0


def test_calls_of_then_do_not_count_into_the_share_of_today(engine: Engine) -> None:
    run = runs.begin(engine, Trigger.SCHEDULE, 1)
    run.calls = {"salesforce": 900}
    runs.save(engine, run)
    with engine.begin() as connection:
        connection.execute(update(RUNS).values(started_at=AHEAD))
        assert connection.execute(select(RUNS.c.id)).all()
    assert run_queries.salesforce_calls_within(engine, NOW, timedelta(days=1)) == 0


def test_what_was_read_then_is_not_kept_any_longer(engine: Engine) -> None:
    moment = AHEAD
    element451 = MemoryElement451()
    catalogues = Catalogues(engine, MemorySalesforce, lambda: element451, lambda: moment)
    catalogues.element_fields()
    moment, before = NOW, element451.calls
    catalogues.element_fields()
    assert element451.calls == before + 1
    StoredPartSizes(engine, lambda: AHEAD)["Contact"] = 50
    assert dict(StoredPartSizes(engine, lambda: NOW)) == {}


def test_the_day_of_an_absent_record_begins_anew() -> None:
    absent = Record("1", {}, RecordState.ABSENT, beside_living=True)
    state, since = after_absence(RecordState.ABSENT, AHEAD, absent, NOW)
    assert (state, since) == (RecordState.ABSENT, NOW)
    assert after_absence(state, since, absent, NOW + timedelta(days=1))[0] is RecordState.GONE
