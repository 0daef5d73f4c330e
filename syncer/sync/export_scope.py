"""Which contacts are exported because they take part in an exported conversation (rule 12), and whom a
conversation belongs to (rule 13)."""

from sqlalchemy import ColumnElement, and_, update

from syncer.core.records import Kind, RecordState, System
from syncer.infra.database.indexes import not_by_index
from syncer.sync.context import SyncContext
from syncer.sync.match.pairing import Pairing
from syncer.sync.pair_store import DUE_COLUMNS, PAIRS, due_now
from syncer.sync.pull.pull import refresh


def read_participants(context: SyncContext) -> None:
    """Read the contacts of due conversations that no pair knows yet; one that does not exist is noted as
    gone."""
    contacts, conversations = context.pairs(Kind.CONTACT), context.pairs(Kind.CONVERSATION)
    for rows in conversations.walk(context.database, *_due(context)):
        wanted = {row["contact_id"] for row in rows}
        with context.database.connect() as connection:
            known = contacts.by_ids(connection, System.ELEMENT451, wanted)
        if refresh(context, Kind.CONTACT, System.ELEMENT451, wanted - set(known)):
            Pairing(context, Kind.CONTACT).run()


def bring_into_scope(context: SyncContext) -> None:
    """Put the contacts of due, exported conversations into the scope, for good."""
    contacts, conversations = context.pairs(Kind.CONTACT), context.pairs(Kind.CONVERSATION)
    exported = (PAIRS.c.left_sync.is_(False), PAIRS.c.element_state == RecordState.LIVE.value)
    for rows in conversations.walk(context.database, *_due(context), *exported, outline=True):
        ids = {row["contact_id"] for row in rows}
        outside = and_(contacts.here, PAIRS.c.in_scope.is_(False), PAIRS.c.element_id.in_(ids))
        with context.database.begin() as connection:
            connection.execute(update(PAIRS).where(outside).values(DUE_COLUMNS | {"in_scope": True}))


def _due(context: SyncContext) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What is due and has a contact; there may be many that have one, and few that are due."""
    return due_now(context.clock()), not_by_index(PAIRS.c.contact_id).is_not(None)


def known_records(context: SyncContext) -> int:
    """How many records the guard measures a run against: every pair, or half of one, that is in the sync."""
    with context.database.connect() as connection:
        return sum(context.pairs(kind).known(connection) for kind in context.config.mappings)
