"""Undo: the selection that puts back what runs overwrote, through the same engine, guard and log as every run
(rule 21)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from syncer.core.pair import Pair
from syncer.core.plan import Direction, Rules, Status
from syncer.core.records import Kind, System
from syncer.core.trust import undo_reasons as reasons
from syncer.core.trust.holds import Held, change_key
from syncer.core.trust.undo import Judged, Pile, cannot, judge, overwritten_again, undo_plans
from syncer.core.trust.written import Written, created_record, written_by
from syncer.journal.runs import PILES, UNDO, Run
from syncer.journal.undoable import Entry, Undoing
from syncer.sync.context import SyncContext
from syncer.sync.engine import SyncEngine
from syncer.sync.holds import store as holds
from syncer.sync.holds.store import Kept, Origin
from syncer.sync.pair_rows import READ_AT, Row
from syncer.sync.pair_store import SIDES
from syncer.sync.planning.planner import PAGE, PlannedPair, Planner
from syncer.sync.pull.pull import refresh
from syncer.sync.push.recovery import recover_updates

BY = "by"
"""The key of an undo's numbers that says who asked for it."""
JUST_READ = timedelta(minutes=1)
"""A target that the same undo read so lately is not read once more before it is written."""


@dataclass
class Undo:
    """See `syncer.sync.engine.Selection`: the records that something wrote to. Their owners would overwrite
    them again by the rules ``in_force``; what is undone may be of other fields too. ``by`` asked for it; it
    is not ``guarded`` where they confirmed it on its full preview."""

    context: SyncContext
    undoing: Undoing
    in_force: Mapping[Kind, Rules]
    by: str = ""
    guarded: bool = True
    whole: bool = False
    passes: int = 1
    retry_of: int | None = None
    _piles: dict[Kind, Counter[Pile]] = field(default_factory=dict)
    _hold: int | None = None
    _began: datetime | None = None

    @property
    def piles(self) -> dict[str, int]:
        """How many values are, or would be, in each pile; a record that is undone in no part counts once."""
        return {pile.value: sum(each[pile] for each in self._piles.values()) for pile in Pile}

    @property
    def remembered(self) -> Mapping[str, Any]:
        """What it undoes, and how far that goes."""
        return {UNDO: self.undoing.to_json(), BY: self.by, PILES: self.piles}

    def before_write(self, run: Run, kind: Kind, pairs: Sequence[PlannedPair]) -> None:
        """Hold what its owner would overwrite again, before it is put back: one hold for the whole undo (rule
        20)."""
        things = [
            Kept(each.row["id"], Held.VALUE, system, change.element451, change.salesforce, change.after)
            for each in pairs
            for system, change in each.owner_rewrites
        ]
        outlived = [one for each in pairs for one in _kept_out(each)]
        if not (things or outlived):
            return
        with self.context.database.begin() as connection:
            now = self.context.clock()
            holds.end_outlived(connection, outlived, now)
            if things and self._hold is None:
                self._hold = holds.begin(connection, Origin.UNDO, self.by, now, run=run.id)
            if self._hold is not None:
                holds.keep(connection, self._hold, things)

    def read(self, engine: SyncEngine, run: Run | None) -> None:
        """Steps 1 and 2: each page reads its own targets. What a run that died was sending is undone too,
        once it is logged. What was written of a kind that is no longer synced cannot be put back."""
        self.context, self._began = engine.context, engine.context.clock()
        recover_updates(self.context)
        for kind in set(Kind).difference(self.context.kinds):
            piles = self._piles[kind] = Counter()
            for page in self.undoing.pages(self.context.database, kind, PAGE[kind]):
                for entries in self._ending_here(kind, page).values():
                    piles[Pile.CANNOT] += self._values(entries)

    def pages(self, planner: Planner, kind: Kind) -> Iterator[list[PlannedPair]]:
        """Step 3: the records that were written to, each once, a page at a time. The targets are read right
        before."""
        self._piles[kind] = Counter()
        for page in self.undoing.pages(self.context.database, kind, PAGE[kind]):
            found = self._ending_here(kind, page)
            del page  # what is read and done of it needs the room
            yield self._planned(kind, found, planner)

    def _planned(
        self, kind: Kind, found: Mapping[str, Sequence[Entry]], planner: Planner
    ) -> list[PlannedPair]:
        """The plans that put back what these entries wrote, by the records as they are now."""
        piles = self._piles[kind]
        entries = self._by_row(kind, found, piles)
        rows = self._read_targets(kind, entries)
        judged = (
            self._judged(each, entries[each.row["id"]], planner, piles)
            for each in planner.plan_rows(kind, rows)
        )
        return [each for each in judged if each.plans]

    def _ending_here(self, kind: Kind, page: Sequence[Entry]) -> dict[str, list[Entry]]:
        """Everything that is undone of those records whose newest entry is in this page."""
        here = {entry["id"] for entry in page}
        ids = dict.fromkeys(entry["element_id"] for entry in page if entry["element_id"])
        with self.context.database.connect() as connection:
            found = self.undoing.of_records(connection, kind, ids)
        return {
            identity: entries
            for identity, entries in found.items()
            if max(entry["id"] for entry in entries) in here
        }

    def _by_row(
        self, kind: Kind, found: Mapping[str, Sequence[Entry]], piles: Counter[Pile]
    ) -> dict[int, list[Entry]]:
        """The entries by the row that stands for their record now: that of a contact which was merged away in
        Element451 is known by its Salesforce ID. What no row stands for, or one of an object that is no
        longer configured, cannot be put back."""
        pairs, entity = self.context.pairs(kind), self.context.mapping(kind).entity.name
        here = {
            identity: [entry for entry in entries if entry["entity"] == entity]
            for identity, entries in found.items()
        }
        with self.context.database.connect() as connection:
            known = pairs.by_ids(connection, System.ELEMENT451, here)
            theirs = [one["salesforce_id"] for key in here.keys() - known.keys() for one in here[key]]
            merged = pairs.by_ids(connection, System.SALESFORCE, theirs)
        by_row: dict[int, list[Entry]] = {}
        for identity, entries in found.items():
            lost = [entry for entry in entries if entry["entity"] != entity]
            for entry in here[identity]:
                if row := known.get(identity) or merged.get(entry["salesforce_id"]):
                    by_row.setdefault(row["id"], []).append(entry)
                else:
                    lost.append(entry)
            piles[Pile.CANNOT] += self._values(lost)
        return {row: sorted(each, key=lambda one: (one["time"], one["id"])) for row, each in by_row.items()}

    def _values(self, entries: Sequence[Entry]) -> int:
        """How many values these entries of one record wrote, a creation as one."""
        written = [one for entry in entries for one in written_by(entry) if self.undoing.concerns(one)]
        return len({(one.target, "" if one.creates else one.key) for one in written})

    def _read_targets(self, kind: Kind, entries: Mapping[int, Sequence[Entry]]) -> list[Row]:
        """The rows of these records, whose targets were just read."""
        rows = self._rows(kind, entries)
        now = self.context.clock()
        stale = max(now - JUST_READ, self._began or now)
        for system in System:
            side, read_at = SIDES[system], READ_AT[system]
            wanted = []
            for row in rows:
                writes = self._writes(entries[row["id"]], row)
                keys = {one.key for one in writes if one.target is system and not one.creates}
                known = keys <= (row[side.values] or {}).keys()
                if keys and not (known and (row[read_at] or stale) > stale):
                    wanted.append(row[side.id])
            refresh(self.context, kind, system, wanted)
        del rows  # before they are read again
        return self._rows(kind, entries)

    def _rows(self, kind: Kind, entries: Mapping[int, Sequence[Entry]]) -> list[Row]:
        with self.context.database.connect() as connection:
            found = list(self.context.pairs(kind).rows_where(connection, "id", entries))
        return sorted(found, key=lambda row: row["id"])

    def _judged(
        self, each: PlannedPair, entries: Sequence[Entry], planner: Planner, piles: Counter[Pile]
    ) -> PlannedPair:
        pair, rules = each.pair, planner.rules[each.pair.kind]
        judged = judge(pair, rules.mapping, self._writes(entries, each.row))
        judged += _whole_records(pair, entries, self.undoing)
        piles.update(one.pile for one in judged)
        again = overwritten_again(pair, judged, self.in_force[pair.kind]) if judged else []
        plans = undo_plans(pair, judged, rules.mapping)
        return replace(each, plans=plans, stays_due=True, owner_rewrites=again)

    def _writes(self, entries: Sequence[Entry], row: Row) -> list[Written]:
        """What the entries wrote to the two records that the row stands for now."""
        return [
            one
            for entry in entries
            for one in written_by(entry)
            if self.undoing.concerns(one) and entry[SIDES[one.target].id] == row[SIDES[one.target].id]
        ]


def _whole_records(pair: Pair, entries: Sequence[Entry], undoing: Undoing) -> list[Judged]:
    """What was done to the record as a whole, where no single field is meant, or to one that is no longer the
    pair's: it is never undone."""
    found = []
    for entry in entries:
        target = Direction(entry["direction"]).target
        whole = created_record(entry) or entry["status"] == Status.DEACTIVATED
        if whole and undoing.field is not None:
            continue
        if created_record(entry):
            found.append(cannot(target, reasons.CREATED_STAYS))
        elif entry["status"] == Status.DEACTIVATED:
            found.append(cannot(target, reasons.LEFT_STAYS))
        elif entry[SIDES[target].id] != pair.id(target) and any(map(undoing.concerns, written_by(entry))):
            found.append(cannot(target, reasons.not_there_any_more(target)))
    return found


def _kept_out(each: PlannedPair) -> list[int]:
    """The holds of undos that keep out the very values that are put back: whoever undoes an undo wants
    these."""
    wanted = {
        (plan.direction.target, change_key(change, plan.direction.target)): change.after
        for plan in each.plans
        for change in plan.changes
    }
    return [
        hold.id
        for hold in each.pair.holds
        if hold.what is Held.VALUE
        and hold.system
        and not hold.by_approval
        and wanted.get((hold.system, hold.key(hold.system)), hold) == hold.value
    ]
