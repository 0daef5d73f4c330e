"""Which organization the next sign-in may be to, once the former one was left."""

from sqlalchemy import Connection, select, update

from syncer.connections.part_sizes import forget_all
from syncer.core.records import System
from syncer.infra.database.tables import ConnectionRow, table

_CONNECTIONS = table(ConnectionRow)


def forget(connection: Connection) -> None:
    """Forget which organization was connected, and what was found out of it: the next sign-in may be to any
    other."""
    of_salesforce = _CONNECTIONS.c.system == System.SALESFORCE.value
    account = connection.execute(select(_CONNECTIONS.c.account).where(of_salesforce)).scalar_one_or_none()
    kept = {key: value for key, value in (account or {}).items() if key != "organization_id"}
    connection.execute(update(_CONNECTIONS).where(of_salesforce).values(account=kept))
    forget_all(connection)
