"""Which record of the other system is a record's other half (rule 7). Pure: the caller looks up the
candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from syncer.core.reasons import (
    AMBIGUOUS,
    CONTRADICTION,
    STORED_ID_NOT_SEEN,
    STORED_ID_OF_ANOTHER_OBJECT,
)


class StoredId(StrEnum):
    """What becomes of the ID of the other system that a record stores."""

    EMPTY = "empty"  # nothing is stored, or its record is confirmed gone, which counts as empty
    LIVE = "live"
    DAMAGED = "damaged"  # nobody can tell what it names
    IN_RECYCLE_BIN = "in recycle bin"
    NOT_SEEN = "not seen"  # no read brings its record, and nothing proves that it is gone (rule 9)
    OF_ANOTHER_OBJECT = "of another object"  # by its key prefix


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """One record as matching sees it: its row, whether it is paired and live, and what the ID that it stores
    of the other system names (``names_row``: the row of that record).

    ``claims``: how many live records of the other system store its ID, apart from the one whose other half is
    looked for. ``half_deleted``: it is paired with a record that is in the recycle bin, or gone.
    """

    row: int
    paired: bool = False
    live: bool = True
    stored_id: StoredId = StoredId.EMPTY
    names_row: int | None = None
    claims: int = 0
    half_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The other half's row (``by_values``: found by the match fields), or the problem for which none can be
    chosen, or neither: there is none."""

    row: int | None = None
    by_values: bool = False
    problem: str | None = None


NO_MATCH = Match()
_UNUSABLE = {
    StoredId.NOT_SEEN: STORED_ID_NOT_SEEN,
    StoredId.OF_ANOTHER_OBJECT: STORED_ID_OF_ANOTHER_OBJECT,
}
"""What is wrong with a stored ID that neither names a record nor counts as empty."""


def decide_match(
    record: MatchRecord,
    named: MatchRecord | None,
    claimants: Sequence[MatchRecord],
    alike: Sequence[MatchRecord],
    twins: int,
) -> Match:
    """Find the other half of an unpaired live ``record``.

    ``named`` is the record that its stored ID names (not None where that is live or in the recycle bin).
    ``claimants`` are the other system's records whose stored ID names it. ``alike`` are the other system's
    live records with the same match values, ``twins`` how many live records of its own system have them,
    itself included.
    """
    if problem := _UNUSABLE.get(record.stored_id):
        return Match(problem=problem)
    live_claimants = [other for other in claimants if other.live]
    if named is not None:
        return _match_by_own_id(record, named, live_claimants)
    if live_claimants:
        first, *others = live_claimants
        alone = not (others or first.paired or first.claims)
        return Match(row=first.row) if alone else Match(problem=AMBIGUOUS)
    binned = [other for other in claimants if not (other.live or other.paired or other.claims)]
    if binned and not alike:
        return Match(row=binned[0].row)
    return _match_by_values(record, alike, twins) if alike else NO_MATCH


def _match_by_own_id(record: MatchRecord, named: MatchRecord, live_claimants: Sequence[MatchRecord]) -> Match:
    others = [other for other in live_claimants if other.row != named.row]
    if not named.live and len(others) == 1 and not (others[0].paired or others[0].claims):
        # Deleted, and created anew with the same ID of ours: the living one is meant.
        return Match(row=others[0].row)
    if (named.paired and not named.half_deleted) or named.claims or others:
        return Match(problem=AMBIGUOUS)
    if named.live and named.stored_id is not StoredId.IN_RECYCLE_BIN and not _is_free_for(named, record):
        return Match(problem=_UNUSABLE.get(named.stored_id, CONTRADICTION))
    return Match(row=named.row)


def _match_by_values(record: MatchRecord, alike: Sequence[MatchRecord], twins: int) -> Match:
    if len(alike) > 1 or twins > 1 or alike[0].paired or alike[0].claims:
        return Match(problem=AMBIGUOUS)
    if not _is_free_for(alike[0], record):
        return Match(problem=_UNUSABLE.get(alike[0].stored_id, CONTRADICTION))
    return Match(row=alike[0].row, by_values=True)


def _is_free_for(other: MatchRecord, record: MatchRecord) -> bool:
    """Whether the ID that ``other`` stores is empty, or names ``record`` itself."""
    return other.stored_id is StoredId.EMPTY or other.names_row == record.row
