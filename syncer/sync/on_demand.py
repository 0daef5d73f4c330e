"""One record at a time: Preview, Test and Retry take the road for it; Preview stops before the first write
(rule 15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from syncer.core.ids import element_id, salesforce_id
from syncer.core.no_plan import absent
from syncer.core.plan import Direction, Plan, Status
from syncer.core.records import Kind, Record, State, System
from syncer.journal import runs
from syncer.journal.log import ENTRIES, Context, Outcome, count
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync import config_change
from syncer.sync.engine import Road
from syncer.sync.match.merges import Merges
from syncer.sync.match.pairing import Matching
from syncer.sync.pair_store import PAIRS, SIDES, Pairs, Row
from syncer.sync.planning.planner import Item, Planning
from syncer.sync.pull.ingest import Absorber
from syncer.sync.pull.pull import read_by_id

NOT_A_RUN = -1
ALIKE = 50
"""How many records with the same match values are read again for one record."""
SAMPLE = 20
"""How many due records a preview without an ID shows."""


class NoSuchRecord(Exception):
    """The record that was asked for cannot be looked at; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which record, in which direction; exactly one of the IDs is given. ``existed``: it is known to have
    been there."""

    direction: Direction
    salesforce_id: str | None = None
    element_id: str | None = None
    kind: Kind = Kind.CONTACT
    existed: bool = False


class Single:
    """Looks at, or does, single records by the rules of a `Road`."""

    def __init__(self, road: Road) -> None:
        self.road = road

    def preview(self, asked: Asked) -> list[Plan]:
        """The plans for one record as it stands now in both systems; for an export the contact's
        conversations too. Nothing is written."""
        asked = self._whichever(asked)
        return [made for item in self._look(asked) for made in _answer(item, asked)]

    def sample(self, direction: Direction, size: int = SAMPLE, *, read: bool = True) -> list[Plan]:
        """The plans of some records that are due, after both sides were read (not while a run does that:
        ``read``); those that write come first. Nothing is written."""
        if read:
            self.road.read()
        planning = Planning(self.road.engine, self.road.setup.rules(), NOT_A_RUN, self.road.clock())
        writing, others = list[Plan](), list[Plan]()
        for kind in self.road.kinds:
            for items in planning.pages(kind):
                for made in (made for item in items for made in _asked_for(item, direction)):
                    (writing if made.status.writes else others).append(made) if len(writing) < size else None
                    del others[size:]
                if len(writing) >= size:
                    return writing
        return (writing + others)[:size]

    def do(self, asked: Asked, trigger: Trigger, retry_of: int | None = None) -> tuple[Run, list[Outcome]]:
        """Do it for one record, whatever the guard would say of a run, and log everything that came of it
        (Test and Retry)."""
        run, asked = (
            runs.begin(self.road.engine, trigger, self.road.setup.version, single=True),
            self._whichever(asked),
        )
        done: list[Outcome] = []

        def go() -> None:
            context = Context(
                run.id, self.road.setup.version, self.road.setup.entities, every=True, retry_of=retry_of
            )
            push = self.road.push(run, context, runs.previous(self.road.engine, run))
            for kind in (Kind.CONTACT, Kind.CONVERSATION):
                # A conversation is looked at once its contact is done.
                for item in self._look(asked, run.id, kinds=(kind,)):
                    kept = replace_plans(item, _answer(item, asked))
                    done.extend(push.page(kind, [kept]))
            for made in done:
                count(run.counts, made.plan.direction, made.plan.kind, made.status)
            run.state = RunState.DONE

        return self.road.ended(run, go), done

    def retry(self, entry: int) -> tuple[Run, list[Outcome]]:
        """Read both sides of a logged record again, plan it anew in the same direction and do it. Raises
        `NoSuchRecord`."""
        with self.road.engine.connect() as connection:
            row = connection.execute(select(ENTRIES).where(ENTRIES.c.id == entry)).mappings().one_or_none()
        if row is None:
            raise NoSuchRecord(
                f"There is no log entry {entry}. Look the number up with: python -m syncer logs"
            )
        direction, kind = Direction(row["direction"]), Kind(row["kind"])
        ours, theirs = row["element_id"], row["salesforce_id"]
        by_ours = ours and (direction is Direction.EXPORT or not theirs)
        return self.do(
            Asked(direction, None if by_ours else theirs, ours if by_ours else None, kind, existed=True),
            Trigger.RETRY,
            retry_of=entry,
        )

    def retry_failed(self, code: str | None = None) -> tuple[Run, list[Outcome]]:
        """Do every record that is failing now (with this cause ``code``, if given) again, as one run: read
        again on both sides, planned anew. The guard does not ask: that is for what nobody looked at, and
        whoever asks for this saw what fails and how many records it is."""
        run = runs.begin(self.road.engine, Trigger.RETRY, self.road.setup.version, single=True)
        done: list[Outcome] = []

        def go() -> None:
            context = Context(run.id, self.road.setup.version, self.road.setup.entities, every=True)
            push = self.road.push(run, context, runs.previous(self.road.engine, run))
            for kind in self.road.kinds:
                for rows in self._failing(kind, code):
                    again = [_with_answer(item) for item in self._again(push.planning, kind, rows)]
                    done.extend(push.page(kind, [item for item in again if item.plans]))
            for made in done:
                count(run.counts, made.plan.direction, made.plan.kind, made.status)
            run.state = RunState.DONE

        return self.road.ended(run, go), done

    def _failing(self, kind: Kind, code: str | None) -> Iterator[list[Row]]:
        pairs, after = Pairs(self.road.setup.mappings[kind]), 0
        while True:
            with self.road.engine.connect() as connection:
                rows = pairs.page(connection, PAIRS.c.failing, after=after)
            if not rows:
                return
            after = rows[-1]["id"]
            yield [
                row
                for row in rows
                if code is None or any(kept["code"] == code for kept in (row["failures"] or {}).values())
            ]

    def _again(self, planning: Planning, kind: Kind, rows: list[Row]) -> list[Item]:
        """Read these rows' records again, many at a time, pair up what is unpaired, and plan them."""
        pairs = planning.pairs[kind]
        for system in System:
            self._read(pairs, system, [row[SIDES[system].id] for row in rows if row[SIDES[system].id]])
        matching = Matching(self.road.engine, self.road.salesforce, self.road.element451, pairs.mapping)
        for system in System:
            alone = [
                row
                for row in self._same(pairs, rows)
                if row[SIDES[system].id] and not row[SIDES[system].other.id]
            ]
            live = [row for row in alone if row[SIDES[system].state] == State.LIVE]
            matching.look_up(system, live)
            matching.pair_up(system, live)
        with self.road.engine.connect() as connection:
            return planning.items(connection, kind, self._same(pairs, rows))

    def _same(self, pairs: Pairs, rows: list[Row]) -> list[Row]:
        with self.road.engine.connect() as connection:
            return list(pairs.rows_where(connection, "id", [row["id"] for row in rows]))

    def _whichever(self, asked: Asked) -> Asked:
        """The ID of a conversation names a conversation, where one is known by it."""
        system = System.SALESFORCE if asked.salesforce_id else System.ELEMENT451
        identity = SIDES[system].normal(asked.salesforce_id or asked.element_id)
        if (
            identity is None
            or Kind.CONVERSATION not in self.road.kinds
            or asked.direction is Direction.IMPORT
        ):
            return asked
        known = self._row(Pairs(self.road.setup.mappings[Kind.CONVERSATION]), system, identity)
        return replace(asked, kind=Kind.CONVERSATION) if known else asked

    def _look(self, asked: Asked, run: int = NOT_A_RUN, kinds: Sequence[Kind] = tuple(Kind)) -> list[Item]:
        """Read the record and its other half now, pair them up, and plan them."""
        config_change.apply(self.road.engine, self.road.setup)
        planning = Planning(
            self.road.engine, self.road.setup.rules(runs.previous(self.road.engine)), run, self.road.clock()
        )
        found: list[Item] = []
        if asked.kind in kinds:
            row = self._fresh(asked)
            with self.road.engine.connect() as connection:
                found += planning.items(connection, asked.kind, [row])
        if asked.kind is Kind.CONTACT and asked.direction is Direction.EXPORT and Kind.CONVERSATION in kinds:
            found += self._conversations(planning, asked)
        return found

    def _fresh(self, asked: Asked) -> Row:
        road, mapping = self.road, self.road.setup.mappings[asked.kind]
        pairs = Pairs(mapping)
        theirs = asked.salesforce_id is not None
        system = System.SALESFORCE if theirs else System.ELEMENT451
        typed = asked.salesforce_id if theirs else asked.element_id
        identity = salesforce_id(typed) if theirs else element_id(typed)
        if identity is None:
            what = (
                "a Salesforce ID (15 or 18 letters and digits)"
                if theirs
                else "an Element ID (24 hexadecimal digits)"
            )
            raise NoSuchRecord(f"“{typed}” is not {what}. Copy it from the record's page.")
        self._read(pairs, system, [identity])
        row = self._row(pairs, system, identity)
        gone = row is not None and row[SIDES[system].state] == State.GONE and not row[SIDES[system.other].id]
        if row is not None and gone and asked.existed:
            return row
        if row is None or gone:
            raise NoSuchRecord(
                f"{system.label} has no {asked.kind} with the ID {identity}. Look whether it was deleted or"
                " merged."
            )
        if not row[SIDES[system.other].id]:
            self._read_candidates(pairs, system, row)
            row = self._row(pairs, system, identity) or row
        matching = Matching(road.engine, road.salesforce, road.element451, mapping)
        if row[SIDES[system.other].id]:
            self._read(pairs, system.other, [row[SIDES[system.other].id]])
            Merges(road.engine, road.salesforce, road.element451, mapping).run()
        else:
            matching.look_up(system, [row])
            if row[SIDES[system].state] == State.LIVE:
                matching.pair_up(system, [row])
        return self._row(pairs, system, identity) or row

    def _read(self, pairs: Pairs, system: System, ids: list[str]) -> None:
        found = read_by_id(self.road.salesforce, self.road.element451, pairs.mapping, system, ids)
        self._absorb(pairs, system, found)

    def _absorb(self, pairs: Pairs, system: System, records: list[Record]) -> None:
        with self.road.engine.begin() as connection:
            Absorber(pairs, system).absorb(connection, records)

    def _read_candidates(self, pairs: Pairs, system: System, row: Row) -> None:
        """Ask both systems for whatever might be the other half: by the stored IDs, and by the match
        fields."""
        self._read_alike(pairs, system, row)
        mapping, found = pairs.mapping, {System.ELEMENT451: list[Record](), System.SALESFORCE: list[Record]()}
        link = mapping.link(system.other)
        if link is not None:
            found[system.other] += self._find(
                pairs, system.other, link.of(system.other).key, row[SIDES[system].id]
            )
        for mapped in mapping.match_on[:1]:
            value = (row[system.value] or {}).get(mapped.of(system).key)
            if isinstance(value, str):
                fields = mapping.read_from(System.ELEMENT451)
                found[System.ELEMENT451] += self.road.element451.alike(mapped.element451, value, fields)
                found[System.SALESFORCE] += self._find(pairs, System.SALESFORCE, mapped.salesforce.key, value)
        for each, records in found.items():
            self._absorb(pairs, each, records)

    def _read_alike(self, pairs: Pairs, system: System, row: Row) -> None:
        """Read the records again that were known to have the same match values: somebody may have corrected
        one of them."""
        key = row[SIDES[system].match]
        for each in System if key else ():
            side = SIDES[each]
            with self.road.engine.connect() as connection:
                alike = pairs.page(
                    connection, PAIRS.c[side.match] == key, PAIRS.c[side.id].is_not(None), limit=ALIKE
                )
            self._read(pairs, each, [other[side.id] for other in alike if other["id"] != row["id"]])

    def _find(self, pairs: Pairs, system: System, key: str, value: str) -> list[Record]:
        fields = pairs.mapping.read_from(system)
        field = next(field for field in fields if field.key == key)
        if system is System.SALESFORCE:
            return self.road.salesforce.find(pairs.mapping.entity, field, [value], fields)
        return self.road.element451.find(field, [value], fields) if pairs.mapping.kind is Kind.CONTACT else []

    def _conversations(self, planning: Planning, asked: Asked) -> list[Item]:
        if Kind.CONVERSATION not in self.road.kinds:
            return []
        contacts, pairs = (
            Pairs(self.road.setup.mappings[Kind.CONTACT]),
            Pairs(self.road.setup.mappings[Kind.CONVERSATION]),
        )
        system = System.SALESFORCE if asked.salesforce_id else System.ELEMENT451
        identity = SIDES[system].normal(asked.salesforce_id or asked.element_id)
        contact = self._row(contacts, system, identity or "")
        if contact is None or not contact["element_id"]:
            return []
        with self.road.engine.connect() as connection:
            rows = pairs.page(connection, PAIRS.c.contact_id == contact["element_id"])
        self._read(pairs, System.ELEMENT451, [row["element_id"] for row in rows if row["element_id"]])
        self._read(pairs, System.SALESFORCE, [row["salesforce_id"] for row in rows if row["salesforce_id"]])
        with self.road.engine.connect() as connection:
            rows = pairs.page(connection, PAIRS.c.contact_id == contact["element_id"])
            return planning.items(connection, Kind.CONVERSATION, rows)

    def _row(self, pairs: Pairs, system: System, identity: str) -> Row | None:
        with self.road.engine.connect() as connection:
            return pairs.by_ids(connection, system, [identity]).get(identity)


def _asked_for(item: Item, direction: Direction) -> list[Plan]:
    """The plans in this direction, and what has to follow a creation in it; what follows one in the other
    direction belongs to that."""
    return [made for made in item.plans if (made.direction is direction) is not made.follows]


def _answer(item: Item, asked: Asked) -> list[Plan]:
    """The plans in the direction that was asked for; where there are none, that the pair leaves the sync or
    has left it, or, of the very record that was asked for, why there is nothing to be done."""
    made = _asked_for(item, asked.direction) or [
        made for made in item.plans if made.status is Status.DEACTIVATED
    ]
    why = None if made else absent(item.pair, asked.direction)
    return made or (
        [why] if why and (why.status is Status.DEACTIVATED or item.pair.kind is asked.kind) else []
    )


def _with_answer(item: Item) -> Item:
    """A failing item; where nothing is planned for it any more, with the reason why it does not fail any
    more."""
    whys = [absent(item.pair, Direction(direction)) for direction in item.row["failures"] or ()]
    return item if item.plans else replace_plans(item, [why for why in whys if why])


def replace_plans(item: Item, plans: list[Plan]) -> Item:
    """The item with only these plans; the pair stays due where another direction was left out."""
    left_out = any(made.status.writes for made in item.plans if made not in plans)
    return replace(item, plans=plans, again=left_out)
