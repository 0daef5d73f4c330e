"""Everything that is known of one student: who it is, every mapped field on both sides, how it fails, and the
conversations. Reads the database alone, by indexes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from syncer.application.container import Application
from syncer.application.engine_factory import NotReady
from syncer.application.why import open_why
from syncer.configuration.document import Document, entity_name
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.trust.written import LINKS, created_record, written_by
from syncer.infra.database.engine import reading
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from syncer.sync import failures, record_search
from syncer.sync.failures import Failure
from syncer.sync.holds import listing
from syncer.sync.on_demand import NoSuchRecord
from syncer.sync.pair_store import PAIRS
from syncer.sync.record_search import Person

ENTRIES = 30
"""So many entries of the history are given, unless more are asked for."""
CONVERSATIONS = 50
"""So many conversations of a student are given, the newest first."""
_SUBJECT, _DATES = "conversation-subject", ("conversation-last-activity-at", "conversation-created-at")


@dataclass(frozen=True, slots=True)
class FailingNow:
    """How a student fails in one direction, and the number of the log entry that says so: None where the log
    has none any more."""

    direction: Direction
    failure: Failure
    entry: int | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of a student: its IDs, and subject and last activity (or beginning) as far as these are
    mapped."""

    element_id: str | None
    salesforce_id: str | None
    subject: str
    date: str


@dataclass(frozen=True, slots=True)
class Student:
    """One contact. ``fields`` and ``history`` are those of `why`; where that cannot be told, ``untold`` says
    why. ``holds`` as `holds` lists them. ``left``: deleted or merged away on a side, and out of the sync;
    ``due``: the next run takes it on."""

    person: Person
    fields: list[dict[str, Any]]
    history: list[dict[str, Any]]
    failing: list[FailingNow]
    holds: list[dict[str, Any]]
    conversations: list[Conversation]
    left: bool
    due: bool
    untold: str = ""

    @property
    def identity(self) -> str:
        """The ID by which it is asked for."""
        return str(self.person.element_id or self.person.salesforce_id)

    @property
    def last_write(self) -> dict[str, Any] | None:
        """The newest entry of the history that wrote something which can be put back; None where none did."""
        return next((entry for entry in self.history if entry["entry"] and _can_be_put_back(entry)), None)

    @property
    def whole_hold(self) -> dict[str, Any] | None:
        """The hold of the student as a whole, where there is one."""
        return next((hold for hold in self.holds if hold["field"] is None and hold["records"] == 1), None)

    @property
    def differing(self) -> int:
        """How many mapped fields differ."""
        return sum(field["agree"] is False for field in self.fields)


def open_student(application: Application, identity: str, *, entries: int = ENTRIES) -> Student | None:
    """The student who has this ID in either system, or the conversation that has it; None where nobody is
    known by it. ``entries``: how much of the history."""
    current = application.configuration.current()
    if current is None:
        return None
    document, database = current[1], application.database
    person = record_search.contact(database, document, identity)
    if person is None:
        return None
    known_as = str(person.element_id or person.salesforce_id)
    fields, history, untold = _explained(application, known_as, entries)
    with reading(database).connect() as connection:
        row = _row(connection, document, person)
        failing = [
            now
            for direction in Direction
            if (now := _failing(application, connection, document, person, direction))
        ]
        conversations = _conversations(connection, document, person)
    return Student(
        person,
        fields,
        history,
        failing,
        listing.in_force(database, identity=known_as),
        conversations,
        bool(row and row["left_sync"]),
        bool(row and row["due"]),
        untold,
    )


def _can_be_put_back(entry: Mapping[str, Any]) -> bool:
    """Nobody is deleted: what was created stays. Nor do IDs go back, which link two records."""
    return not created_record(entry) and any(not one.is_link for one in written_by(entry))


def _explained(
    application: Application, identity: str, entries: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """(fields, history, why they cannot be told). The IDs are no fields of a student: they link records."""
    try:
        why = open_why(application)
        fields = [
            field
            for field in why.fields(identity)
            if field["element451"] not in LINKS and field["salesforce"] != "Id"
        ]
        return fields, why.history(identity, entries), ""
    except (NotReady, NoSuchRecord) as reason:
        return [], [], str(reason)


def _row(connection: Connection, document: Document, person: Person) -> Mapping[Any, Any] | None:
    column, identity = (
        (PAIRS.c.element_id, person.element_id)
        if person.element_id
        else (PAIRS.c.salesforce_id, person.salesforce_id)
    )
    of = and_(
        PAIRS.c.kind == Kind.CONTACT.value,
        PAIRS.c.entity == entity_name(document, Kind.CONTACT),
        column == identity,
    )
    found = connection.execute(select(PAIRS.c.left_sync, PAIRS.c.due).where(of)).mappings().first()
    return dict(found) if found else None


def _failing(
    application: Application,
    connection: Connection,
    document: Document,
    person: Person,
    direction: Direction,
) -> FailingNow | None:
    record = {
        "kind": Kind.CONTACT.value,
        "entity": entity_name(document, Kind.CONTACT),
        "direction": direction.value,
        "element_id": person.element_id,
        "salesforce_id": person.salesforce_id,
    }
    failure = failures.of_record(connection, record)
    if failure is None:
        return None
    ids = tuple(one for one in (person.element_id, person.salesforce_id) if one)
    told = LogFilter(
        records=ids, status=Status.FAILED.value, direction=direction.value, kind=Kind.CONTACT.value
    )
    entries = log_queries.entries(application.database, told, 1)
    return FailingNow(direction, failure, entries[0]["entry"] if entries else None)


def _conversations(connection: Connection, document: Document, person: Person) -> list[Conversation]:
    if person.element_id is None:
        return []
    theirs = and_(
        PAIRS.c.contact_id == person.element_id,
        PAIRS.c.kind == Kind.CONVERSATION.value,
        PAIRS.c.entity == entity_name(document, Kind.CONVERSATION),
    )
    columns = (PAIRS.c.element_id, PAIRS.c.salesforce_id, PAIRS.c.element451)
    newest = select(*columns).where(theirs).order_by(PAIRS.c.id.desc()).limit(CONVERSATIONS)
    found = [_conversation(row) for row in connection.execute(newest).mappings()]
    return sorted(found, key=lambda one: one.date, reverse=True)


def _conversation(row: Mapping[Any, Any]) -> Conversation:
    values = row["element451"] or {}
    date = next((str(values[key]) for key in _DATES if values.get(key)), "")
    return Conversation(row["element_id"], row["salesforce_id"], str(values.get(_SUBJECT) or ""), date)


def date_of(conversation: Conversation) -> datetime | None:
    """The moment of a conversation's date; None where it has none that is a moment."""
    try:
        return datetime.fromisoformat(conversation.date)
    except ValueError:
        return None
