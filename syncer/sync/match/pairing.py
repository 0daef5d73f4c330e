"""Step 2 of a run: unpaired records find their other half, after both systems were read (rule 7). The
decision itself is `syncer.core.matching.decision`."""

from collections.abc import Iterable

from more_itertools import chunked
from sqlalchemy import Connection, and_, func, or_, select

from syncer.core.ids import caseless_id
from syncer.core.matching.decision import Match, MatchRecord, StoredId, decide_match
from syncer.core.reasons import AMBIGUOUS, NAMED_BY_NO_ID, NO_ID
from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.ambiguity_details import AmbiguityDetails, Unclear
from syncer.sync.match.join import join
from syncer.sync.pair_store import (
    CHUNK,
    PAIRS,
    SIDES,
    PairStore,
    Row,
    Side,
    due_columns,
    due_now,
    update_rows,
)
from syncer.sync.pull.pull import ingest, refresh

LONGEST_CHAIN = 10
"""How many merges in a row are followed."""


class Pairing:
    """Pairs up the rows of one kind."""

    def __init__(self, context: SyncContext, kind: Kind) -> None:
        self.context, self.kind = context, kind
        self.mapping, self.pairs = context.mapping(kind), context.pairs(kind)

    def run(self) -> None:
        """Look up the IDs that nobody has seen yet, then pair up every unpaired record that is due, and those
        whose match was unclear."""
        wanted = or_(due_now(self.context.clock()), PAIRS.c.problem.is_not(None))
        for step in (self.look_up, self.pair_up):
            for system in System:
                side = SIDES[system]
                unpaired = and_(
                    PAIRS.c[side.id].is_not(None),
                    PAIRS.c[side.other.id].is_(None),
                    PAIRS.c[side.state] == RecordState.LIVE.value,
                )
                for rows in self.pairs.walk(self.context.database, unpaired, wanted, outline=True):
                    step(system, rows)

    def look_up(self, system: System, rows: list[Row]) -> None:
        """Read the records of the other system that these halves name and that no pair knows; those that do
        not exist are noted as gone."""
        side = SIDES[system]
        links = {row[side.link] for row in rows if row[side.link] and not side.names_nobody(row)}
        with self.context.database.connect() as connection:
            known = self.pairs.by_ids(connection, system.other, links, outline=True)
            naming = list(
                self.pairs.rows_where(
                    connection, side.other.link, (row[side.id] for row in rows), outline=True
                )
            )
            alike = self.pairs.rows_where(
                connection, side.other.match, (row[side.match] for row in rows), outline=True
            )
            candidates = [*known.values(), *naming, *alike]
        self._look_for_purged(system, candidates)
        refresh(self.context, self.kind, system.other, links - set(known))
        if self.kind is Kind.CONVERSATION and system is System.ELEMENT451:
            # A conversation is looked up by its external id before it is created (rule 13).
            claimed = {row[side.other.link] for row in naming}
            wanted = [row[side.id] for row in rows if row["contact_id"] and row[side.id] not in claimed]
            salesforce = self.context.connectors[System.SALESFORCE]
            found = salesforce.find(self.mapping, self.mapping.element_id.salesforce, wanted)
            ingest(self.context, self.kind, System.SALESFORCE, found)

    def _look_for_purged(self, system: System, candidates: list[Row]) -> None:
        """A record in the recycle bin may be gone for good by now, and its former half free for another
        one."""
        side = SIDES[system]
        binned = (
            row[side.id] for row in candidates if row["left_sync"] and row[side.state] == RecordState.DELETED
        )
        refresh(self.context, self.kind, system, binned)

    def pair_up(self, system: System, rows: list[Row]) -> None:
        """Decide for each of these unpaired halves, and join those whose other half was found."""
        with self.context.database.begin() as connection:
            around = _Candidates(connection, self.pairs, system, rows)
            joined: list[tuple[int, int, bool]] = []
            apart: list[Row] = []
            unclear: list[Unclear] = []
            taken: set[int] = set()
            for row in rows:
                decision = around.decide(row)
                if decision.row in taken:
                    decision = Match(problem=AMBIGUOUS)
                if decision.row is not None:
                    taken.add(decision.row)
                    halves = (
                        (row["id"], decision.row)
                        if system is System.ELEMENT451
                        else (decision.row, row["id"])
                    )
                    joined.append((*halves, decision.by_values))
                else:
                    apart.append(row)
                    unclear += [around.unclear(row, decision.problem)] if decision.problem else []
            problems = around.ambiguities.describe(unclear)
            changed = [
                due_columns(row) | {"problem": problems.get(row["id"])}
                for row in apart
                if problems.get(row["id"]) != row["problem"]
            ]
            update_rows(connection, changed)
            whole = {
                row["id"]: row
                for row in self.pairs.rows_where(
                    connection, "id", (half for joint in joined for half in joint[:2])
                )
            }
            join(
                connection,
                self.pairs,
                [(whole[ours], whole[theirs], by_values) for ours, theirs, by_values in joined],
            )


class _Candidates:
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
        self.naming = _grouped(naming, other.link)
        self.alike = _grouped([row for row in alike if row[other.state] == RecordState.LIVE], other.match)
        self.claims = self._count(self.side.link, (row[other.id] for row in candidates))
        self.twins = self._count(self.side.match, (row[self.side.match] for row in rows))
        self.ambiguities = AmbiguityDetails(connection, pairs, self.side, self.twins, self.claims)

    def decide(self, row: Row) -> Match:
        side = self.side
        if side.names_nobody(row):
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
            MatchRecord(row["id"]),
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
        state = theirs[self.side.state] if theirs else RecordState.GONE
        stored_id = {RecordState.LIVE: StoredId.LIVE, RecordState.DELETED: StoredId.IN_RECYCLE_BIN}.get(
            state, StoredId.EMPTY
        )
        if other.names_nobody(row):
            stored_id = StoredId.DAMAGED
        # A pair that left because its half on our side is gone for good is free for another half.
        free = row["left_sync"] and row[self.side.state] == RecordState.GONE
        paired = row[self.side.id] is not None and not free
        claims = self.claims.get(row[other.id], 0) - (seeker[self.side.link] == row[other.id])
        return MatchRecord(
            row["id"],
            paired,
            row[other.state] == RecordState.LIVE,
            stored_id,
            theirs["id"] if theirs else None,
            claims,
        )

    def _damaged_claims(self, rows: list[Row]) -> set[str]:
        """What the damaged IDs that live contacts of Element451 hold share with the IDs of these records."""
        side, other = self.side, self.side.other
        if side.system is not System.SALESFORCE:
            return set()
        asked = [caseless_id(row[side.id]) for row in rows]
        found = self.pairs.rows_where(self.connection, other.link, asked, outline=True)
        return {row[other.link] for row in found if row[other.state] == RecordState.LIVE}

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
                result[key] = survivors.get(into) or result[key] | {
                    "merged_into": None,
                    side.state: RecordState.GONE.value,
                }
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


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
