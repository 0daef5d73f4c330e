"""What is looked at once more right before something is written that cannot be taken back (rules 6, 7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from syncer.connectors.errors import FieldRefused
from syncer.core import reasons, values
from syncer.core.fields import Field
from syncer.core.guard import SUSPECT_READ, is_nearly_all, without_blanks
from syncer.core.plan import Plan, Status
from syncer.core.records import NOT_GONE, Kind, Record, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.pairing import Pairing
from syncer.sync.pair_store import PAIRS, SIDES
from syncer.sync.planning.planner import PlannedPair
from syncer.sync.pull.pull import ingest, refresh
from syncer.sync.pull.watermarks import Watermark

Batch = list[tuple[PlannedPair, Plan]]
VALUE_WITNESSES = 2 * SUSPECT_READ
"""How many other records are asked whether a field is really empty for some."""


class Evidence:
    """Checks the plans of one kind before they are sent. ``may_blank(system, field)`` raises `FieldRefused`
    where the field is no longer in the live catalogue.

    A plan that does not hold any more is left out, what was read is in its pair, and the pair is planned
    again in the same run.
    """

    def __init__(self, context: SyncContext, kind: Kind, may_blank: Callable[[System, str], None]) -> None:
        self.context, self.kind, self.may_blank = context, kind, may_blank
        self.mapping, self.pairs = context.mapping(kind), context.pairs(kind)

    def confirmed(self, batch: Batch) -> Batch:
        """Those of the plans, all of one direction, that still hold. Raises `FieldRefused`."""
        self._fields_are_there(batch)
        return self._creations(self._blanks(batch))

    def _fields_are_there(self, batch: Batch) -> None:
        """Before a field is blanked it must still be in its source (rule 6)."""
        for source, key in {(plan.direction.source, key) for _, plan in batch for key in _blanked(plan)}:
            try:
                self.may_blank(source, key)
            except FieldRefused:
                # What was read of it is not what it holds: read everything again once it is back.
                with self.context.database.begin() as connection:
                    Watermark(self.mapping, source).forget(connection, key)
                raise

    def _blanks(self, batch: Batch) -> Batch:
        """Empty is believed only when it was just seen: the sources of blanks are read again by ID (rule
        6)."""
        doubtful = {
            planned.pair.id(plan.direction.source): keys
            for planned, plan in batch
            if (keys := _blanked(plan))
        }
        if not doubtful:
            return batch
        source = batch[0][1].direction.source
        fields = {field.key: field for field in self.mapping.read_from(source)}
        others = self._others_that_held(source, doubtful)
        seen_empty = {
            record.id
            for record in refresh(self.context, self.kind, source, doubtful)
            if record.state is RecordState.LIVE and not _holds_any(record, doubtful[record.id], fields)
        }
        refuted = doubtful.keys() - seen_empty
        batch = _without(batch, lambda planned, plan: planned.pair.id(source) in refuted)
        doubted = self._empty_for_others_too(source, others)
        return [each for planned, plan in batch for each in _left_out(planned, plan, doubted)]

    def _empty_for_others_too(self, source: System, held_by: Mapping[str, Sequence[str]]) -> dict[str, Field]:
        """Those of the blanked fields that nearly all of some other records, which held a value, come back
        without, or of which no other can be read: what empties a whole column is the source's answer, not
        somebody's edit (rule 6)."""
        asked = {identity for ids in held_by.values() for identity in ids}
        if not asked:
            return {}
        found = self.context.connectors[source].read(self.mapping, sorted(asked))
        live = {record.id: record for record in found if record.state is RecordState.LIVE}
        fields = {field.key: field for field in self.mapping.read_from(source)}
        doubted = {}
        for key, ids in held_by.items():
            read = [live[identity] for identity in ids if identity in live]
            emptied = [record for record in read if not _holds_any(record, [key], fields)]
            if ids and (not read or is_nearly_all(len(read), len(emptied))):
                doubted[key] = fields[key]
        return doubted

    def _others_that_held(
        self, source: System, blanked: Mapping[str | None, Iterable[str]]
    ) -> dict[str, list[str]]:
        """Some records for each blanked field, of the first thousand, that held a value when they were last
        read, or before that: nothing came of their emptiness yet either."""
        side, held_by = SIDES[source], {key: list[str]() for keys in blanked.values() for key in keys}
        with self.context.database.connect() as connection:
            here = (PAIRS.c[side.id].is_not(None), PAIRS.c[side.state].in_(NOT_GONE))
            rows = self.pairs.page(connection, *here)
        for row in rows:
            identity, emptied = row[side.id], (row["emptied"] or {}).get(source.value, ())
            for key, ids in held_by.items():
                held = (row[side.values] or {}).get(key) is not None or key in emptied
                if identity and held and len(ids) < VALUE_WITNESSES and key not in blanked.get(identity, ()):
                    ids.append(identity)
        return held_by

    def _creations(self, batch: Batch) -> Batch:
        """Where match fields are on, somebody may have entered the same person since they were read: the
        target is searched for those who are about to be created (rule 7)."""
        creating = [(planned, plan) for planned, plan in batch if plan.status is Status.INSERTED]
        if not creating or not self.mapping.match_on:
            return batch
        target = creating[0][1].direction.target
        side, source = SIDES[target], SIDES[target.other]
        found = [
            record
            for record in self._search(target, [planned for planned, _ in creating])
            if record.state is RecordState.LIVE
        ]
        if not found:
            return batch
        ingest(self.context, self.kind, target, found)
        columns = [self.pairs.derived_columns(target, record.values) for record in found]
        links, keys = {each.get(side.link) for each in columns}, {each[side.match] for each in columns}

        def is_there(planned: PlannedPair, plan: Plan) -> bool:
            identity, key = planned.row[source.id], planned.row[source.match]
            return plan.status is Status.INSERTED and (identity in links or (key is not None and key in keys))

        there = [planned.row[source.id] for planned, plan in batch if is_there(planned, plan)]
        self._pair_up(target.other, there)
        self._pair_up(target, [record.id for record in found])
        return _without(batch, is_there)

    def _pair_up(self, system: System, ids: Iterable[str | None]) -> None:
        """Decide at once whom these unpaired records belong to: they would be taken for new themselves."""
        with self.context.database.connect() as connection:
            rows = self.pairs.by_ids(connection, system, ids).values()
        unpaired = [row for row in rows if not row[SIDES[system].other.id]]
        Pairing(self.context, self.kind).pair_up(system, unpaired)

    def _search(self, target: System, creating: Iterable[PlannedPair]) -> list[Record]:
        """By the first match field. By ID nobody need be searched for: both systems recognise a creation
        whose ID is there already (rule 14)."""
        matched, source = self.mapping.match_on[0], target.other
        wanted = (planned.pair.values(source).get(matched.of(source).key) for planned in creating)
        texts = sorted({value for value in wanted if isinstance(value, str)})
        return self.context.connectors[target].find(self.mapping, matched.of(target), texts)


def _blanked(plan: Plan) -> list[str]:
    """The keys of the source's fields whose emptiness empties a field of the target."""
    source = plan.direction.source
    return [
        change.element451 if source is System.ELEMENT451 else change.salesforce
        for change in plan.changes
        if change.after is None and not plan.undoes
    ]


def _left_out(planned: PlannedPair, plan: Plan, doubted: Mapping[str, Field]) -> Batch:
    """The plan without the blanks of these fields of its source, where it then still writes. It fails."""
    source = plan.direction.source
    rest, blanks = without_blanks(plan, {(plan.kind, source, key) for key in doubted})
    if blanks is None:
        return [(planned, plan)]
    labels = ", ".join(sorted(doubted[key].label for key in _blanked(blanks)))
    reason = reasons.emptiness_not_believed(source, labels)
    rest = replace(
        rest,
        status=reason.status,
        reason=reason.sentence,
        code=reason.code,
        left_out=rest.left_out + blanks.changes,
    )
    planned.plans = [rest if each is plan else each for each in planned.plans]
    return [(planned, rest)] if rest.writes else []


def _holds_any(record: Record, keys: Iterable[str], fields: Mapping[str, Field]) -> bool:
    """Whether the record has a value in one of these fields, or one that was not read: unknown is not
    empty."""
    return any(
        key not in record.values or values.stored(fields[key], record.values[key]) is not None for key in keys
    )


def _without(batch: Batch, refuted: Callable[[PlannedPair, Plan], bool]) -> Batch:
    kept: Batch = []
    for planned, plan in batch:
        if refuted(planned, plan):
            planned.replan_now = True
        else:
            kept.append((planned, plan))
    return kept
