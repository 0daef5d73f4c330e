"""A person holds a record or a field of it, and releases a hold (rule 20)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, Engine, or_, select

from syncer.configuration.document import (
    Document,
    FieldKeys,
    entity_name,
    field_keys,
    is_constant,
    mapping_rows,
)
from syncer.configuration.required_mappings import required_mapping
from syncer.core.ids import element_id, salesforce_id
from syncer.core.permissions import Action, Actor
from syncer.core.records import Kind
from syncer.core.trust.holds import Held
from syncer.journal import audit
from syncer.sync.holds.store import HOLDS, Kept, Origin, begin, keep, release
from syncer.sync.pair_store import PAIRS

DAYS = 90
"""How long a hold lasts, unless somebody says otherwise."""


class CannotHold(Exception):
    """There is nothing to hold, or to release, by that name; ``str()`` says so. Nothing was done."""


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """What somebody wants held: the record with this ID (Element ID, conversation ID or Salesforce ID), or
    of it the ``field`` with this slug or API name. ``until``: the moment when it ends."""

    identity: str
    reason: str
    field: str | None = None
    until: datetime | None = None


def place(engine: Engine, person: Actor, document: Document, asked: HoldRequest, now: datetime) -> int:
    """Hold it; the hold's number. ``document``: the configuration in force. Raises `NotPermitted` and
    `CannotHold`."""
    reason, until = asked.reason.strip(), asked.until or end_of_day(now + timedelta(days=DAYS))
    about = " ".join(filter(None, (asked.identity, asked.field)))
    audit.authorize(engine, person, Action.HOLD, about, reason=reason, until=until.isoformat())
    if not reason:
        raise CannotHold("A hold needs a reason, for whoever comes upon it later.")
    if until <= now:
        raise CannotHold("The end of the hold has passed already.")
    with engine.begin() as connection:
        pair, kind = _pair(connection, document, asked.identity)
        slug, name = _field(document, kind, asked.field) if asked.field else ("", "")
        what = Held.FIELD if asked.field else Held.RECORD
        hold = begin(connection, Origin.PERSON, person.name, now, reason=reason, until=until)
        keep(connection, hold, [Kept(pair, what, element451=slug, salesforce=name)])
    return hold


def let_go(engine: Engine, person: Actor, hold: int, now: datetime) -> int:
    """Release a hold; how many records it held. What an approval left out, only those release who may
    approve. Raises `NotPermitted` and `CannotHold`."""
    audit.authorize(engine, person, Action.RELEASE, f"hold {hold}")
    with engine.begin() as connection:
        origin = connection.execute(select(HOLDS.c.origin).where(HOLDS.c.id == hold)).scalar_one_or_none()
        if origin == Origin.APPROVAL:
            person.require(Action.APPROVE)
        released = release(connection, hold, person.name, now)
        if released is None:
            raise CannotHold(f"There is no hold {hold}, or it has ended.")
    return released


def end_of_day(when: datetime) -> datetime:
    """The last second of that day, in UTC."""
    return datetime.combine(when.astimezone(UTC).date(), time(23, 59, 59), UTC)


def _pair(connection: Connection, document: Document, identity: str) -> tuple[int, Kind]:
    """The pair that holds this record. Contacts come first where a conversation has the same ID."""
    names = {element_id(identity), salesforce_id(identity)} - {None}
    for kind in Kind if names else ():
        of = (PAIRS.c.kind == kind.value, PAIRS.c.entity == entity_name(document, kind))
        known = or_(PAIRS.c.element_id.in_(names), PAIRS.c.salesforce_id.in_(names))
        found = connection.execute(select(PAIRS.c.id).where(*of, known).with_for_update()).scalars().first()
        if found is not None:
            return found, kind
    raise CannotHold(
        f"No record is known by the ID {identity}. A record is known once a run or a preview has read it."
    )


def _field(document: Document, kind: Kind, key: str) -> FieldKeys:
    for row in mapping_rows(document, kind):
        if key not in field_keys(row) or is_constant(row):
            continue
        if required_mapping(kind, field_keys(row)):
            raise CannotHold(f"{key} links the two halves of a record. Hold the whole record instead.")
        return field_keys(row)
    raise CannotHold(f"{key} is not among the mapped fields of {kind}s.")
