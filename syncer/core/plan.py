"""What would be done to one record, and why. Pure: no I/O, no clock (docs/architecture.md, "Rules" and "A
run")."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from enum import StrEnum

from syncer.core import values
from syncer.core.mapping import Mapping
from syncer.core.pair import NEW, Pair
from syncer.core.payload import Link, carried, link_of, lookup
from syncer.core.preferences import Preferences, Scope
from syncer.core.records import Kind, State, System, Value

ALTERED_RUNS = 3
"""After so many runs in a row that found a written value altered, it is not written again (rule 5)."""


class Direction(StrEnum):
    """Import = Salesforce to Element451, export = Element451 to Salesforce."""

    IMPORT = "import"
    EXPORT = "export"

    @property
    def source(self) -> System:
        """The system that the values come from."""
        return System.SALESFORCE if self is Direction.IMPORT else System.ELEMENT451

    @property
    def target(self) -> System:
        """The system that is written."""
        return self.source.other


class Status(StrEnum):
    """What was, or would be, done (docs/architecture.md, "Words"). No others."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    DEACTIVATED = "deactivated"
    UPSERTED = "upserted"
    FAILED = "failed"

    @property
    def writes(self) -> bool:
        """Whether a record is written."""
        return self in (Status.INSERTED, Status.UPDATED, Status.UPSERTED)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the target that would get another value. ``known``: whether the value before had been
    read."""

    element451: str
    salesforce: str
    owner: System
    before: Value
    after: Value
    known: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to one record in one direction.

    ``incoming`` holds the source's mapped values as last seen, ``outgoing`` what would be sent, by the
    target's own field keys. ``code`` names the reason of a failure. ``own_side_changed`` tells rule 3's
    counting; ``follows``: it can only be done after the creation that the other direction plans.
    """

    kind: Kind
    direction: Direction
    element_id: str | None
    salesforce_id: str | None
    status: Status
    reason: str
    changes: tuple[Change, ...] = ()
    incoming: Dict[str, Value] | None = None
    outgoing: Dict[str, Value] | None = None
    code: str = ""
    own_side_changed: bool = True
    follows: bool = False

    @property
    def counts(self) -> bool:
        """Whether a run counts it: a direction whose own side did not change is counted only if it writes or
        fails (rule 3)."""
        return (
            self.own_side_changed or self.status.writes or self.status in (Status.FAILED, Status.DEACTIVATED)
        )

    @property
    def creates(self) -> bool:
        """Whether a record is created. What follows a creation in the other system is none of its own."""
        return self.status.writes and not (self.element_id and self.salesforce_id) and not self.follows


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pair is planned by: the mapping of its kind, the preferences, and the run before this one (for
    rule 5)."""

    mapping: Mapping
    preferences: Preferences
    previous_run: int = 0


def plan(pair: Pair, rules: Rules) -> list[Plan]:
    """The plans for one pair: an import, an export, both or none. A creation is followed by what the other
    direction then has to do."""
    if pair.left:
        return []
    if gone := _deactivated(pair):
        return [gone]
    if pair.kind is Kind.CONVERSATION:
        there = pair.element_id and pair.element_state is State.LIVE
        return [_conversation(pair, rules)] if there and rules.preferences.sync_conversations else []
    plans = [
        made
        for made in (_contact(pair, rules, Direction.IMPORT), _contact(pair, rules, Direction.EXPORT))
        if made
    ]
    for made in plans:
        if made.status is Status.INSERTED:
            following = _contact(created(pair, made, rules.mapping), rules, _opposite(made.direction))
            if following and following.status.writes:
                plans.append(replace(following, follows=True))
            break
    return plans


def created(pair: Pair, made: Plan, mapping: Mapping, new_id: str = NEW) -> Pair:
    """The pair as it will be once ``made``, a creation, is done: what was sent is known, and what could have
    been sent is as empty as ``target`` stores it; what it fills in by itself, such as a formula, is unknown
    until it is read (rule 6)."""
    target = made.direction.target
    sent = {
        field.key: values.stored(field, None) for field in mapping.read_from(target) if field.creatable
    } | dict(made.outgoing or {})
    if target is System.ELEMENT451:
        return replace(pair, element_id=new_id, element451=sent, element_state=State.LIVE)
    return replace(pair, salesforce_id=new_id, salesforce=sent, salesforce_state=State.LIVE)


def updates(pair: Pair, preferences: Preferences, direction: Direction) -> bool:
    """Whether the modes and the scope let the record at the target get its owner's values (rules 10 to
    13)."""
    if pair.kind is Kind.CONVERSATION:
        return True
    if direction is Direction.IMPORT:
        return preferences.update_existing
    return preferences.export_updates and (pair.in_scope or preferences.scope is Scope.ALL)


def why_left(pair: Pair) -> Plan | None:
    """For a preview: the plan that once deactivated a pair which has left the sync; None for one that has
    not."""
    return _deactivated(pair) if pair.left else None


def _deactivated(pair: Pair) -> Plan | None:
    if not (pair.element_id and pair.salesforce_id):
        return None
    noun = "contact" if pair.kind is Kind.CONTACT else "conversation"
    if pair.salesforce_state is not State.LIVE:
        where = (
            "is in Salesforce's recycle bin"
            if pair.salesforce_state is State.DELETED
            else "no longer exists in Salesforce"
        )
        if pair.salesforce_state is State.MERGED:
            where = "was merged in Salesforce into a record that is paired already"
        direction = Direction.IMPORT if pair.kind is Kind.CONTACT else Direction.EXPORT
        reason = (
            f"The {noun} {where}, so that it left the sync. Nothing is written; it comes back when the record"
            " does."
        )
    elif pair.element_state is not State.LIVE:
        direction = Direction.EXPORT
        reason = (
            f"The {noun} no longer exists in Element451, so that it left the sync. Nothing is written in"
            " Salesforce."
        )
    else:
        return None
    return Plan(pair.kind, direction, pair.element_id, pair.salesforce_id, Status.DEACTIVATED, reason)


def _contact(pair: Pair, rules: Rules, direction: Direction) -> Plan | None:
    source, target = direction.source, direction.target
    if not pair.id(source) or pair.state(source) is not State.LIVE:
        return None
    in_scope = direction is Direction.IMPORT or pair.in_scope or rules.preferences.scope is Scope.ALL
    if pair.problem and not pair.id(target) and in_scope:
        return _made(pair, rules, direction, Status.FAILED, pair.problem, code="MORE_THAN_ONE_MATCH")
    if not pair.id(target):
        return _unmatched(pair, rules, direction, in_scope)
    return _paired(pair, rules, direction, in_scope)


def _unmatched(pair: Pair, rules: Rules, direction: Direction, in_scope: bool) -> Plan:
    if not in_scope:
        return _made(
            pair,
            rules,
            direction,
            Status.IGNORED,
            "This contact takes part in no exported conversation, so that it is not exported.",
        )
    if direction is Direction.IMPORT and not rules.preferences.create_new:
        return _made(pair, rules, direction, Status.IGNORED, "No match in Element451, and Create New is off.")
    where = direction.target.label
    return _creation(
        pair, rules, direction, Status.INSERTED, f"No match in {where}: a new record is created."
    )


def _paired(pair: Pair, rules: Rules, direction: Direction, in_scope: bool) -> Plan:
    target = direction.target
    link = link_of(pair, rules.mapping, target)
    if updates(pair, rules.preferences, direction):
        return _update(pair, rules, direction, link)
    if link.missing:
        reason = f"Newly paired: {target.label} gets the ID of the other half."
        return _unless_altered(pair, rules, _made(pair, rules, direction, Status.UPDATED, reason, link.write))
    if link.write:
        reason = (
            f"{target.label} holds another ID ({link.stored}) than the record it is paired with, and updates"
            " are off. Put the ID right there."
        )
        return _made(pair, rules, direction, Status.FAILED, reason, code="ID_CHANGED")
    if not in_scope:
        return _made(
            pair,
            rules,
            direction,
            Status.IGNORED,
            "This contact takes part in no exported conversation, so that it is not exported.",
        )
    return _made(
        pair,
        rules,
        direction,
        Status.IGNORED,
        f"The record exists in {target.label}, and updating existing records is off.",
    )


def _conversation(pair: Pair, rules: Rules) -> Plan:
    direction, contact = Direction.EXPORT, pair.contact
    if contact is None:
        return _made(
            pair,
            rules,
            direction,
            Status.IGNORED,
            "Anonymous: it is exported once someone is attached to it.",
        )
    if contact.left:
        return _made(pair, rules, direction, Status.IGNORED, "Its contact has left the sync.")
    if contact.failed or not contact.salesforce_id:
        why = contact.failed or (
            "It is not in Salesforce yet." if contact.known else "It was not found in Element451."
        )
        return _made(
            pair,
            rules,
            direction,
            Status.FAILED,
            f"Its contact could not be exported: {why}",
            code="CONTACT_FAILED",
        )
    if pair.salesforce_id:
        return _update(pair, rules, direction, link_of(pair, rules.mapping, System.SALESFORCE))
    if pair.problem:
        return _made(pair, rules, direction, Status.FAILED, pair.problem, code="MORE_THAN_ONE_MATCH")
    return _creation(pair, rules, direction, Status.UPSERTED, "The conversation is not in Salesforce yet.")


def _creation(pair: Pair, rules: Rules, direction: Direction, status: Status, reason: str) -> Plan:
    """A creation carries every mapped field that has a value, whoever owns it (rule 2)."""
    source, target = direction.source, direction.target
    filled = tuple(
        m
        for m in rules.mapping.fields
        if m.of(target).creatable and pair.values(source).get(m.of(source).key) is not None
    )
    outgoing, problems = carried(pair, direction.target, filled)
    outgoing |= lookup(pair, rules.mapping)
    if link := rules.mapping.link(target):
        outgoing[link.of(target).key] = pair.id(source)
    if problems:
        return _made(pair, rules, direction, Status.FAILED, " ".join(problems), code="VALUE_DOES_NOT_FIT")
    return _made(pair, rules, direction, status, reason, outgoing)


def _update(pair: Pair, rules: Rules, direction: Direction, link: Link) -> Plan:
    """An update carries the fields that the source owns, empty ones too, and no others (rule 1)."""
    target, status = direction.target, Status.UPSERTED if pair.kind is Kind.CONVERSATION else Status.UPDATED
    owned = tuple(m for m in rules.mapping.owned_by(direction.source) if m.of(target).updatable)
    outgoing, problems = carried(pair, direction.target, owned)
    if problems:
        return _made(pair, rules, direction, Status.FAILED, " ".join(problems), code="VALUE_DOES_NOT_FIT")
    outgoing |= lookup(pair, rules.mapping)
    made = _made(pair, rules, direction, status, "", outgoing | link.write)
    if not made.changes and not link.write:
        return replace(made, status=Status.UNCHANGED, reason="All values agree already.", outgoing={})
    reason = (
        f"Newly paired: {target.label} gets the ID of the other half."
        if link.missing
        else "Values differ from their owner's."
    )
    if link.write and not link.missing:
        reason = f"The ID that {target.label} holds is not that of the other half, and is put right."
    return _unless_altered(pair, rules, replace(made, reason=reason))


def _unless_altered(pair: Pair, rules: Rules, made: Plan) -> Plan:
    """``made``, or its failure where the target has altered one of these values, an ID too, after each of the
    last writes (rule 5)."""
    target = made.direction.target
    for change in made.changes:
        key = change.salesforce if target is System.SALESFORCE else change.element451
        before = pair.rewrites.get(key)
        if (
            before
            and before.value == change.after
            and before.run == rules.previous_run
            and before.times >= ALTERED_RUNS
        ):
            reason = (
                f"{target.label} changes {rules.mapping.by_key(target)[key].of(target).label} after each"
                " write."
            )
            return replace(made, status=Status.FAILED, reason=reason, outgoing={}, code="ALTERED_AFTER_WRITE")
    return made


def _made(
    pair: Pair,
    rules: Rules,
    direction: Direction,
    status: Status,
    reason: str,
    outgoing: dict[str, Value] | None = None,
    *,
    code: str = "",
) -> Plan:
    sent = outgoing or {}
    return Plan(
        kind=pair.kind,
        direction=direction,
        element_id=_real(pair.element_id),
        salesforce_id=_real(pair.salesforce_id),
        status=status,
        reason=reason,
        changes=_changes(pair, rules.mapping, direction, sent),
        incoming=dict(pair.values(direction.source)),
        outgoing=sent,
        code=code,
        own_side_changed=direction.source in pair.changed,
    )


def _changes(
    pair: Pair, mapping: Mapping, direction: Direction, outgoing: dict[str, Value]
) -> tuple[Change, ...]:
    """The fields whose value at the target differs from what would be sent. Compared as the target stores
    them (rule 5)."""
    target = direction.target
    held, by_key = pair.values(target), mapping.by_key(target)
    found = []
    for key, after in outgoing.items():
        mapped = by_key[key]
        if key in held and (held[key] == after or values.same(mapped.of(target), held[key], after)):
            continue
        found.append(
            Change(
                mapped.element451.key, mapped.salesforce.key, mapped.owner, held.get(key), after, key in held
            )
        )
    return tuple(found)


def _opposite(direction: Direction) -> Direction:
    return Direction.EXPORT if direction is Direction.IMPORT else Direction.IMPORT


def _real(identity: str | None) -> str | None:
    return None if identity == NEW else identity


DONE = (
    (Direction.IMPORT, Kind.CONTACT),
    (Direction.EXPORT, Kind.CONTACT),
    (Direction.EXPORT, Kind.CONVERSATION),
)
"""Everything that a run does: contacts are imported and exported, conversations exported."""
