"""Whoever may be the other half of a page of unpaired records, read with a handful of statements, and which
of them is (rule 7)."""

from collections.abc import Iterable

from more_itertools import chunked
from sqlalchemy import Connection, and_, func, select

from syncer.core.ids import caseless_id, is_damaged, is_of_object, salesforce_id
from syncer.core.mapping import FieldMapping
from syncer.core.matching.decision import Match, MatchRecord, StoredId, decide_match
from syncer.core.reasons import NAMED_BY_NO_ID, NO_ID
from syncer.core.records import RecordState, System
from syncer.sync.match.ambiguity_details import AmbiguityDetails, Unclear
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES, PairStore, Side

_STORED = {
    RecordState.LIVE: StoredId.LIVE,
    RecordState.DELETED: StoredId.IN_RECYCLE_BIN,
    RecordState.ABSENT: StoredId.NOT_SEEN,
}
LONGEST_CHAIN = 10
"""How many merges in a row are followed."""


class Candidates:
    """Everything that the decisions about one page of halves need, read with a handful of statements."""

    def __init__(self, connection: Connection, pairs: PairStore, system: System, rows: list[Row]) -> None:
        self.connection, self.pairs, self.side = connection, pairs, SIDES[system]
        other = self.side.other
        self.named = self._resolve(other, (row[self.side.link] for row in rows))
        naming = list(
            pairs.rows_where(connection, other.link, (row[self.side.id] for row in rows), outline=True)
        )
        self.named_by_no_id = self._damaged_claims(rows)
        alike = list(
            pairs.rows_where(connection, other.match, (row[self.side.match] for row in rows), outline=True)
        )
        candidates = [*self.named.values(), *naming, *alike]
        self.named_by_others = self._resolve(self.side, (row[other.link] for row in candidates))
        self.left_behind = self._left_behind(row[self.side.link] for row in rows)
        self.left_behind |= self._left_behind(row[other.link] for row in candidates)
        self.naming = _grouped((row[other.link] for row in naming), naming)
        live = [row for row in alike if row[other.state] == RecordState.LIVE]
        self.alike = _grouped((row[other.match] for row in live), live)
        self.claims = self._count(self.side.link, (row[other.id] for row in candidates))
        self.twins = self._count(self.side.match, (row[self.side.match] for row in rows))
        self.ambiguities = AmbiguityDetails(connection, pairs, self.side, self.twins, self.claims)

    def decide(self, row: Row) -> Match:
        """The other half of one of the rows, or the problem with it (`decide_match`)."""
        side = self.side
        if side.stores_damaged_id(row):
            return Match(problem=NO_ID)
        found = self._decide(row)
        unclear = found.row is None or found.by_values
        if unclear and not found.problem and caseless_id(row[side.id]) in self.named_by_no_id:
            return Match(problem=NAMED_BY_NO_ID)
        return found

    def _decide(self, row: Row) -> Match:
        side = self.side
        named = self.named.get(row[side.link])
        return decide_match(
            MatchRecord(row["id"], stored_id=self._stored_id(row[side.link], named, side.other)),
            self._match_record(named, row) if named and named[side.other.state] != RecordState.GONE else None,
            [self._match_record(other, row) for other in self.naming.get(row[side.id], ())],
            (
                [self._match_record(other, row) for other in self.alike.get(row[side.match], ())]
                if row[side.match]
                else []
            ),
            self.twins.get(row[side.match], 1),
        )

    def unclear(self, row: Row, problem: str) -> Unclear:
        """A half that nobody can decide about, with the records of the other system that it might belong
        to."""
        side, other = self.side, self.side.other
        named = self.named.get(row[side.link])
        linked = [named] if named and named[other.state] != RecordState.GONE else []
        linked += [
            each for each in self.naming.get(row[side.id], ()) if each[other.state] == RecordState.LIVE
        ]
        by_id = {each[other.id]: each for each in sorted(linked, key=lambda each: str(each[other.id]))}
        alike = self.alike.get(row[side.match], ()) if row[side.match] else ()
        return Unclear(
            row, problem, tuple(by_id.values()), sorted(alike, key=lambda each: str(each[other.id]))
        )

    def _match_record(self, row: Row, seeker: Row) -> MatchRecord:
        """A record of the other system, as pairing sees it for ``seeker``."""
        other = self.side.other
        theirs = self.named_by_others.get(row[other.link])
        # A pair that left because its half on our side is gone for good is free for another half.
        free = row["left_sync"] and row[self.side.state] == RecordState.GONE
        paired = row[self.side.id] is not None and not free
        claims = self.claims.get(row[other.id], 0) - (seeker[self.side.link] == row[other.id])
        return MatchRecord(
            row["id"],
            paired,
            row[other.state] == RecordState.LIVE,
            self._stored_id(row[other.link], theirs, self.side),
            theirs["id"] if theirs else None,
            claims,
            row[self.side.state] in (RecordState.DELETED, RecordState.GONE),
        )

    def _damaged_claims(self, rows: list[Row]) -> set[str]:
        """What the damaged IDs that live contacts of Element451 hold share with the IDs of these records."""
        side, other = self.side, self.side.other
        if side.system is not System.SALESFORCE:
            return set()
        asked = [caseless_id(row[side.id]) for row in rows]
        found = self.pairs.rows_where(self.connection, other.link, asked, outline=True)
        return {str(row[other.link]) for row in found if row[other.state] == RecordState.LIVE}

    def _stored_id(self, link: str | None, named: Row | None, side: Side) -> StoredId:
        """What becomes of a stored ``link``, which names a record of ``side``."""
        if is_damaged(link):
            return StoredId.DAMAGED
        if link and not usable_link(self.pairs.mapping, link):
            return StoredId.EMPTY if link in self.left_behind else StoredId.OF_ANOTHER_OBJECT
        return _STORED.get(RecordState(named[side.state]), StoredId.EMPTY) if named else StoredId.EMPTY

    def _left_behind(self, links: Iterable[str | None]) -> set[str]:
        """Those of these IDs of another object whose records were paired before the school changed to this
        one, which somebody approved (rule 19): they count as empty."""
        foreign = {link for link in links if link and not usable_link(self.pairs.mapping, link)}
        kind, found = self.pairs.mapping.kind.value, set[str]()
        for chunk in chunked(sorted(foreign), CHUNK):
            paired = and_(
                PAIRS.c.kind == kind, PAIRS.c.salesforce_id.in_(chunk), PAIRS.c.element_id.is_not(None)
            )
            found |= set(self.connection.execute(select(PAIRS.c.salesforce_id).where(paired)).scalars())
        return found

    def _resolve(self, side: Side, ids: Iterable[str | None]) -> dict[str | None, Row]:
        """The rows that these IDs stand for; a merged record stands for its survivor."""
        asked = {identity for identity in ids if identity}
        found = self.pairs.by_ids(self.connection, side.system, asked, outline=True)
        result: dict[str | None, Row] = dict(found.items())
        for _ in range(LONGEST_CHAIN):
            merged = {
                key: row["merged_into"]
                for key, row in result.items()
                if row[side.state] == RecordState.MERGED and row["merged_into"]
            }
            if not merged:
                break
            survivors = self.pairs.by_ids(self.connection, side.system, merged.values(), outline=True)
            for key, into in merged.items():
                result[key] = survivors.get(into) or _gone(side, result[key])
        return result

    def _count(self, column: str, values: Iterable[str | None]) -> dict[str | None, int]:
        wanted, counts = sorted({value for value in values if value}), dict[str | None, int]()
        for chunk in chunked(wanted, CHUNK):
            here = and_(
                self.pairs.here,
                PAIRS.c[column].in_(chunk),
                PAIRS.c[self.side.state] == RecordState.LIVE.value,
            )
            statement = select(PAIRS.c[column], func.count()).where(here).group_by(PAIRS.c[column])
            counts |= {value: number for value, number in self.connection.execute(statement).all()}  # noqa: C416  a Row is no pair
        return counts


def usable_link(mapping: FieldMapping, link: str | None) -> bool:
    """Whether a stored ID of either system may name a record of the mapping's object: an ID of Salesforce
    begins with the object's key prefix (contracts/salesforce.md A6)."""
    if link is None or is_damaged(link):
        return False
    return salesforce_id(link) is None or is_of_object(link, mapping.entity.key_prefix)


def _gone(side: Side, row: Row) -> Row:
    gone = row.copy()
    gone["merged_into"], gone[side.state] = None, RecordState.GONE.value
    return gone


def _grouped(keys: Iterable[str | None], rows: list[Row]) -> dict[str | None, list[Row]]:
    groups: dict[str | None, list[Row]] = {}
    for key, row in zip(keys, rows, strict=True):
        groups.setdefault(key, []).append(row)
    return groups
