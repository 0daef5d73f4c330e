"""Why nobody can say which record belongs to which, in words that name the records (rule 7). Pure; standard library only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncer.records import Kind, System, Value

SHOWN = 5
"""How many records of a sort are named."""
LONGEST = 80
"""Characters of a value that are told."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Some of the IDs of ``total`` records, those that are to be named first."""

    some: tuple[str, ...]
    total: int = 0

    def __str__(self) -> str:
        more = max(self.total, len(self.some)) - len(self.some[:SHOWN])
        return ", ".join(self.some[:SHOWN]) + (f" and {more:,} more" if more else "")


@dataclass(frozen=True, slots=True)
class Says:
    """The records ``who`` of ``system`` hold ``other``, an ID of the other system; or, ``paired``, are a pair with it already."""

    system: System
    who: Ids
    other: str
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """``values``: the match fields' labels with their values, where these decide, and ``alike``: who has them in each system; ``says``: which
    record says what of which other."""

    values: tuple[tuple[str, Value], ...] = ()
    alike: tuple[tuple[System, Ids], ...] = ()
    says: tuple[Says, ...] = ()


def told(problem: str, clash: Clash, kind: Kind) -> str:
    """``problem`` (`match.AMBIGUOUS`, `match.CONTRADICTION`), with the values and the records that it is about."""
    values = " and ".join(f"{label} is “{_shown(value)}”" for label, value in clash.values)
    alike = [f"In {system.label}: {ids}." for system, ids in clash.alike if ids.some]
    says = [_said(one, kind) for one in clash.says[: 2 * SHOWN]]
    return " ".join(filter(None, (problem, f"{values}." if values else "", *alike, *says)))


def _said(one: Says, kind: Kind) -> str:
    other = "Salesforce ID" if one.system is System.ELEMENT451 else "Element ID" if kind is Kind.CONTACT else "Conversation ID"
    several = len(one.who.some) > 1 or one.who.total > 1
    verb = ("are already paired with" if several else "is already paired with") if one.paired else "hold" if several else "holds"
    return f"In {one.system.label}, {one.who} {verb} the {other} {one.other}."


def _shown(value: Value) -> str:
    text = " ".join((", ".join(value) if isinstance(value, list) else str(value)).split())
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def grouped(system: System, held: Iterable[tuple[str, str]], paired: Sequence[tuple[str, str]] = ()) -> tuple[Says, ...]:
    """What records of a system say, those that hold the same ID together: ``held`` and ``paired`` are (record, the other's ID) each. What a pair
    holds of its own other half goes without saying."""
    found: dict[tuple[str, bool], list[str]] = {}
    for record, other in dict.fromkeys((*paired, *held)):
        if (record, other) in paired:
            found.setdefault((other, True), []).append(record)
        else:
            found.setdefault((other, False), []).append(record)
    return tuple(Says(system, Ids(tuple(who), len(who)), other, is_paired) for (other, is_paired), who in found.items())
