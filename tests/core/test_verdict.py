"""What is kept of a verdict."""

from syncer.core.records import System
from syncer.core.trust.verdict import Finding, State, Verdict, disproved


def test_a_verdict_is_read_as_it_was_written_but_for_the_values_of_a_test_record() -> None:
    plain = Verdict("order", System.ELEMENT451, disproved("Not in order.", "Ask."))
    assert Verdict.from_json(plain.to_json()) == plain
    assert set(plain.to_json()) == {"check", "system", "state", "found", "remedy"}
    finding = Finding(State.DISPROVED, "Not restored.", "Do it.", {"user-middle-name": "Ada"})
    shown = Verdict("empty cells", System.ELEMENT451, finding).to_json()
    assert shown["restore"] == {"user-middle-name": "Ada"}
    assert Verdict.from_json(shown).finding.restore == {}
