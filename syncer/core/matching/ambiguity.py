"""What is said where no other half can be chosen: with which values and IDs the records concerned contradict
each other. Pure; standard library only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncer.core.records import Kind, System, Value

MAX_RECORDS = 5
"""How many records of a sort are named."""
MAX_VALUE_LENGTH = 80
"""Characters of a value that are quoted."""


@dataclass(frozen=True, slots=True)
class IdSample:
    """Some of the IDs of ``total`` records, in the order in which they are to be named."""

    ids: tuple[str, ...]
    total: int = 0

    def __str__(self) -> str:
        shown = self.ids[:MAX_RECORDS]
        more = max(self.total, len(self.ids)) - len(shown)
        return ", ".join(shown) + (f" and {more:,} more" if more else "")


@dataclass(frozen=True, slots=True)
class IdClaim:
    """The ``records`` of ``system`` hold ``other_id``, an ID of the other system; or, ``paired``, are a pair
    with it already."""

    system: System
    records: IdSample
    other_id: str
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """``values``: the match fields' labels with their values, where these decide, and ``alike``: who has them
    in each system; ``claims``: which record claims which of the other system."""

    values: tuple[tuple[str, Value], ...] = ()
    alike: tuple[tuple[System, IdSample], ...] = ()
    claims: tuple[IdClaim, ...] = ()


def describe(problem: str, ambiguity: Ambiguity, kind: Kind) -> str:
    """``problem`` (`reasons.AMBIGUOUS`, `reasons.CONTRADICTION`), with the values and the records that it is
    about."""
    values = " and ".join(f"{label} is “{_quoted(value)}”" for label, value in ambiguity.values)
    alike = [f"In {system.label}: {sample}." for system, sample in ambiguity.alike if sample.ids]
    claims = [_claim_sentence(claim, kind) for claim in ambiguity.claims[: 2 * MAX_RECORDS]]
    return " ".join(filter(None, (problem, f"{values}." if values else "", *alike, *claims)))


def group_claims(
    system: System, held: Iterable[tuple[str, str]], paired: Sequence[tuple[str, str]] = ()
) -> tuple[IdClaim, ...]:
    """The claims of records of ``system``, with those that hold the same ID together: ``held`` and ``paired``
    are (record, the other's ID) each. What a pair holds of its own other half goes without saying."""
    found: dict[tuple[str, bool], list[str]] = {}
    for record, other_id in dict.fromkeys((*paired, *held)):
        found.setdefault((other_id, (record, other_id) in paired), []).append(record)
    return tuple(
        IdClaim(system, IdSample(tuple(records), len(records)), other_id, is_paired)
        for (other_id, is_paired), records in found.items()
    )


def _claim_sentence(claim: IdClaim, kind: Kind) -> str:
    several = len(claim.records.ids) > 1 or claim.records.total > 1
    if claim.paired:
        verb = "are already paired with" if several else "is already paired with"
    else:
        verb = "hold" if several else "holds"
    other = f"{_id_name(claim.system.other, kind)} {claim.other_id}"
    return f"In {claim.system.label}, {claim.records} {verb} the {other}."


def _id_name(system: System, kind: Kind) -> str:
    if system is System.SALESFORCE:
        return "Salesforce ID"
    return "Element ID" if kind is Kind.CONTACT else "Conversation ID"


def _quoted(value: Value) -> str:
    text = " ".join((", ".join(value) if isinstance(value, list) else str(value)).split())
    return f"{text[:MAX_VALUE_LENGTH]}…" if len(text) > MAX_VALUE_LENGTH else text
