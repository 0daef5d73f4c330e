"""Nothing is committed under a lost lease: each commit of a run first finds its lease row unchanged, in the same transaction (rule 18)."""

from sqlalchemy import Connection, Engine, event

from syncer.lease import Lease


def fenced(engine: Engine, lease: Lease) -> Engine:
    """The same database, for the owner of ``lease`` only: a commit raises `LeaseLost`, and is rolled back, once somebody else owns it."""
    guarded = engine.execution_options(fenced_by=lease.token)

    def look(connection: Connection) -> None:
        lease.confirm(connection)

    event.listen(guarded, "commit", look)
    return guarded
