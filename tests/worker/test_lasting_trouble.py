"""Trouble that outlasts a run is told by every run that meets it, and remembered by the next ones
(docs/architecture.md, "A run")."""

from datetime import UTC, datetime, timedelta

from syncer.alerting import alert_store
from syncer.alerting.conditions import GOOD
from syncer.application.container import Application
from syncer.core.permissions import MACHINE
from syncer.core.records import System
from tests.support.sandbox import RunningSandbox
from tests.worker.installation import Installation, Processes, eventually


def test_a_lost_key_fails_the_run_with_the_files_name_and_alerts_and_no_other_key_is_made(
    installation: Installation, worker: Processes
) -> None:
    key = installation.application.settings.key_file
    worker.start("run")
    worker.start("schedule", SYNC_INTERVAL_SECONDS="1")
    eventually(lambda: installation.runs(state="done", trigger="schedule"))
    kept = key.read_bytes()
    key.unlink()
    (run, *_) = eventually(lambda: installation.runs(state="failed"))
    assert run["code"] == "SECRET_KEY"
    assert str(key) in run["reason"]
    alerts = eventually(
        lambda: [
            alert for alert in alert_store.read(installation.application.database) if alert.state != GOOD
        ]
    )
    assert [alert.name for alert in alerts] == ["reconnect_needed:salesforce"]
    assert str(key) in alerts[0].sentence
    assert not key.exists()
    with Application.from_environment(installation.environment, MACHINE) as application:
        views = [application.connections.view(system) for system in System]
        assert [view.state for view in views if view] == ["key missing", "key missing"]
    assert not key.exists()
    key.write_bytes(kept)
    eventually(lambda: installation.runs(state="done")[-1]["id"] > run["id"])


def test_a_wait_that_element451_asks_for_is_kept_by_the_next_runs(
    installation: Installation, worker: Processes, sandbox: RunningSandbox
) -> None:
    wait = {"Retry-After": "7200"}
    sandbox.fault("status", system="element451", status=429, headers=wait, body={}, times=-1, name="busy")
    worker.start("run")
    worker.start("schedule", SYNC_INTERVAL_SECONDS="1")
    until = eventually(lambda: _paused_until(installation, System.ELEMENT451))
    assert timedelta(hours=1.9) < until - datetime.now(UTC) <= timedelta(hours=2)
    asked = sandbox.counters()["calls"]["element451"]
    eventually(lambda: len(installation.runs(state="skipped")) > 1)
    assert sandbox.counters()["calls"]["element451"] == asked
    sandbox.clear_faults("busy")
    installation.application.acting_as(MACHINE).connections.pause(System.ELEMENT451, None)
    eventually(lambda: installation.runs(state="done"))


def test_a_wait_that_makes_no_sense_stops_nobody(
    installation: Installation, worker: Processes, sandbox: RunningSandbox
) -> None:
    for system in System:
        for odd in ("1e30", "²".encode().decode("latin-1"), "Fri, 31 Dec 9999 23:59:59 GMT"):
            sandbox.fault("status", system=system.value, status=429, headers={"Retry-After": odd}, body={})
    worker.start("run")
    worker.start("schedule", SYNC_INTERVAL_SECONDS="1")
    eventually(lambda: installation.runs(state="done"))
    assert not installation.runs(state="failed")


def _paused_until(installation: Installation, system: System) -> datetime | None:
    view = installation.application.connections.view(system)
    return view.paused_until if view else None
