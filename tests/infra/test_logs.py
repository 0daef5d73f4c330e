"""Log lines: structured, on standard error, and each with the number of its run."""

import io
import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
import structlog

from syncer.infra import logs

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    before = structlog.get_config()
    logs.configure()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.configure(**before)


def test_a_line_is_one_json_object_with_its_time_and_level(lines: Lines) -> None:
    structlog.get_logger().warning("run failed", code="TIMEOUT")
    (line,) = lines()
    assert (line["event"], line["level"], line["code"]) == ("run failed", "warning", "TIMEOUT")
    assert line["timestamp"].endswith("Z")
    assert "run" not in line


def test_every_line_of_a_run_carries_its_number_and_none_after_it(lines: Lines) -> None:
    log = structlog.get_logger()
    with logs.of_run(17):
        log.info("first")
        log.info("said by itself", run=16)
    log.info("after")
    assert [line.get("run") for line in lines()] == [17, 16, None]


def test_lines_of_other_threads_belong_to_the_run_that_goes_on(lines: Lines) -> None:
    with logs.of_run(17):
        thread = Thread(target=lambda: structlog.get_logger().info("lease not renewed"))
        thread.start()
        thread.join()
    assert [line["run"] for line in lines()] == [17]


def test_a_test_between_two_batches_has_its_own_number_and_then_the_run_goes_on(lines: Lines) -> None:
    log = structlog.get_logger()
    with logs.of_run(17):
        with logs.of_run(18):
            log.info("request done")
        log.info("next batch")
    assert [line["run"] for line in lines()] == [18, 17]


def test_a_run_that_breaks_off_leaves_no_number_behind(lines: Lines) -> None:
    with pytest.raises(KeyboardInterrupt), logs.of_run(17):
        raise KeyboardInterrupt
    structlog.get_logger().info("after")
    assert "run" not in lines()[0]


def test_lines_go_to_standard_error_as_it_is_now(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    later = io.StringIO()
    monkeypatch.setattr("sys.stderr", later)
    structlog.get_logger().info("still heard")
    assert "still heard" in later.getvalue()
    assert lines() == []
