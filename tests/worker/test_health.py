"""The health check answers with a sentence and an exit status, and starts nothing."""

import json
from pathlib import Path

import pytest
import redis

from syncer.settings import Settings
from tests.worker.installation import Processes, eventually, processes
from worker.health import PROCESSES, health


@pytest.mark.parametrize("process", PROCESSES)
def test_what_does_not_run_is_said_with_the_setting_to_look_at(tmp_path: Path, process: str) -> None:
    assert health(Settings.from_environment({"DATA_DIR": str(tmp_path)}), process)[1].startswith("DATA_DIR: The embedded Redis server does not run")
    gone = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/gone"})
    well, said = health(gone, process)
    assert not well
    assert said.startswith("REDIS_URL: The Redis server does not answer")


def test_a_server_alone_is_no_worker_and_no_scheduler(tmp_path: Path, redis_url: str, connection: redis.Redis) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    assert health(settings, "redis")[0]
    assert health(settings, "worker") == (False, "No worker of this machine is alive.")
    assert health(settings, "scheduler") == (False, "No scheduler of this machine is alive.")


def test_a_worker_and_a_scheduler_are_healthy_again_after_redis_was_emptied(tmp_path: Path, redis_url: str, connection: redis.Redis) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url})
    with processes({"DATA_DIR": str(tmp_path), "REDIS_URL": redis_url, "SYNC_INTERVAL_SECONDS": "2"}) as started:
        start_both(started)
        eventually(lambda: health(settings, "worker")[0] and health(settings, "scheduler")[0])
        connection.flushall()
        eventually(lambda: health(settings, "worker")[0] and health(settings, "scheduler")[0])
        status, said = started.run("health", "worker", "--json")
        assert (status, json.loads(said)["healthy"]) == (0, True)


def start_both(started: Processes) -> None:
    started.start("run")
    started.start("schedule")


def test_wrong_settings_are_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    with processes({"DATA_DIR": str(tmp_path)}) as started:
        for command, environment, name in (
            ("run", {"REDIS_URL": f"unix://{tmp_path}/gone"}, "REDIS_URL: "),
            ("schedule", {"SYNC_INTERVAL_SECONDS": "soon"}, "SYNC_INTERVAL_SECONDS: "),
            ("all", {"DATABASE_URL": "mysql://somewhere/db"}, "DATABASE_URL: "),
            ("health", {"REDIS_URL": "http://nowhere"}, "REDIS_URL: "),
        ):
            arguments = [command, "redis"] if command == "health" else [command]
            status, said = started.run(*arguments, **environment)
            assert (status, said.startswith(name), "Traceback" in said) == (2, True, False), said
