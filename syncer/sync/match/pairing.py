"""Step 2 of a run: unpaired records find their other half, after both systems were read (rule 7). The
decision itself is `syncer.core.matching.decision`."""

from collections.abc import Iterator
from datetime import datetime

from more_itertools import chunked
from sqlalchemy import ColumnElement, select

from syncer.core.matching.decision import Match
from syncer.core.reasons import AMBIGUOUS, problem_code
from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.ambiguity_details import Unclear
from syncer.sync.match.candidates import Candidates, usable_link
from syncer.sync.match.halves import to_decide, to_look_up, unpaired
from syncer.sync.match.join import join
from syncer.sync.match.mutual import join_mutual
from syncer.sync.pair_rows import ASIDE, Row
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES, Side, due_columns, due_now, update_rows
from syncer.sync.pull.pull import ingest, refresh


class Pairing:
    """Pairs up the rows of one kind."""

    def __init__(self, context: SyncContext, kind: Kind) -> None:
        self.context, self.kind = context, kind
        self.mapping, self.pairs = context.mapping(kind), context.pairs(kind)

    def run(self) -> None:
        """Look up the IDs that nobody has seen yet, then pair up every unpaired record that is due, and those
        whose match was unclear."""
        for system in System:
            for rows in self._unpaired(SIDES[system], to_look_up(self.pairs, SIDES[system])):
                self.look_up(system, rows)
        join_mutual(self.context.database, self.pairs, self.context.clock())
        for system in System:
            for rows in self._unpaired(SIDES[system], to_decide(self.pairs, SIDES[system])):
                self.pair_up(system, rows)

    def _unpaired(self, side: Side, concerned: ColumnElement[bool]) -> Iterator[list[Row]]:
        """The halves on one side that are due or have a problem, a page at a time: by an index each, since
        there may be many more that are neither. Only those that are ``concerned``."""
        after = 0
        while True:
            with self.context.database.connect() as connection:
                found = {
                    row["id"]: row
                    for wanted in (due_now(self.context.clock()), PAIRS.c.problem.is_not(None))
                    for row in self.pairs.page(
                        connection, unpaired(side), wanted, concerned, after=after, outline=True
                    )
                }
            if not found:
                return
            rows = [found[number] for number in sorted(found)[:CHUNK]]
            after = rows[-1]["id"]
            yield rows

    def look_up(self, system: System, rows: list[Row]) -> None:
        """Read the records of the other system that these halves name and that no pair knows, and those
        again that were absent so far (rule 9)."""
        side, now = SIDES[system], self.context.clock()
        links = {
            row[side.link]: _is_due(row, now) for row in rows if usable_link(self.mapping, row[side.link])
        }
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
        absent = {link for link, row in known.items() if row[side.other.state] == RecordState.ABSENT}
        wanted = [link for link, due in links.items() if link not in known or (due and link in absent)]
        if wanted and system is System.ELEMENT451:
            wanted = self._of_this_organization(wanted)
        refresh(self.context, self.kind, system.other, wanted)
        if self.kind is Kind.CONVERSATION and system is System.ELEMENT451:
            # A conversation is looked up by its external id before it is created (rule 13).
            claimed = {row[side.other.link] for row in naming}
            unclaimed = (row[side.id] for row in rows if row["contact_id"] and row[side.id] not in claimed)
            new = [identity for identity in unclaimed if identity]
            salesforce = self.context.connectors[System.SALESFORCE]
            found = salesforce.find(self.mapping, self.mapping.element_id.salesforce, new)
            ingest(self.context, self.kind, System.SALESFORCE, found)

    def _of_this_organization(self, links: list[str | None]) -> list[str | None]:
        """Those of these Salesforce IDs that no pair of a former organization holds. One that does was not
        read here, where everything was: it counts as empty."""
        aside = set[str]()
        with self.context.database.connect() as connection:
            for chunk in chunked(links, CHUNK):
                held = (PAIRS.c.salesforce_id.in_(chunk), PAIRS.c.entity.like(f"%{ASIDE}%"))
                aside |= set(connection.execute(select(PAIRS.c.salesforce_id).where(*held)).scalars())
        return [link for link in links if link not in aside]

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
            around = Candidates(connection, self.pairs, system, rows)
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
            codes = {one.row["id"]: problem_code(one.problem).value for one in unclear}
            changed = [
                due_columns(row)
                | {"problem": problems.get(row["id"]), "problem_code": codes.get(row["id"], "")}
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


def _is_due(row: Row, now: datetime) -> bool:
    return row["due"] and (row["try_after"] is None or row["try_after"] <= now)
