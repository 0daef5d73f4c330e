"""Finding contacts by any ID, e-mail address or part of a name, among the pairs: neither system is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select

from syncer.configuration.document import Document, entity_name
from syncer.core.ids import element_id, salesforce_id
from syncer.core.person_names import name_and_email
from syncer.core.records import Kind, RecordState
from syncer.infra.database.engine import reading
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES

_EXISTS = or_(
    *(
        and_(
            PAIRS.c[side.id].is_not(None),
            PAIRS.c[side.state] != RecordState.GONE.value,
            # Absent, and without another half: never seen, or to be had no more.
            or_(PAIRS.c[side.state] != RecordState.ABSENT.value, PAIRS.c[side.other.id].is_not(None)),
        )
        for side in SIDES.values()
    )
)
"""Not only asked for, and found to be nobody."""
_SHOWN = (PAIRS.c.element_id, PAIRS.c.salesforce_id, PAIRS.c.element451, PAIRS.c.salesforce)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as somebody knows it again; empty name or address where no mapped field holds one, None for
    an ID that it has not."""

    name: str
    email: str
    element_id: str | None
    salesforce_id: str | None


def find(engine: Engine, entity: str, text: str, limit: int = 20) -> list[Person]:
    """The contacts of the Salesforce object ``entity`` that ``text`` may mean, in the order of their names:
    an Element ID, a Salesforce ID of 15 or 18 characters, or words that each stand somewhere in name and
    e-mail address."""
    words = text.casefold().split()
    if not words:
        return []
    with reading(engine).connect() as connection:
        return _by_id(connection, entity, text) or _by_words(connection, entity, words, limit)


def contact(engine: Engine, document: Document, identity: str) -> Person | None:
    """The contact that has this ID in either system, or the one of the conversation that has it; None where
    nobody is known by it. ``document``: the configuration in force."""
    entity, talks = (entity_name(document, kind) for kind in (Kind.CONTACT, Kind.CONVERSATION))
    wanted = [one for one in (element_id(identity), salesforce_id(identity)) if one]
    with reading(engine).connect() as connection:
        found = _by_id(connection, entity, identity)
        if not found and (theirs := list(_contacts_of(connection, talks, wanted).values())):
            found = _by_id(connection, entity, theirs[0])
    return found[0] if found else None


def names(
    engine: Engine, entity: str, ids: Iterable[str | None], conversation_entity: str | None = None
) -> dict[str, str]:
    """What to call the contacts that have these IDs (of either system): name, else e-mail address; those
    without either are left out. With ``conversation_entity``, an ID may be a conversation's as well: it goes
    by its contact."""
    wanted = list(dict.fromkeys(identity for identity in ids if identity))
    with reading(engine).connect() as connection:
        found = _names(connection, entity, wanted)
        rest = [identity for identity in wanted if identity not in found]
        if conversation_entity and rest:
            contacts = _contacts_of(connection, conversation_entity, rest)
            called = _names(connection, entity, list(dict.fromkeys(contacts.values())))
            found |= {
                identity: called[contact] for identity, contact in contacts.items() if contact in called
            }
    return found


def _names(connection: Connection, entity: str, ids: Sequence[str]) -> dict[str, str]:
    wanted, found = set(ids), dict[str, str]()
    for column in (PAIRS.c.element_id, PAIRS.c.salesforce_id):
        for chunk in chunked(ids, CHUNK):
            for row in connection.execute(
                select(*_SHOWN).where(_of(Kind.CONTACT, entity), column.in_(chunk))
            ).mappings():
                person = _person(row)
                both = {
                    identity for identity in (person.element_id, person.salesforce_id) if identity in wanted
                }
                found |= (
                    dict.fromkeys(both, person.name or person.email) if person.name or person.email else {}
                )
    return found


def _contacts_of(connection: Connection, entity: str, ids: Sequence[str]) -> dict[str, str]:
    """The Element ID of the contact of each of these conversations."""
    found: dict[str, str] = {}
    for column in (PAIRS.c.element_id, PAIRS.c.salesforce_id):
        for chunk in chunked(ids, CHUNK):
            here = (
                _of(Kind.CONVERSATION, entity),
                column.in_(chunk),
                PAIRS.c.contact_id.is_not(None),
            )
            found |= {
                row[0]: row[1] for row in connection.execute(select(column, PAIRS.c.contact_id).where(*here))
            }
    return found


def _by_id(connection: Connection, entity: str, text: str) -> list[Person]:
    ours, theirs = element_id(text), salesforce_id(text)
    if not (ours or theirs):
        return []
    named = PAIRS.c.element_id == ours if ours else PAIRS.c.salesforce_id == theirs
    return [
        _person(row)
        for row in connection.execute(
            select(*_SHOWN).where(_of(Kind.CONTACT, entity), named, _EXISTS)
        ).mappings()
    ]


def _by_words(connection: Connection, entity: str, words: Sequence[str], limit: int) -> list[Person]:
    """Look through the index of search texts alone, and fetch the rows of those that fit."""
    fitting = and_(
        _of(Kind.CONTACT, entity), *(PAIRS.c.search.contains(word, autoescape=True) for word in words)
    )
    texts = (
        connection.execute(select(PAIRS.c.search).where(fitting).order_by(PAIRS.c.search).limit(limit))
        .scalars()
        .all()
    )
    rows = (
        select(*_SHOWN)
        .where(_of(Kind.CONTACT, entity), PAIRS.c.search.in_(texts))
        .order_by(PAIRS.c.search, PAIRS.c.id)
        .limit(limit)
    )
    return [_person(row) for row in connection.execute(rows).mappings()]


def _of(kind: Kind, entity: str) -> ColumnElement[bool]:
    return and_(PAIRS.c.kind == kind.value, PAIRS.c.entity == entity)


def _person(row: Mapping[Any, Any]) -> Person:
    name, email = name_and_email(row["element451"] or {}, row["salesforce"] or {})
    return Person(name, email, row["element_id"], row["salesforce_id"])
