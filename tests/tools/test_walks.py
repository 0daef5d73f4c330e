"""The walks of a record through the code, as docs/architecture.md lists them."""

import pytest

from syncer.core.planner import plan_pair
from tests.core.builders import EID, paired, rules
from tools.walks import CHANGED, DOCUMENT, RETRIED, Walk, walks, written


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    return walks()


def test_the_document_lists_the_files_that_a_record_passes(found: dict[str, list[str]]) -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == written(document, found), "python -m tools.walks writes the lists again"


def test_a_changed_contact_passes_few_files(found: dict[str, list[str]]) -> None:
    assert len(found[CHANGED]) <= 14


def test_a_retry_passes_few_files_besides_those_of_the_first_walk(found: dict[str, list[str]]) -> None:
    assert len(found[RETRIED]) + 1 <= 10, "with the page of its button"


def test_a_walk_ends_with_the_log(found: dict[str, list[str]]) -> None:
    assert "syncer/sync/push/results.py" in found[CHANGED]
    for title in (CHANGED, RETRIED):
        assert "syncer/journal/log.py" in found[title]


def test_only_the_record_itself_is_followed() -> None:
    followed, other = Walk(frozenset({EID})), Walk(frozenset({"another record's ID"}))
    for walk in (followed, other):
        with walk.traced():
            plan_pair(paired(), rules())
    assert "syncer/core/planner.py" in followed.files
    assert other.files == []
