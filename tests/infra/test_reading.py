"""Looking at the database while somebody writes to it."""

from sqlalchemy import Engine, insert, select

from syncer.infra.database.engine import reading
from syncer.infra.database.tables import FactRow, table

FACTS = table(FactRow)


def test_who_only_looks_waits_for_nobody_who_writes_and_sees_what_was_there_before(engine: Engine) -> None:
    with engine.begin() as writing:
        writing.execute(insert(FACTS).values(name="new", value={}))
        with reading(engine).connect() as looking:
            assert looking.execute(select(FACTS.c.name)).all() == []
    with reading(engine).connect() as looking:
        assert looking.execute(select(FACTS.c.name)).scalars().all() == ["new"]


def test_who_only_looks_holds_up_nobody_who_writes(engine: Engine) -> None:
    with reading(engine).connect() as looking:
        assert looking.execute(select(FACTS.c.name)).all() == []
        with engine.begin() as writing:
            writing.execute(insert(FACTS).values(name="new", value={}))
