"""The health check answers with a sentence and an exit status, and starts nothing."""

import json
from pathlib import Path

import pytest
import redis

from syncer.infra.settings.environment import Settings
from tests.worker.installation import eventually, processes
from worker.health import PROCESSES, health


@pytest.mark.parametrize("process", PROCESSES)
def test_what_does_not_run_is_said_with_the_setting_to_look_at(tmp_path: Path, process: str) -> None:
    assert health(Settings.from_environment({"DATA_DIR": str(tmp_path)}), process)[1].startswith(
        "DATA_DIR: The embedded Redis server does not run"
    )
    gone = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/gone"})
    well, said = health(gone, process)
    assert not well
    assert said.startswith("REDIS_URL: The Redis server does not answer")


def test_a_server_alone_is_no_worker_and_no_scheduler(
    tmp_path: Path, redis_url: str, connection: redis.Redis
) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    assert health(settings, "redis")[0]
    assert health(settings, "worker") == (False, "No worker of this machine is alive.")
    assert health(settings, "scheduler") == (False, "No scheduler of this machine is alive.")


def test_a_worker_and_a_scheduler_are_healthy_again_after_redis_was_emptied(
    tmp_path: Path, redis_url: str, connection: redis.Redis
) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    with processes(
        {"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url, "SYNC_INTERVAL_SECONDS": "2"}
    ) as started:
        started.start("run")
        started.start("schedule")
        eventually(lambda: health(settings, "worker")[0] and health(settings, "scheduler")[0])
        connection.flushall()
        eventually(lambda: health(settings, "worker")[0] and health(settings, "scheduler")[0])
        status, said = started.run("health", "worker", "--json")
        assert (status, json.loads(said)["healthy"]) == (0, True)


@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_is_healthy_where_the_disk_takes_nothing(
    tmp_path: Path, redis_url: str, process: str
) -> None:
    (tmp_path / "file").touch()
    settings = Settings.from_environment(
        {"DATA_DIR": str(tmp_path / "file" / "data"), "REDIS_URL": redis_url}
    )
    well, said = health(settings, process)
    assert not well
    assert said.startswith("DATA_DIR: ")
