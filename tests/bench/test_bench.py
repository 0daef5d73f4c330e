"""What the benchmark measures with, and how it reports."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import bare, document, report
from bench.trial import Measurement, steps_of
from demo.children import ROOT, child

pytestmark = pytest.mark.long


def measurement(
    contacts: int = 1000, delay_ms: int = 100, seconds: float = 2.0, peak: float = 100.0, loop: float = 10.0
) -> Measurement:
    calls = {"salesforce": 5, "element451": 20}
    return Measurement(
        "first",
        contacts,
        delay_ms,
        contacts,
        seconds,
        seconds,
        peak,
        calls,
        {},
        loop_per_second=loop,
        bare_seconds=5.0,
        compiled=1.0,
    )


def test_speed_is_told_as_ratios_to_the_loop_and_to_the_bare_transfer() -> None:
    one = measurement()
    assert (one.per_second, one.times_loop, one.times_bare, one.calls_per_thousand) == (500, 50, 2.5, 25)


def test_the_table_has_a_row_for_each_sync_and_as_many_cells_as_headings() -> None:
    lines = report.markdown([measurement(), measurement(contacts=2000)]).splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {len(report.HEADINGS) + 1}


def test_each_aim_is_said_to_be_reached_or_missed() -> None:
    good = [measurement(loop=1.0), measurement(contacts=10_000, peak=105, loop=1.0)]
    assert [line.split()[0] for line in report.aims(good)] == ["reached"] * 3
    bad = [measurement(seconds=8.0), measurement(contacts=10_000, peak=150)]
    assert [line.split()[0] for line in report.aims(bad)] == ["MISSED"] * 3


def test_everything_measured_is_kept(tmp_path: Path) -> None:
    kept = json.loads(report.keep([measurement()], tmp_path / "results", "now").read_text())
    assert kept["measurements"][0]["times_loop"] == 50


def test_a_command_is_measured_from_start_to_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "x = bytearray(60_000_000); print('said'); raise SystemExit(3)"]
    # In a small process of its own, as the benchmark does: this one is large, and would be counted towards
    # the peak.
    asked = [sys.executable, "-m", "bench.launch", str(tmp_path / "out"), str(tmp_path / "err"), *command]
    took = json.loads(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert took["status"] == 3
    assert 0 < took["seconds"] < 60
    assert 0 < took["cpu_seconds"] < took["seconds"] + 1
    assert 60 < took["peak_mib"] < 200
    assert (tmp_path / "out").read_text() == "said\n"


def test_the_bare_transfer_repeats_every_body_with_the_delay_of_each_call() -> None:
    with child(["-m", "bench.bare", "--delay-ms", "20"], os.environ) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        assert bare.replay(port, [(1000, 50_000), (0, 10), (300_000, 0)], whole=True) >= 0.06
        assert bare.replay(port, [], whole=False) == 0
        assert bare.replay(port, [(10, 10)] * 5, whole=False) >= 0.1


def test_the_table_and_the_picture_take_the_place_of_those_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"Before.\n\n{document.BEGIN}\nold\n{document.END}\n\nAfter.\n")
    one = replace(measurement(), stages={"Start": 0.5, "Reading & matching": 1.5})
    for _ in range(2):
        document.write([one], page, datetime(2026, 9, 1, tzinfo=UTC), busy=0.5)
    told = page.read_text()
    assert told.startswith("Before.\n\n")
    assert told.endswith("\n\nAfter.\n")
    assert "old" not in told
    assert told.count("| first |") == 1
    assert "× loop" in told
    document.write([one], page, datetime(2026, 9, 1, tzinfo=UTC), busy=1000)
    assert "× loop" not in page.read_text()
    bars = re.findall(r'width="([0-9.]+)" height="26"', (tmp_path / document.PICTURE).read_text())
    assert float(bars[1]) / float(bars[0]) == pytest.approx(3, rel=0.01)
    page.write_text("No place.")
    with pytest.raises(ValueError, match="no place"):
        document.write([one], page, datetime(2026, 9, 1, tzinfo=UTC), busy=0.5)


def test_each_step_is_told_with_what_it_took_and_all_of_them_with_everything(tmp_path: Path) -> None:
    log = tmp_path / "log"
    begun = [("Reading contacts", 0.4), ("Writing contacts", 1.0), ("Reading contacts", 2.0)]
    log.write_text(
        "\n".join(json.dumps({"event": "phase", "phase": name, "cpu_seconds": at}) for name, at in begun)
    )
    found = steps_of(log, 2.5)
    assert found == pytest.approx({"Start": 0.4, "Reading contacts": 1.1, "Writing contacts": 1.0})
    assert sum(found.values()) == pytest.approx(2.5)
