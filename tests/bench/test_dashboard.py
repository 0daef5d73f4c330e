"""The dashboard's benchmark, in small."""

import re

import pytest

from bench import dashboard
from tests.support.browser import NoBrowser, must_have_one, program

pytestmark = [pytest.mark.long, pytest.mark.variation]


def test_every_page_and_the_memory_are_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        program()
    except NoBrowser as reason:
        (pytest.fail if must_have_one() else pytest.skip)(str(reason))
    monkeypatch.setattr(dashboard, "PEOPLE", 2)
    assert dashboard.main(["--entries", "1200", "--pairs", "150", "--times", "1"]) == 0
    said = capsys.readouterr().out
    assert len(
        re.findall(
            r"(?m)^(?:Overview|Mappings|Integration Logs) +\d+\.\d\d s +\d+\.\d\d s +\d+\.\d\d s", said
        )
    ) == len(dashboard.VIEWS)
    assert re.search(r"memory: \d+ MiB with one session, \d+ MiB with 2 sessions open", said)
