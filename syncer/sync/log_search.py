"""Which records somebody means who searches the Integration Logs: by an ID of either system, or by a name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select

from syncer.configuration.document import Document, entity_name
from syncer.core.ids import element_id, salesforce_id
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.sync import record_search
from syncer.sync.pair_store import PAIRS

PEOPLE, CONVERSATIONS = 20, 30
"""So many people, and conversations of theirs, a name may mean: each is looked up apart, so that the search
stays quick."""


@dataclass(frozen=True, slots=True)
class Meant:
    """``ids`` of the records that are meant, of both systems; ``people``: the names of those who were found
    by name; ``more``: others fit too."""

    ids: tuple[str, ...]
    people: tuple[str, ...] = ()
    more: bool = False


def meant(engine: Engine, document: Document, text: str) -> Meant:
    """The records that ``text`` means: the one that has it as an ID, with its ID in the other system, or else
    the contacts whose name or e-mail address holds it, with their conversations. ``document``: the
    configuration in force."""
    with reading(engine).connect() as connection:
        if found := _by_id(connection, document, text):
            return Meant(found)
    people = record_search.find(engine, entity_name(document, Kind.CONTACT), text, PEOPLE + 1)
    kept = people[:PEOPLE]
    with reading(engine).connect() as connection:
        conversations = _conversations(connection, document, [person.element_id for person in kept])
    ids = [
        identity for person in kept for identity in (person.element_id, person.salesforce_id)
    ] + conversations
    # What only looks like an ID, and is nobody's name, may be in the logs although no pair holds it any more.
    asked = element_id(text) or salesforce_id(text)
    if not ids and asked:
        return Meant((asked,))
    return Meant(
        _each(ids),
        tuple(person.name or person.email for person in kept),
        len(people) > PEOPLE or len(conversations) >= 2 * CONVERSATIONS,
    )


def contact_of(engine: Engine, entry: Mapping[str, Any]) -> str | None:
    """The Element ID of the contact that a conversation's log entry (`log_queries`) belongs to; None where
    none is known."""
    if entry["kind"] != Kind.CONVERSATION or not entry["element_id"]:
        return None
    of = (
        PAIRS.c.kind == entry["kind"],
        PAIRS.c.entity == entry["entity"],
        PAIRS.c.element_id == entry["element_id"],
    )
    with reading(engine).connect() as connection:
        found: str | None = connection.execute(select(PAIRS.c.contact_id).where(*of)).scalar_one_or_none()
    return found


def _by_id(connection: Connection, document: Document, text: str) -> tuple[str, ...]:
    """Both IDs of the record that is known by this one."""
    for column, identity in (
        (PAIRS.c.element_id, element_id(text)),
        (PAIRS.c.salesforce_id, salesforce_id(text)),
    ):
        if identity:
            known = or_(*(_of(kind, document) for kind in Kind))
            found = connection.execute(
                select(PAIRS.c.element_id, PAIRS.c.salesforce_id).where(known, column == identity)
            )
            return _each(identity for row in found for identity in row)
    return ()


def _conversations(
    connection: Connection, document: Document, contacts: list[str | None]
) -> list[str | None]:
    wanted = [identity for identity in contacts if identity]
    if not wanted:
        return []
    theirs = select(PAIRS.c.element_id, PAIRS.c.salesforce_id).where(
        PAIRS.c.contact_id.in_(wanted), _of(Kind.CONVERSATION, document)
    )
    rows = connection.execute(theirs.order_by(PAIRS.c.id.desc()).limit(CONVERSATIONS))
    return [identity for row in rows for identity in row]


def _of(kind: Kind, document: Document) -> ColumnElement[bool]:
    return and_(PAIRS.c.kind == kind.value, PAIRS.c.entity == entity_name(document, kind))


def _each(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identity for identity in ids if identity))
