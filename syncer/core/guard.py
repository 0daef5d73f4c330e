"""The guard: how much a run would change, and whether somebody has to approve it first (rule 19). Pure;
standard library only."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from syncer.core.mapping import CONVERSATION_CONTACT, FieldMapping, MappedField
from syncer.core.pair import NEW, Pair
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.preferences import GuardLimits
from syncer.core.records import Kind, System
from syncer.core.text import counted


class ChangeKind(StrEnum):
    """What the guard tells apart; the values are verbs, and kept with a run."""

    CREATE = "create"
    CHANGE = "change"
    BLANK = "blank"
    DEACTIVATE = "deactivate"


IN_ALL = "in all"
"""The key of the total number of records, beside the numbers by field."""
WINDOWED = (ChangeKind.BLANK, ChangeKind.DEACTIVATE)
"""The kinds whose limits hold for a day, and not for one run."""


SUSPECT_READ, SUSPECT_PERCENT = 10, 90
"""A field is suspect where, of at least so many records that held a value, so many percent came back
empty."""


@dataclass
class ChangeCounts:
    """Records per kind of change, changes per kind and field, how many records would be touched at all, and
    how many are known."""

    kinds: Counter[ChangeKind] = field(default_factory=Counter)
    fields: Counter[tuple[ChangeKind, str]] = field(default_factory=Counter)
    touched: int = 0
    known: int = 0

    def add(self, plans: Iterable[Plan]) -> set[ChangeKind]:
        """Count the plans of one pair; returns its kinds of change. A record counts once per kind of change,
        a pair once as touched. A creation counts once: writing its ID to the other half's empty field is not
        counted as another change."""
        kinds: set[ChangeKind] = set()
        for plan in plans:
            if plan.status is Status.DEACTIVATED:
                kinds.add(ChangeKind.DEACTIVATE)
            elif plan.creates:
                kinds.add(ChangeKind.CREATE)
            elif plan.writes:
                for change in plan.changes:
                    if not is_new_id(plan, change):
                        kinds.add(self._count(plan, change))
        self.kinds.update(kinds)
        self.touched += bool(kinds)
        return kinds

    def _count(self, plan: Plan, change: Change) -> ChangeKind:
        kind = ChangeKind.BLANK if change.after is None else ChangeKind.CHANGE
        self.fields[kind, field_name(plan, change)] += 1
        return kind

    def to_json(self) -> dict[str, Any]:
        """The numbers as they are kept with a run and shown to people."""
        fields: dict[str, dict[str, int]] = {}
        for (kind, name), times in sorted(self.fields.items()):
            fields.setdefault(kind.value, {})[name] = times
        return {
            "kinds": {kind.value: records for kind, records in sorted(self.kinds.items())},
            "fields": fields,
            "touched": self.touched,
            "known": self.known,
        }


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A mapped field as its owner was read: of how many records that held a value it came back empty."""

    kind: Kind
    mapped: MappedField
    read: int
    emptied: int

    @property
    def key(self) -> "FieldKey":
        """Which field it is: its kind, its owner and its key there."""
        return self.kind, self.mapped.owner, self.mapped.of(self.mapped.owner).key

    @property
    def sentence(self) -> str:
        """What is put to whoever decides."""
        owner = self.mapped.owner
        return (
            f"{self.mapped.of(owner).label} came back empty from {owner.label} for {self.emptied:,} of"
            f" {self.read:,} records that held a value. It is emptied in {owner.other.label} only once"
            " somebody approves that."
        )

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the numbers of a run."""
        return {
            "kind": self.kind.value,
            "system": self.mapped.owner.value,
            "element451": self.mapped.element451.key,
            "salesforce": self.mapped.salesforce.key,
            "read": self.read,
            "emptied": self.emptied,
        }

    @property
    def suspect(self) -> bool:
        """Whether it came back empty for nearly all of them (rule 6)."""
        return is_suspect(self.read, self.emptied)


def is_suspect(read: int, emptied: int) -> bool:
    """Whether a field of which ``read`` records held a value comes back empty for too many of them
    (rule 6)."""
    return read >= SUSPECT_READ and is_nearly_all(read, emptied)


def is_nearly_all(read: int, emptied: int) -> bool:
    """Whether ``emptied`` of at least one that was read are nearly all of them."""
    return read > 0 and emptied * 100 >= read * SUSPECT_PERCENT


FieldKey = tuple[Kind, System, str]
"""A field of the system that owns it."""


@dataclass
class FieldReads:
    """How many of the due records held a value in each field before their owner was read, and of how many it
    came back empty."""

    read: Counter[FieldKey] = field(default_factory=Counter)
    emptied: Counter[FieldKey] = field(default_factory=Counter)

    def add(self, pair: Pair, mapping: FieldMapping) -> None:
        """Count a pair. Where the other side still holds a value, the owner must have held one."""
        for system, key in pair.emptied:
            self.emptied[pair.kind, system, key] += 1
            self.read[pair.kind, system, key] += 1
        for owner in pair.changed:
            ours, theirs, empty = pair.values(owner), pair.values(owner.other), pair.emptied
            self.read.update(
                (pair.kind, owner, key)
                for key, other in mapping.owned_keys(owner)
                if ours.get(key) is not None and theirs.get(other) is not None and (owner, key) not in empty
            )

    def of(self, kind: Kind, mapping: FieldMapping) -> list[FieldRead]:
        """What was counted of each field of ``mapping`` that came back empty at all."""
        keys = [(mapped, (kind, mapped.owner, mapped.of(mapped.owner).key)) for mapped in mapping.fields]
        return [
            FieldRead(kind, mapped, self.read[key], self.emptied[key])
            for mapped, key in keys
            if self.emptied[key]
        ]


def suspect_reads(told: Iterable[Mapping[str, Any]]) -> dict[FieldKey, int]:
    """How many records were read of each field in what `FieldRead.to_json` gave."""
    return {(Kind(each["kind"]), System(each["system"]), each[each["system"]]): each["read"] for each in told}


def blanked(plan: Plan) -> dict[FieldKey, Change]:
    """The changes of ``plan`` that empty a field, by the field of its owner."""
    source = plan.direction.source
    emptying = (change for change in plan.changes if change.after is None and plan.writes and not plan.undoes)
    return {(plan.kind, source, _key(change, source)): change for change in emptying}


def _key(change: Change, system: System) -> str:
    return change.element451 if system is System.ELEMENT451 else change.salesforce


def without_blanks(plan: Plan, suspects: Collection[FieldKey]) -> tuple[Plan, Plan | None]:
    """``plan`` without the blanks of suspect fields, and a plan of these alone; None where it has none."""
    found = blanked(plan) if suspects else {}
    blanks = tuple(change for key, change in found.items() if key in suspects)
    if not blanks:
        return plan, None
    keys = {_key(change, plan.direction.target) for change in blanks}
    sent = plan.outgoing or {}
    rest = replace(
        plan,
        changes=tuple(change for change in plan.changes if change not in blanks),
        outgoing={key: value for key, value in sent.items() if key not in keys},
    )
    alone = replace(plan, changes=blanks, outgoing={key: sent[key] for key in keys})
    return rest, alone


def field_name(plan: Plan, change: Change) -> str:
    """How the numbers name a field: both keys, and which side is written."""
    arrow = "→" if plan.direction is Direction.EXPORT else "←"
    return f"{change.element451} {arrow} {change.salesforce}"


def taken_away(plans: Iterable[Plan]) -> Counter[tuple[ChangeKind, str]]:
    """Count the records that plans without approval blank or deactivate: for each field, and in total under
    an empty name."""
    found: Counter[tuple[ChangeKind, str]] = Counter()
    for plan in plans:
        if plan.approved:
            continue
        if plan.status is Status.DEACTIVATED:
            found[ChangeKind.DEACTIVATE, ""] += 1
        blanked = [change for change in plan.changes if change.after is None] if plan.writes else []
        found.update((ChangeKind.BLANK, field_name(plan, change)) for change in blanked)
        if blanked:
            found[ChangeKind.BLANK, ""] += 1
    return found


def is_new_id(plan: Plan, change: Change) -> bool:
    """Whether the change only writes a new record's ID where the other half held none. Where an ID is
    overwritten, that is a change like any other."""
    return plan.follows and change.after == NEW and change.known and change.before is None


def over_limits(
    counts: ChangeCounts, limits: GuardLimits, earlier: Mapping[ChangeKind, int] | None = None
) -> str | None:
    """Why a run of this size has to be approved first, as a sentence; None when it may go on. ``earlier``:
    how many records were blanked and deactivated without approval in the last day; these count towards the
    limit."""
    per_kind, total = effective_limits(counts.known, limits)
    before = {kind: (earlier or {}).get(kind, 0) for kind in WINDOWED}
    found = [
        f"{counted(records, 'record')} to {kind}{_along(before.get(kind, 0))}"
        for kind, records in sorted(counts.kinds.items())
        if records and records + before.get(kind, 0) > per_kind
    ]
    if counts.touched > total:
        found.append(f"{counts.touched:,} of {counts.known:,} records to touch in all (limit {total:,})")
    if not found:
        return None
    return f"This run would do a lot at once: {', '.join(found)}. The limit per kind is {per_kind:,}."


def _along(earlier: int) -> str:
    return f" on top of {earlier:,} within the last 24 hours" if earlier else ""


def effective_limits(known: int, limits: GuardLimits) -> tuple[int, int]:
    """How many records of a kind of change, and how many in all, a run may touch without approval where so
    many are known."""
    share = known * limits.percent // 100
    return max(limits.at_least, min(limits.records, share)), max(limits.at_least, share)


def digests(plan: Plan, version: int) -> tuple[str, ...]:
    """What an approval of ``plan`` covers, by the settings ``version``: the record, and each field with both
    values. The rest are digests of this plan as it was shown earlier, when a record that it depends on had
    no ID yet: the record at the source, or the contact of a conversation."""
    imports = plan.direction is Direction.IMPORT
    created = plan.salesforce_id if imports else plan.element_id
    uncreated = replace(plan, salesforce_id=None) if imports else replace(plan, element_id=None)
    linked = _with_new(plan, lambda change: created is not None and change.after == created)
    attached = _with_new(plan, lambda change: change.element451 == CONVERSATION_CONTACT)
    before = replace(uncreated, changes=linked), replace(plan, changes=attached)
    return tuple(dict.fromkeys(_digest(each, version) for each in (plan, *before)))


def _with_new(plan: Plan, is_link: Callable[[Change], bool]) -> tuple[Change, ...]:
    return tuple(replace(one, after=NEW) if is_link(one) else one for one in plan.changes)


def _digest(plan: Plan, version: int) -> str:
    told = [version, plan.kind, plan.direction, plan.status, plan.element_id, plan.salesforce_id]
    fields = [[one.element451, one.salesforce, one.before, one.after, one.known] for one in plan.changes]
    return hashlib.blake2b(json.dumps([*told, sorted(fields, key=str)]).encode(), digest_size=16).hexdigest()
