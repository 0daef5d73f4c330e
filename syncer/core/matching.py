"""Which half belongs to which (rule 7). Pure: the candidates are looked up by the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from syncer.core.reasons import AMBIGUOUS, CONTRADICTION
from syncer.core.records import Kind, System, Value


class Named(StrEnum):
    """What the ID that a half stores of the other system stands for."""

    NOTHING = "nothing"  # empty, or confirmed gone, which counts as empty
    LIVE = "live"
    BIN = "bin"


@dataclass(frozen=True, slots=True)
class Half:
    """One record as pairing sees it: its row, whether it is paired, and what the ID that it stores of the
    other system names.

    ``claims``: how many live records of the other system store its ID, besides the one that a half is looked
    for.
    """

    row: int
    paired: bool = False
    live: bool = True
    names: Named = Named.NOTHING
    names_row: int | None = None
    claims: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """The other half's row (``by_values``: found by the match fields), or the problem that forbids to choose,
    or neither: there is none."""

    row: int | None = None
    by_values: bool = False
    problem: str | None = None


NOBODY = Match()


def match(half: Half, named: Half | None, naming: Sequence[Half], alike: Sequence[Half], twins: int) -> Match:
    """Find the other half of an unpaired live ``half``.

    ``named`` is the record that its stored ID names (live or in the recycle bin; None when empty or gone).
    ``naming`` are the other system's records whose stored ID names it. ``alike`` are the other system's live
    records with the same match values, ``twins`` how many live records of its own system have them, itself
    included.
    """
    living = [other for other in naming if other.live]
    if named is not None:
        others = [other for other in living if other.row != named.row]
        if named.paired or named.claims or others:
            return Match(problem=AMBIGUOUS)
        if not named.live:
            return Match(row=named.row)
        return Match(row=named.row) if _open_to(named, half) else Match(problem=CONTRADICTION)
    if living:
        alone = len(living) == 1 and not living[0].paired and not living[0].claims
        return Match(row=living[0].row) if alone else Match(problem=AMBIGUOUS)
    binned = [other for other in naming if not (other.live or other.paired or other.claims)]
    if binned and not alike:
        return Match(row=binned[0].row)
    if not alike:
        return NOBODY
    if len(alike) > 1 or twins > 1 or alike[0].paired or alike[0].claims:
        return Match(problem=AMBIGUOUS)
    return (
        Match(row=alike[0].row, by_values=True) if _open_to(alike[0], half) else Match(problem=CONTRADICTION)
    )


def _open_to(other: Half, half: Half) -> bool:
    """Whether the ID that ``other`` stores is empty, or names ``half`` itself."""
    return other.names is Named.NOTHING or other.names_row == half.row


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
    """The records ``who`` of ``system`` hold ``other``, an ID of the other system; or, ``paired``, are a pair
    with it already."""

    system: System
    who: Ids
    other: str
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """``values``: the match fields' labels with their values, where these decide, and ``alike``: who has them
    in each system; ``says``: which record says what of which other."""

    values: tuple[tuple[str, Value], ...] = ()
    alike: tuple[tuple[System, Ids], ...] = ()
    says: tuple[Says, ...] = ()


def told(problem: str, clash: Clash, kind: Kind) -> str:
    """``problem`` (`match.AMBIGUOUS`, `match.CONTRADICTION`), with the values and the records that it is
    about."""
    values = " and ".join(f"{label} is “{_shown(value)}”" for label, value in clash.values)
    alike = [f"In {system.label}: {ids}." for system, ids in clash.alike if ids.some]
    says = [_said(one, kind) for one in clash.says[: 2 * SHOWN]]
    return " ".join(filter(None, (problem, f"{values}." if values else "", *alike, *says)))


def _said(one: Says, kind: Kind) -> str:
    other = (
        "Salesforce ID"
        if one.system is System.ELEMENT451
        else "Element ID"
        if kind is Kind.CONTACT
        else "Conversation ID"
    )
    several = len(one.who.some) > 1 or one.who.total > 1
    verb = (
        ("are already paired with" if several else "is already paired with")
        if one.paired
        else "hold"
        if several
        else "holds"
    )
    return f"In {one.system.label}, {one.who} {verb} the {other} {one.other}."


def _shown(value: Value) -> str:
    text = " ".join((", ".join(value) if isinstance(value, list) else str(value)).split())
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def grouped(
    system: System, held: Iterable[tuple[str, str]], paired: Sequence[tuple[str, str]] = ()
) -> tuple[Says, ...]:
    """What records of a system say, those that hold the same ID together: ``held`` and ``paired`` are
    (record, the other's ID) each. What a pair holds of its own other half goes without saying."""
    found: dict[tuple[str, bool], list[str]] = {}
    for record, other in dict.fromkeys((*paired, *held)):
        if (record, other) in paired:
            found.setdefault((other, True), []).append(record)
        else:
            found.setdefault((other, False), []).append(record)
    return tuple(
        Says(system, Ids(tuple(who), len(who)), other, is_paired) for (other, is_paired), who in found.items()
    )
