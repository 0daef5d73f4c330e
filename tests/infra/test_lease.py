"""Leases, on both databases: one owner at a time, whatever dies."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from syncer.infra.database.engine import engine_for
from syncer.infra.database.lease import Lease, LeaseBusy, LeaseLost, hold
from syncer.infra.database.process_identity import is_dead, this_owner
from syncer.infra.database.tables import LeaseRow, table

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _write(engine: Engine, **changes: object) -> None:
    with engine.begin() as connection:
        connection.execute(update(table(LeaseRow)).values(changes))


def test_only_one_holds_a_lease_and_the_next_one_gets_it_when_it_is_released(engine: Engine) -> None:
    first, second = Lease(engine, "run"), Lease(engine, "run")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    assert second.token > first.token
    second.release()


def test_leases_of_different_names_do_not_meet(engine: Engine) -> None:
    with Lease(engine, "run"), Lease(engine, "refresh"):
        pass


def test_of_many_that_try_at_once_one_gets_it(engine: Engine) -> None:
    leases = [Lease(engine, "run") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(Lease.take, leases)) == 1
    for lease in leases:
        lease.release()


def test_an_expired_lease_is_taken_over_and_the_former_owner_hears_of_it(engine: Engine) -> None:
    former, next_one = Lease(engine, "run", ttl_seconds=60), Lease(engine, "run")
    assert former.take()
    _write(engine, expires_at=_LONG_AGO)
    assert next_one.take()
    former._confirmed = 0  # as if its last heartbeat were long ago
    with pytest.raises(LeaseLost, match="went to"):
        former.check()
    former.release()
    next_one.check()
    assert not Lease(engine, "run").take()
    next_one.release()


def test_an_owner_that_was_asleep_keeps_a_lease_that_nobody_took(engine: Engine) -> None:
    with Lease(engine, "run") as lease:
        _write(engine, expires_at=_LONG_AGO)
        lease._confirmed = 0
        lease.check()
        assert not Lease(engine, "run").take()


def test_a_lease_with_a_recent_heartbeat_is_checked_without_the_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lease(engine, "run") as lease, monkeypatch.context() as patch:
        patch.setattr(lease, "_engine", None)
        for _ in range(1000):
            lease.check()


def test_a_heartbeat_keeps_the_lease(engine: Engine) -> None:
    with Lease(engine, "run", ttl_seconds=0.3) as lease:
        confirmed, deadline = lease._confirmed, threading.Event()
        for _ in range(100):
            if lease._confirmed > confirmed:
                break
            deadline.wait(0.05)
        assert lease._confirmed > confirmed


def test_a_lease_that_was_never_taken_protects_nothing(engine: Engine) -> None:
    with pytest.raises(LeaseLost):
        Lease(engine, "run").check()


def test_the_lease_of_a_process_that_was_killed_is_free_at_once(database_url: str) -> None:
    code = (
        "import os, sys\nfrom syncer.infra.database.engine import engine_for\nfrom"
        " syncer.infra.database.lease import Lease\nprint(Lease(engine_for(sys.argv[1]), 'run', 3600).take(),"
        " flush=True)\nsys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "True\n"
    engine = engine_for(database_url)
    lease = Lease(engine, "run", 3600)
    assert not lease.take()
    assert f"(process {process.pid})" in str(lease.holder())
    process.kill()
    # Not even waited for yet: what is left of it holds nothing.
    assert lease.take(wait_seconds=10)
    lease.release()
    process.communicate()
    engine.dispose()


def test_an_owner_elsewhere_is_never_thought_dead() -> None:
    host, place, _, _, rest = this_owner().split(" ")
    assert is_dead(f"{host} {place} 4194304 12345 {rest}")
    assert not is_dead(f"{host} another-machine 4194304 12345 {rest}")
    assert not is_dead(this_owner())
    assert not is_dead("whatever an older program wrote")


def test_a_busy_lease_says_who_has_it(engine: Engine) -> None:
    with Lease(engine, "run"):
        with pytest.raises(LeaseBusy, match=r"is being done by .+ \(process \d+\)"), Lease(engine, "run"):
            pass
        with pytest.raises(LeaseBusy), hold(engine, "run", wait_seconds=0):
            pass


def test_whoever_holds_for_a_moment_waits_for_the_other(engine: Engine) -> None:
    inside: list[int] = []

    def once(number: int) -> int:
        with hold(engine, "refresh", wait_seconds=30):
            inside.append(number)
            alone = len(inside)
            inside.remove(number)
        return alone

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(once, range(12))) == {1}


def test_a_lease_lives_by_the_databases_clock(engine: Engine) -> None:
    with Lease(engine, "run", ttl_seconds=100):
        with engine.connect() as connection:
            expires_at = connection.execute(table(LeaseRow).select()).one().expires_at
        assert timedelta(seconds=95) < expires_at - datetime.now(UTC) <= timedelta(seconds=101)
