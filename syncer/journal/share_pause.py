"""The pause that the school's own share of Salesforce's daily limit makes: it ends when the share is raised,
whereas one that Salesforce asks for does not."""

from sqlalchemy import Connection, update

from syncer.core.records import System
from syncer.infra.database import key_value
from syncer.infra.database.tables import ConnectionRow, table

_CONNECTIONS = table(ConnectionRow)
_FACT = "pause made by the share of calls"


def note(connection: Connection, share: int | None) -> None:
    """Salesforce is paused from now on: by the share of so many percent, or (None) for another reason."""
    key_value.write(connection, _FACT, {} if share is None else {"percent": share})


def is_made_by_share(connection: Connection) -> bool:
    """Whether the last pause was made by our share."""
    return bool(key_value.read(connection, _FACT))


def end_if_raised(connection: Connection, share: int) -> None:
    """The share is ``share`` percent from now on."""
    before = key_value.read(connection, _FACT).get("percent")
    if before is None or share <= before:
        return
    key_value.write(connection, _FACT, {})
    connection.execute(
        update(_CONNECTIONS).where(_CONNECTIONS.c.system == System.SALESFORCE.value).values(paused_until=None)
    )
