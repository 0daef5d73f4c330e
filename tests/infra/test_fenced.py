"""Nothing is committed under a lost lease."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, update

from syncer.infra.database import key_value
from syncer.infra.database.key_value import FACTS
from syncer.infra.database.lease import RUN, Lease, LeaseLost, fenced
from syncer.infra.database.tables import LeaseRow, table


@pytest.fixture
def lease(engine: Engine) -> Iterator[Lease]:
    lease = Lease(engine, RUN)
    assert lease.take()
    yield lease
    lease.release()


def test_the_owner_of_the_lease_commits(engine: Engine, lease: Lease) -> None:
    with fenced(engine, lease).begin() as connection:
        key_value.write(connection, "mine", {"is": "kept"})
    with engine.connect() as connection:
        assert key_value.read(connection, "mine") == {"is": "kept"}


def test_a_former_owner_commits_nothing(engine: Engine, lease: Lease) -> None:
    ours = fenced(engine, lease)
    with engine.begin() as connection:
        leases = table(LeaseRow)
        connection.execute(
            update(leases).where(leases.c.name == RUN).values(owner="someone else", token=leases.c.token + 1)
        )
    with pytest.raises(LeaseLost), ours.begin() as connection:
        key_value.write(connection, "mine", {"is": "lost"})
    with engine.connect() as connection:
        assert connection.execute(select(FACTS)).all() == []


def test_everybody_else_commits_as_ever(engine: Engine, lease: Lease) -> None:
    fenced(engine, lease)
    lease.release()
    with engine.begin() as connection:
        key_value.write(connection, "theirs", {"is": "kept"})
    with engine.connect() as connection:
        assert key_value.read(connection, "theirs") == {"is": "kept"}
