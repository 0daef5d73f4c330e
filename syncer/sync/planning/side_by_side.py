"""A plan with every mapped field beside each other: what comes in, what the record holds now, and what goes
out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import Engine, select

from syncer.core.mapping import CONTACT_ID, CONVERSATION_ID
from syncer.core.pair import NEW
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind, System, Value
from syncer.sync.pair_store import PAIRS, SIDES

Json = Mapping[str, Any]


class UnknownValue(Enum):
    """Stands for a value that has not been read yet, which is not empty (rule 6); and for that of a record
    that does not exist yet."""

    UNREAD = "not known yet"
    NO_RECORD = "no record yet"


MaybeValue = Value | UnknownValue


class FieldOutcome(StrEnum):
    """What becomes of a field."""

    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"
    """Its owner is the system that is written: it is not sent."""
    UNREAD = "unread"
    """What comes in is not known yet: it is not sent."""
    LEFT = "left"
    """Nothing is sent of it, for whatever reason the plan has."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One mapped field of a plan. ``after`` is what the record will hold; ``fate`` says whether that is sent,
    and whether it is another value."""

    element451: str
    salesforce: str
    owner: System
    incoming: MaybeValue
    before: MaybeValue
    after: MaybeValue
    fate: FieldOutcome


def compare_fields(plan: Json, mapped: Iterable[Json], held: Mapping[str, Value]) -> list[ComparedField]:
    """Every field of a plan (as `log.plan_json`), those that change first. ``mapped``: the mapped fields
    of its kind, as the configuration has them; ``held``: what the target is known to hold."""
    found = [_line(plan, each, held) for each in mapped]
    return sorted(found, key=lambda line: line.fate is not FieldOutcome.CHANGED)


def target_values(engine: Engine, entity: str, plan: Json) -> dict[str, Value]:
    """What the target of a plan holds, as last read or written."""
    target = Direction(plan["direction"]).target
    identity = plan["element_id"] if target is System.ELEMENT451 else plan["salesforce_id"]
    if identity is None:
        return {}
    here = (PAIRS.c.kind == plan["kind"], PAIRS.c.entity == entity, PAIRS.c[SIDES[target].id] == identity)
    with engine.connect() as connection:
        return dict(
            connection.execute(select(PAIRS.c[SIDES[target].values]).where(*here)).scalar_one_or_none() or {}
        )


def _line(plan: Json, mapped: Json, held: Mapping[str, Value]) -> ComparedField:
    direction, owner = Direction(plan["direction"]), System(mapped["owner"])
    source, target = direction.source, direction.target
    incoming = _read(plan, source, mapped[source.value], plan["incoming"])
    outgoing, key = plan["outgoing"], mapped[target.value]
    before: MaybeValue
    if key in outgoing:
        change = next((change for change in plan["changes"] if change[target.value] == key), None)
        after = outgoing[key]
        before = (
            after
            if change is None
            else UnknownValue.UNREAD
            if change.get("known") is False
            else change["before"]
        )
        fate = FieldOutcome.SAME if change is None else FieldOutcome.CHANGED
    else:
        after = before = _read(plan, target, key, held)
        sends = Status(plan["status"]).writes
        fate = (
            FieldOutcome.KEPT
            if sends and owner is target
            else FieldOutcome.UNREAD
            if sends and incoming is UnknownValue.UNREAD
            else FieldOutcome.LEFT
        )
    if _id(plan, target) is None:
        before = UnknownValue.NO_RECORD
    return ComparedField(mapped["element451"], mapped["salesforce"], owner, incoming, before, after, fate)


def _read(plan: Json, system: System, key: str, values: Mapping[str, Value]) -> MaybeValue:
    """A record's value; its own ID is no value of it, but known all the same."""
    if key in values:
        return values[key]
    if key in _OWN_ID[Kind(plan["kind"]), system]:
        return _id(plan, system)
    return UnknownValue.NO_RECORD if _id(plan, system) is None else UnknownValue.UNREAD


def _id(plan: Json, system: System) -> str | None:
    identity: str | None = plan["element_id"] if system is System.ELEMENT451 else plan["salesforce_id"]
    return None if identity == NEW else identity


_OWN_ID = {
    (Kind.CONTACT, System.ELEMENT451): (CONTACT_ID,),
    (Kind.CONVERSATION, System.ELEMENT451): (CONVERSATION_ID,),
    (Kind.CONTACT, System.SALESFORCE): ("Id",),
    (Kind.CONVERSATION, System.SALESFORCE): ("Id",),
}
