"""What a log entry did, in words (rule 16)."""

from typing import Any

import pytest

from dashboard.shared.students import entry_words
from syncer.configuration.catalogue import Labels


def entry(status: str = "updated", reason: str = "Values differ.", **change: Any) -> dict[str, Any]:
    one = {"element451": "gpa", "salesforce": "GPA", "owner": "element451", "before": "3.1", "after": "3.4"}
    return {
        "status": status,
        "reason": reason,
        "direction": "export",
        "kind": "contact",
        "changes": [one | change],
    }


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (entry(), "GPA 3.1 → 3.4"),
        (entry(before=None), "GPA empty → 3.4"),
        (entry(known=False), "GPA not known → 3.4"),
        (entry(before=True, after=["a", "b"]), "GPA Yes → a, b"),
        (entry("inserted"), "Created in Salesforce with one value"),
        (entry("failed", "It does not fit."), "It does not fit."),
        (entry(held=True), "Values differ."),
        (entry(left_out=True), "Values differ."),
    ],
)
def test_what_was_written_is_told_and_else_the_reason(told: dict[str, Any], words: str) -> None:
    assert entry_words.summary(told, Labels()) == words


def test_a_few_changes_are_told_and_the_others_counted() -> None:
    told = entry()
    told["changes"] = [told["changes"][0] | {"salesforce": name} for name in "ABCDE"]
    assert entry_words.summary(told, Labels()) == "A 3.1 → 3.4, B 3.1 → 3.4, C 3.1 → 3.4, and 2 more"
