"""The audit trail: who did what, and when. Every act is noted before it is done, or with it; only an
administrator reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from syncer.core.permissions import MACHINE, Act, Person
from syncer.infra.database.tables import AuditRow, table

AUDIT = table(AuditRow)


@dataclass(frozen=True, slots=True)
class Noted:
    """One act: who did it, in which role, what it was about, and what more there is to say (never a
    secret)."""

    id: int
    time: datetime
    person: str
    role: str
    act: str
    about: str
    detail: dict[str, Any]


def allow(engine: Engine, person: Person, act: Act, about: str = "", **detail: Any) -> None:
    """Make sure that ``person`` may do it, and note that they do. Raises `NotPermitted`, and notes nothing
    then."""
    person.require(act)
    with engine.begin() as connection:
        note(connection, person, act, about, **detail)


def note(connection: Connection, person: Person, act: Act, about: str = "", **detail: Any) -> None:
    """Note an act in the transaction that does it."""
    if person == MACHINE:
        return
    row = {
        "time": datetime.now(UTC),
        "person": person.name,
        "role": person.role.value,
        "act": act.value,
        "about": about,
        "detail": detail,
    }
    connection.execute(insert(AUDIT).values(row))


def trail(
    engine: Engine,
    person: Person,
    before: int | None = None,
    limit: int | None = 100,
    *,
    by: str | None = None,
    act: Act | None = None,
) -> list[Noted]:
    """The newest acts, newest first; ``before`` an act's number, those before it; ``by`` one person, of one
    sort (``act``). ``limit`` None: all of them. Raises `NotPermitted`."""
    person.require(Act.AUDIT)
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    for column, asked in ((AUDIT.c.person, by), (AUDIT.c.act, act)):
        query = query if asked is None else query.where(column == asked)
    with engine.connect() as connection:
        return [Noted(**dict(row)) for row in connection.execute(query).mappings()]


def people(engine: Engine, person: Person) -> list[str]:
    """Whoever did anything, by name. Raises `NotPermitted`."""
    person.require(Act.AUDIT)
    with engine.connect() as connection:
        return list(connection.execute(select(AUDIT.c.person).distinct().order_by(AUDIT.c.person)).scalars())
