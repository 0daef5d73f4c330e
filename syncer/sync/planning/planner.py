"""Step 3 of a run: the due pairs, a page at a time, each with its plans. Reads the database only; the
decision is `syncer.core.planner`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine, and_

from syncer.core.compiled.planner import PairPlanner
from syncer.core.pair import NEW, ContactLink, Pair
from syncer.core.plan import Change, Direction, Plan, Rules, Status
from syncer.core.planner import plan_absent
from syncer.core.records import NOT_GONE, Kind, System
from syncer.core.trust.holds import Hold
from syncer.core.trust.restraint import outside
from syncer.journal.log import Outcome
from syncer.sync.holds import store as holds
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, PairStore, due_now, to_pair

PAGE = {Kind.CONTACT: 3200, Kind.CONVERSATION: 800}
"""Pairs a page: four calls of 800 updates to Salesforce; fewer conversations, whose transcripts are long."""


@dataclass(slots=True)
class PlannedPair:
    """A pair with its row, its plans and, once they were carried out, their outcomes.

    ``replan_now``: the record turned out not to be what the plan assumed, and is planned again in the same
    run; ``replan_next_run``: in the next one, so that the guard counts it; ``awaits_approval``: some of it
    waits for a person. ``stays_due``: it was not planned for being due, and stays due as it is;
    ``owner_rewrites``: the changes that an owner would make again after these plans, by the system that they
    would change.
    """

    row: Row
    pair: Pair
    plans: list[Plan]
    outcomes: list[Outcome] = field(default_factory=list)
    replan_now: bool = False
    replan_next_run: bool = False
    awaits_approval: bool = False
    stays_due: bool = False
    owner_rewrites: list[tuple[System, Change]] = field(default_factory=list)


class Planner:
    """Plans the due pairs by the rules of each kind. ``run`` is the run that is planned for: what it has
    tried is not planned again, nor is what failed and has to wait until after ``now``. The hold ``released``
    counts as released."""

    def __init__(
        self,
        engine: Engine,
        rules: Mapping[Kind, Rules],
        run: int,
        now: datetime,
        released: int | None = None,
    ) -> None:
        self.engine, self.rules, self.run, self.released = engine, rules, run, released
        self.due_now = and_(due_now(now), PAIRS.c.tried_in != run)
        self.pairs = {kind: PairStore(kind_rules.mapping) for kind, kind_rules in rules.items()}
        self.planners = {kind: PairPlanner(kind_rules) for kind, kind_rules in rules.items()}

    def due(self, kind: Kind) -> int:
        """How many pairs of this kind are due."""
        with self.engine.connect() as connection:
            return self.pairs[kind].count(connection, self.due_now)

    def pages(self, kind: Kind, size: int | None = None) -> Iterator[list[PlannedPair]]:
        """Every due pair of this kind, with its plans, a page at a time in the order of their rows."""
        rows = self.pairs[kind].walk(self.engine, self.due_now, size=size or PAGE[kind])
        return map(partial(self.plan_rows, kind), rows)

    def plan_rows(self, kind: Kind, rows: Sequence[Row]) -> list[PlannedPair]:
        """These rows, each with its plans; conversations with what is known of their contacts."""
        contacts: dict[str, ContactLink] = {}
        held: Mapping[int, tuple[Hold, ...]] = {}
        if kind is Kind.CONVERSATION or _held(rows):
            with self.engine.connect() as connection:
                contacts = self._contacts(connection, rows) if kind is Kind.CONVERSATION else {}
                held = holds.of_pairs(connection, _held(rows), self.released)
        planned = []
        for row in rows:
            pair = to_pair(row, contacts.get(row["contact_id"] or ""), held.get(row["id"], ()))
            planned.append(PlannedPair(row, pair, self.planners[kind].plans(pair)))
        return planned

    def _contacts(self, connection: Connection, rows: Sequence[Row]) -> dict[str, ContactLink]:
        wanted = {row["contact_id"] for row in rows if row["contact_id"]}
        found = self.pairs[Kind.CONTACT].by_ids(connection, System.ELEMENT451, wanted)
        held = holds.of_pairs(connection, _held(found.values()), self.released)
        return {identity: self._contact(found.get(identity), held) for identity in wanted}

    def _contact(self, row: Row | None, held: Mapping[int, tuple[Hold, ...]]) -> ContactLink:
        """What a conversation may know of its contact. One that is still to be exported counts as its plan
        says (preview = run, rule 15)."""
        if row is None:
            return ContactLink(known=False)
        pair = to_pair(row, holds=held.get(row["id"], ()))
        if pair.left or pair.element_state not in NOT_GONE:
            return ContactLink(left=True)
        if pair.salesforce_id and pair.salesforce_state not in NOT_GONE:
            return ContactLink(pair.salesforce_id, left=True)
        if unseen := plan_absent(pair):
            return ContactLink(failed=unseen.reason)
        if why := outside(pair, self.rules[Kind.CONTACT].mapping.filters):
            return ContactLink(left=True, failed=why)
        if pair.salesforce_id:
            return ContactLink(pair.salesforce_id)
        failed = (row["failures"] or {}).get(Direction.EXPORT)
        if failed and (not row["due"] or row["tried_in"] == self.run or row["try_after"]):
            # It is not exported before the conversation would be.
            return ContactLink(failed=failed["reason"])
        plans = self.planners[Kind.CONTACT].plans(pair)
        exported = [each for each in plans if each.direction is Direction.EXPORT]
        if any(each.status is Status.INSERTED for each in exported):
            return ContactLink(NEW)
        return ContactLink(failed=exported[0].reason if exported else "")


def _held(rows: Iterable[Row]) -> list[int]:
    return [row["id"] for row in rows if row["held"]]
