"""The connected Salesforce organization is another one, as a sandbox is that was refreshed: what is known of
the former one is kept aside, and never used against the new one."""

from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from syncer.core.records import Kind
from syncer.infra.database import key_value
from syncer.infra.database.tables import CatalogueRow, MarkRow, SendingRow, table
from syncer.journal.approvals import ENTITIES
from syncer.journal.log import ENTRIES
from syncer.sync.pair_rows import APPLIED, ASIDE, NAMED
from syncer.sync.pair_store import PAIRS

_CATALOGUES, _MARKS, _SENDING = table(CatalogueRow), table(MarkRow), table(SendingRow)
_FORGOTTEN = (APPLIED, NAMED, ENTITIES)


def known_pairs(connection: Connection) -> dict[str, int]:
    """How many pairs with both halves each kind has, those aside left out."""
    paired = (PAIRS.c.element_id.is_not(None), PAIRS.c.salesforce_id.is_not(None), *_here())
    query = select(PAIRS.c.kind, func.count().label("pairs")).where(*paired).group_by(PAIRS.c.kind)
    return {kind.value: 0 for kind in Kind} | {row.kind: row.pairs for row in connection.execute(query)}


def set_aside(connection: Connection, organization: str) -> dict[str, int]:
    """Keep every pair and log entry of this organization aside; gives the pairs by kind. Both systems are
    read from their beginning next, and everybody is matched anew: an entry from before cannot be undone."""
    found = known_pairs(connection)
    connection.execute(
        update(PAIRS)
        .where(*_here())
        .values(entity=PAIRS.c.entity + ASIDE + organization, due=False, failing=False)
    )
    connection.execute(
        update(ENTRIES)
        .where(ENTRIES.c.entity.not_like(f"%{ASIDE}%"))
        .values(entity=ENTRIES.c.entity + ASIDE + organization)
    )
    for of_the_former in (_MARKS, _SENDING):
        connection.execute(delete(of_the_former))
    connection.execute(delete(_CATALOGUES).where(_CATALOGUES.c.name.like("salesforce%")))
    for name in _FORGOTTEN:
        key_value.write(connection, name, {})
    return found


def _here() -> tuple[Any, ...]:
    return (PAIRS.c.entity.not_like(f"%{ASIDE}%"),)
