"""Trouble that outlasts a run is told by every run that meets it, and remembered by the next ones
(docs/architecture.md, "A run")."""

from syncer.alerting import alert_store
from syncer.alerting.conditions import GOOD
from syncer.application.container import Application
from syncer.core.permissions import MACHINE
from syncer.core.records import System
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
