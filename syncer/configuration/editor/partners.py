"""Which field of one system probably belongs to a field of the other. Pure; standard library only."""

from collections.abc import Iterable

from syncer.configuration.editor.candidates import Candidate
from syncer.configuration.editor.suggestions import MIN_SIMILARITY, similarity
from syncer.core.fields import Field


def likely_partner(field: Field, others: Iterable[Candidate]) -> Field | None:
    """Of the fields of the other system that can be mapped, the one whose name is most like this field's;
    None where no name is like it, or several are as much."""
    found = [(similarity(field, one.field), one.field) for one in others if one.reason is None]
    best = max((score for score, _ in found), default=0.0)
    alike = [other for score, other in found if score == best]
    return alike[0] if best >= MIN_SIMILARITY and len(alike) == 1 else None


def likeliest_first(candidates: Iterable[Candidate], partner: Field) -> list[Candidate]:
    """The candidates, those first whose name is like that of the field which is chosen on the other side."""
    return sorted(candidates, key=lambda one: (one.reason is not None, -_likeness(partner, one.field)))


def _likeness(field: Field, other: Field) -> float:
    score = similarity(field, other)
    return score if score >= MIN_SIMILARITY else 0.0
