"""Merges on either side: a pair moves to the record that survived, if that one is free; else the plan
deactivates it (docs/architecture.md, "Status table")."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Engine, and_

from syncer.connectors.protocol import Element451, Salesforce
from syncer.core.mapping import Mapping
from syncer.core.records import Kind, State, System
from syncer.sync.match.join import move
from syncer.sync.pair_store import PAIRS, SIDES, Pairs, Row, conversations_due
from syncer.sync.pull.ingest import Absorber
from syncer.sync.pull.pull import read_by_id


class Merges:
    """Follows the merges of one mapping's records."""

    def __init__(
        self, engine: Engine, salesforce: Salesforce, element451: Element451, mapping: Mapping
    ) -> None:
        self.engine, self.salesforce, self.element451, self.mapping = engine, salesforce, element451, mapping
        self.pairs = Pairs(mapping)

    def run(self) -> None:
        """Move every due pair whose half was merged away, in Salesforce (it says into what) and in Element451
        (the survivor holds the ID).

        What is said to be gone is asked for once more first: a sick answer in an earlier reading must
        deactivate nobody.
        """
        for system in System:
            side = SIDES[system]
            for rows in self._due(
                and_(PAIRS.c[side.state] == State.GONE.value, PAIRS.c.left_sync.is_(False))
            ):
                found = read_by_id(
                    self.salesforce, self.element451, self.mapping, system, [row[side.id] for row in rows]
                )
                with self.engine.begin() as connection:
                    Absorber(self.pairs, system).absorb(
                        connection, [record for record in found if record.state is not State.GONE]
                    )
        for rows in self._due(PAIRS.c.salesforce_state == State.MERGED.value):
            self._learn_survivors(rows)
            with self.engine.begin() as connection:
                moves = self._moves_in_salesforce(connection, rows)
                move(connection, self.pairs, System.SALESFORCE, moves)
                if self.mapping.kind is Kind.CONTACT:
                    conversations_due(connection, (row["element_id"] for row, _ in moves))
        if self.mapping.kind is Kind.CONTACT:
            for rows in self._due(PAIRS.c.element_state == State.GONE.value):
                with self.engine.begin() as connection:
                    move(
                        connection, self.pairs, System.ELEMENT451, self._moves_in_element451(connection, rows)
                    )

    def _due(self, condition: ColumnElement[bool]) -> Iterator[list[Row]]:
        paired = and_(
            PAIRS.c.due, PAIRS.c.element_id.is_not(None), PAIRS.c.salesforce_id.is_not(None), condition
        )
        after = 0
        while True:
            with self.engine.connect() as connection:
                rows = self.pairs.page(connection, paired, after=after)
            if not rows:
                return
            after = rows[-1]["id"]
            yield rows

    def _learn_survivors(self, rows: list[Row]) -> None:
        asked = {row["merged_into"] for row in rows if row["merged_into"]}
        while asked:
            with self.engine.connect() as connection:
                known = self.pairs.by_ids(connection, System.SALESFORCE, asked)
            found = read_by_id(
                self.salesforce, self.element451, self.mapping, System.SALESFORCE, sorted(asked - set(known))
            )
            with self.engine.begin() as connection:
                Absorber(self.pairs, System.SALESFORCE).absorb(connection, found)
            asked = {record.merged_into for record in found if record.merged_into}

    def _moves_in_salesforce(self, connection: Connection, rows: list[Row]) -> list[tuple[Row, Row]]:
        moves, taken = [], set[int]()
        for row in rows:
            survivor, seen = self._survivor(connection, row["merged_into"]), set[str]()
            while (
                survivor
                and survivor["salesforce_state"] == State.MERGED
                and survivor["salesforce_id"] not in seen
            ):
                seen.add(survivor["salesforce_id"])
                survivor = self._survivor(connection, survivor["merged_into"])
            free = survivor and survivor["element_id"] is None and survivor["salesforce_state"] == State.LIVE
            if survivor and free and survivor["id"] not in taken:
                taken.add(survivor["id"])
                moves.append((row, survivor))
        return moves

    def _survivor(self, connection: Connection, identity: str | None) -> Row | None:
        return (
            self.pairs.by_ids(connection, System.SALESFORCE, [identity]).get(identity) if identity else None
        )

    def _moves_in_element451(self, connection: Connection, rows: list[Row]) -> list[tuple[Row, Row]]:
        holders: dict[str, list[Row]] = {}
        for holder in self.pairs.rows_where(
            connection, "element_link", (row["salesforce_id"] for row in rows)
        ):
            if holder["element_state"] == State.LIVE and holder["salesforce_id"] is None:
                holders.setdefault(holder["element_link"], []).append(holder)
        return [(row, found[0]) for row in rows if len(found := holders.get(row["salesforce_id"], [])) == 1]
