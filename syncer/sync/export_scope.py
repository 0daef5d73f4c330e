"""Which contacts are exported because they take part in an exported conversation (rule 12), and whom a
conversation belongs to (rule 13)."""

from sqlalchemy import and_, func, select, update

from syncer.core.records import Kind, RecordState, System
from syncer.sync.context import SyncContext
from syncer.sync.match.pairing import Pairing
from syncer.sync.pair_store import CHUNK, DUE_COLUMNS, PAIRS, due_now
from syncer.sync.pull.pull import refresh


def read_participants(context: SyncContext) -> None:
    """Read the contacts of due conversations that no pair knows yet; one that does not exist is noted as
    gone."""
    contacts, conversations = context.pairs(Kind.CONTACT), context.pairs(Kind.CONVERSATION)
    due = due_now(context.clock()), PAIRS.c.contact_id.is_not(None)
    for rows in conversations.walk(context.database, *due):
        wanted = {row["contact_id"] for row in rows}
        with context.database.connect() as connection:
            known = contacts.by_ids(connection, System.ELEMENT451, wanted)
        if refresh(context, Kind.CONTACT, System.ELEMENT451, wanted - set(known)):
            Pairing(context, Kind.CONTACT).run()


def bring_into_scope(context: SyncContext) -> None:
    """Put the contacts of due, exported conversations into the scope, for good."""
    contacts, conversations = context.pairs(Kind.CONTACT), context.pairs(Kind.CONVERSATION)
    exported = and_(
        conversations.here,
        due_now(context.clock()),
        PAIRS.c.left_sync.is_(False),
        PAIRS.c.element_state == RecordState.LIVE.value,
    )
    after = ""
    while True:
        with context.database.begin() as connection:
            page = (
                select(PAIRS.c.contact_id)
                .distinct()
                .where(exported, PAIRS.c.contact_id > after)
                .order_by(PAIRS.c.contact_id)
                .limit(CHUNK)
            )
            ids = list(connection.execute(page).scalars())
            if not ids:
                return
            after = ids[-1]
            outside = and_(contacts.here, PAIRS.c.in_scope.is_(False), PAIRS.c.element_id.in_(ids))
            connection.execute(update(PAIRS).where(outside).values(DUE_COLUMNS | {"in_scope": True}))


def known_records(context: SyncContext) -> int:
    """How many records the guard measures a run against: every pair, or half of one, that is in the sync."""
    total = 0
    with context.database.connect() as connection:
        for kind in context.config.mappings:
            here = and_(context.pairs(kind).here, PAIRS.c.left_sync.is_(False))
            total += connection.execute(select(func.count()).select_from(PAIRS).where(here)).scalar_one()
    return total
