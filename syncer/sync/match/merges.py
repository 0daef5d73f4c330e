"""Merges in either system: a pair moves to the record that survived, if that one is free; else the plan
deactivates it (docs/architecture.md, the table of statuses)."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_

from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.join import move
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, SIDES, due_now, make_conversations_due
from syncer.sync.pull.pull import refresh

MISSING = (RecordState.ABSENT.value, RecordState.GONE.value)


class Merges:
    """Follows the merges of one kind's records."""

    def __init__(self, context: SyncContext, kind: Kind) -> None:
        self.context, self.kind = context, kind
        self.mapping, self.pairs = context.mapping(kind), context.pairs(kind)

    def run(self) -> None:
        """Move every due pair whose half was merged away, in Salesforce (which names the survivor) and in
        Element451 (where the survivor holds the ID)."""
        self._look_again_for_the_absent()
        self.follow_in_salesforce()
        if self.kind is Kind.CONTACT:
            for rows in self._due(PAIRS.c.element_state.in_(MISSING)):
                with self.context.database.begin() as connection:
                    moves = self._moves_in_element451(connection, rows)
                    move(connection, self.pairs, System.ELEMENT451, moves)

    def follow_in_salesforce(self) -> None:
        """Move every due pair whose half was merged away in Salesforce: those too that were only just made by
        an ID which Element451 still stores of a record that was merged before."""
        for rows in self._due(PAIRS.c.salesforce_state == RecordState.MERGED.value):
            self._read_survivors(rows)
            with self.context.database.begin() as connection:
                moves = self._moves_in_salesforce(connection, rows)
                move(connection, self.pairs, System.SALESFORCE, moves)
                if self.kind is Kind.CONTACT:
                    make_conversations_due(connection, (row["element_id"] for row, _ in moves))

    def _look_again_for_the_absent(self) -> None:
        """Due records that were absent are asked for once more, those too that are proved gone and have not
        left the sync yet: whatever brings them back ends that (rule 9)."""
        due = due_now(self.context.clock())
        for system in System:
            side = SIDES[system]
            missing = and_(PAIRS.c[side.state].in_(MISSING), PAIRS.c.left_sync.is_(False))
            for rows in self.pairs.walk(self.context.database, due, missing, outline=True):
                refresh(self.context, self.kind, system, (row[side.id] for row in rows))

    def _due(self, condition: ColumnElement[bool]) -> Iterator[list[Row]]:
        paired = and_(
            PAIRS.c.due, PAIRS.c.element_id.is_not(None), PAIRS.c.salesforce_id.is_not(None), condition
        )
        return self.pairs.walk(self.context.database, paired)

    def _read_survivors(self, rows: list[Row]) -> None:
        wanted = {row["merged_into"] for row in rows if row["merged_into"]}
        while wanted:
            with self.context.database.connect() as connection:
                known = self.pairs.by_ids(connection, System.SALESFORCE, wanted)
            found = refresh(self.context, self.kind, System.SALESFORCE, wanted - set(known))
            wanted = {record.merged_into for record in found if record.merged_into}

    def _moves_in_salesforce(self, connection: Connection, rows: list[Row]) -> list[tuple[Row, Row]]:
        moves, taken = [], set[int]()
        for row in rows:
            survivor, seen = self._survivor(connection, row["merged_into"]), set[str | None]()
            while (
                survivor
                and survivor["salesforce_state"] == RecordState.MERGED
                and survivor["salesforce_id"] not in seen
            ):
                seen.add(survivor["salesforce_id"])
                survivor = self._survivor(connection, survivor["merged_into"])
            free = (
                survivor
                and survivor["element_id"] is None
                and survivor["salesforce_state"] == RecordState.LIVE
            )
            if survivor and free and survivor["id"] not in taken:
                taken.add(survivor["id"])
                moves.append((row, survivor))
        return moves

    def _survivor(self, connection: Connection, identity: str | None) -> Row | None:
        return (
            self.pairs.by_ids(connection, System.SALESFORCE, [identity]).get(identity) if identity else None
        )

    def _moves_in_element451(self, connection: Connection, rows: list[Row]) -> list[tuple[Row, Row]]:
        holders: dict[str | None, list[Row]] = {}
        for holder in self.pairs.rows_where(
            connection, "element_link", (row["salesforce_id"] for row in rows)
        ):
            if holder["element_state"] == RecordState.LIVE and holder["salesforce_id"] is None:
                holders.setdefault(holder["element_link"], []).append(holder)
        return [(row, found[0]) for row in rows if len(found := holders.get(row["salesforce_id"], [])) == 1]
