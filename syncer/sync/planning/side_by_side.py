"""A plan with all mapped fields side by side: what comes in, what the record holds now, and what goes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import Engine, select

from syncer.configuration.document import is_constant
from syncer.core.mapping import CONTACT_ID, CONVERSATION_ID
from syncer.core.pair import NEW
from syncer.core.plan import Direction
from syncer.core.records import Kind, System, Value
from syncer.sync.pair_store import PAIRS, SIDES

Json = Mapping[str, Any]


class UnknownValue(Enum):
    """In place of a value that has not been read yet, which is not empty (rule 6), or of a record that does
    not exist yet."""

    UNREAD = "not known yet"
    NO_RECORD = "no record yet"


MaybeValue = Value | UnknownValue


class FieldOutcome(StrEnum):
    """What happens to a field."""

    CHANGED = "changed"
    SAME = "same"
    OWNED_BY_TARGET = "owned by target"
    """Its owner is the system that is written, so it is not sent."""
    UNREAD = "unread"
    """What comes in is not known yet, so it is not sent."""
    LEFT_OUT = "left out"
    """It would change, but does not fit: the plan's reason says why."""
    HELD = "held"
    """It would change, but is held: the plan's reason says by whom."""
    NOT_SENT = "not sent"
    """It is not sent for the reason that the plan gives."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One mapped field of a plan. ``after`` is what the record will hold; ``outcome`` says whether that is
    sent and differs."""

    element451: str
    salesforce: str
    owner: System
    incoming: MaybeValue
    before: MaybeValue
    after: MaybeValue
    outcome: FieldOutcome


def compare_fields(plan: Json, mapped: Iterable[Json], held: Mapping[str, Value]) -> list[ComparedField]:
    """All fields of a plan (as `log.plan_json`), those that change first. ``mapped``: the rows of its kind in
    the configuration; ``held``: the values that the target is known to hold."""
    found = [
        _constant(plan, row) if is_constant(row) else _compared(plan, row, held)
        for row in mapped
        if not is_constant(row) or row["salesforce"] in plan["outgoing"]
    ]
    return sorted(found, key=lambda field: field.outcome is not FieldOutcome.CHANGED)


def changed_fields(plan: Json) -> list[ComparedField]:
    """The fields of a plan that get another value, or would if they were not left out or held; from its
    changes alone. ``incoming`` may be missing for a plan that was kept before it was kept along."""
    return [_changed(plan, change) for change in plan["changes"]]


def target_values(engine: Engine, entity: str, plan: Json) -> dict[str, Value]:
    """The values that the target of a plan holds, as last read or written."""
    target = Direction(plan["direction"]).target
    identity = plan["element_id"] if target is System.ELEMENT451 else plan["salesforce_id"]
    if identity is None:
        return {}
    side = SIDES[target]
    of_record = (PAIRS.c.kind == plan["kind"], PAIRS.c.entity == entity, PAIRS.c[side.id] == identity)
    with engine.connect() as connection:
        values = connection.execute(select(PAIRS.c[side.values]).where(*of_record)).scalar_one_or_none()
    return dict(values or {})


def _compared(plan: Json, row: Json, held: Mapping[str, Value]) -> ComparedField:
    direction, owner = Direction(plan["direction"]), System(row["owner"])
    source, target = direction.source, direction.target
    incoming = _value(plan, source, row[source.value], plan["incoming"])
    key = row[target.value]
    if key in plan["outgoing"]:
        before, after, outcome = _sent(plan, key, target)
    elif kept := [change for change in plan["changes"] if change[target.value] == key]:
        before = after = _value(plan, target, key, held)
        outcome = FieldOutcome.HELD if kept[0].get("held") else FieldOutcome.LEFT_OUT
    else:
        before = after = _value(plan, target, key, held)
        outcome = _why_not_sent(plan, owner, incoming)
    if _id(plan, target) is None:
        before = UnknownValue.NO_RECORD
    return ComparedField(row["element451"], row["salesforce"], owner, incoming, before, after, outcome)


def _changed(plan: Json, change: Json) -> ComparedField:
    direction = Direction(plan["direction"])
    before: MaybeValue = UnknownValue.UNREAD if change.get("known") is False else change["before"]
    if _id(plan, direction.target) is None:
        before = UnknownValue.NO_RECORD
    incoming = plan.get("incoming", {}).get(change[direction.source.value], change["after"])
    stays = change.get("held") or change.get("left_out")
    outcome = FieldOutcome.CHANGED
    if stays:
        outcome = FieldOutcome.HELD if change.get("held") else FieldOutcome.LEFT_OUT
    return ComparedField(
        change["element451"] or "",
        change["salesforce"],
        System(change["owner"]),
        incoming if change["element451"] else UnknownValue.NO_RECORD,
        before,
        before if stays else change["after"],
        outcome,
    )


def _constant(plan: Json, row: Json) -> ComparedField:
    """The fixed value that a new record gets."""
    key, nothing = row["salesforce"], UnknownValue.NO_RECORD
    after = plan["outgoing"][key]
    return ComparedField("", key, System.SALESFORCE, nothing, nothing, after, FieldOutcome.CHANGED)


def _sent(plan: Json, key: str, target: System) -> tuple[MaybeValue, MaybeValue, FieldOutcome]:
    """(before, after, outcome) of a field that is sent."""
    after = plan["outgoing"][key]
    change = next((change for change in plan["changes"] if change[target.value] == key), None)
    if change is None:
        return after, after, FieldOutcome.SAME
    before = UnknownValue.UNREAD if change.get("known") is False else change["before"]
    return before, after, FieldOutcome.CHANGED


def _why_not_sent(plan: Json, owner: System, incoming: MaybeValue) -> FieldOutcome:
    target = Direction(plan["direction"]).target
    if not plan["outgoing"]:
        return FieldOutcome.NOT_SENT
    if owner is target:
        return FieldOutcome.OWNED_BY_TARGET
    if incoming is UnknownValue.UNREAD:
        return FieldOutcome.UNREAD
    # An update of Salesforce carries the fields that differ (rule 1); a creation those that have a value.
    updates = target is System.SALESFORCE and _id(plan, target) is not None
    return FieldOutcome.SAME if updates else FieldOutcome.NOT_SENT


def _value(plan: Json, system: System, key: str, values: Mapping[str, Value]) -> MaybeValue:
    """The value of a record's field. Its own ID is not among its values, but known all the same."""
    if key in values:
        return values[key]
    if key == _OWN_ID[Kind(plan["kind"]), system]:
        return _id(plan, system)
    return UnknownValue.NO_RECORD if _id(plan, system) is None else UnknownValue.UNREAD


def _id(plan: Json, system: System) -> str | None:
    identity: str | None = plan["element_id"] if system is System.ELEMENT451 else plan["salesforce_id"]
    return None if identity == NEW else identity


_OWN_ID = {
    (Kind.CONTACT, System.ELEMENT451): CONTACT_ID,
    (Kind.CONVERSATION, System.ELEMENT451): CONVERSATION_ID,
    (Kind.CONTACT, System.SALESFORCE): "Id",
    (Kind.CONVERSATION, System.SALESFORCE): "Id",
}
"""The field that holds a record's own ID."""
