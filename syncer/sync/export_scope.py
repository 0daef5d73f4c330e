"""Which contacts are exported because they take part in an exported conversation (rule 12), and whom a
conversation belongs to (rule 13)."""

from datetime import datetime

from sqlalchemy import Engine, and_, func, select, update

from syncer.connectors.protocol import Element451, Salesforce
from syncer.core.records import Kind, State, System
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.match.pairing import Matching
from syncer.sync.pair_store import CHUNK, DUE_AGAIN, PAIRS, Pairs, due_now
from syncer.sync.pull.ingest import Absorber
from syncer.sync.pull.pull import read_by_id


def learn_contacts(
    engine: Engine, salesforce: Salesforce, element451: Element451, setup: CompiledConfig, now: datetime
) -> None:
    """Read the contacts of due conversations that no pair knows yet; one that does not exist is noted as
    gone."""
    contacts, conversations = (Pairs(setup.mappings[kind]) for kind in (Kind.CONTACT, Kind.CONVERSATION))
    after = 0
    while True:
        with engine.connect() as connection:
            rows = conversations.page(connection, due_now(now), PAIRS.c.contact_id.is_not(None), after=after)
            wanted = {row["contact_id"] for row in rows}
            known = contacts.by_ids(connection, System.ELEMENT451, wanted)
        if not rows:
            return
        after = rows[-1]["id"]
        found = read_by_id(
            salesforce, element451, contacts.mapping, System.ELEMENT451, sorted(wanted - set(known))
        )
        if found:
            with engine.begin() as connection:
                Absorber(contacts, System.ELEMENT451).absorb(connection, found)
            Matching(engine, salesforce, element451, contacts.mapping).run(now)


def take_in(engine: Engine, setup: CompiledConfig, now: datetime) -> None:
    """Put the contacts of due, exported conversations into the scope, for good."""
    contacts, conversations = (Pairs(setup.mappings[kind]) for kind in (Kind.CONTACT, Kind.CONVERSATION))
    exported = and_(
        conversations.here,
        due_now(now),
        PAIRS.c.left_sync.is_(False),
        PAIRS.c.element_state == State.LIVE.value,
    )
    after = ""
    while True:
        with engine.begin() as connection:
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
            connection.execute(update(PAIRS).where(outside).values(DUE_AGAIN | {"in_scope": True}))


def known_records(engine: Engine, setup: CompiledConfig) -> int:
    """How many records the guard measures a run against: every pair, or half of one, that is in the sync."""
    total = 0
    with engine.connect() as connection:
        for mapping in setup.mappings.values():
            here = and_(Pairs(mapping).here, PAIRS.c.left_sync.is_(False))
            total += connection.execute(select(func.count()).select_from(PAIRS).where(here)).scalar_one()
    return total
