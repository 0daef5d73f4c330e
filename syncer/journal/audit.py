"""The audit trail: who did what, and when. Every act is recorded before it is done, or with it; only
administrators read the trail."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from syncer.core.permissions import MACHINE, Action, Actor
from syncer.infra.database.tables import AuditRow, table

AUDIT = table(AuditRow)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: who did it, in which role, what it was about, and further details (never a secret)."""

    id: int
    time: datetime
    person: str
    role: str
    act: str
    about: str
    detail: dict[str, Any]


def authorize(engine: Engine, person: Actor, act: Action, about: str = "", **detail: Any) -> None:
    """Make sure that ``person`` may do it, and record that they do. Raises `NotPermitted`, and records
    nothing then."""
    person.require(act)
    with engine.begin() as connection:
        record(connection, person, act, about, **detail)


def record(connection: Connection, person: Actor, act: Action, about: str = "", **detail: Any) -> None:
    """Record an act in the transaction that does it."""
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


def entries(
    engine: Engine,
    person: Actor,
    before: int | None = None,
    limit: int | None = 100,
    *,
    by: str | None = None,
    act: Action | None = None,
) -> list[AuditEntry]:
    """The newest acts, newest first: ``before`` the act of this number, ``by`` one person, of one sort
    (``act``). ``limit`` None: all of them. Raises `NotPermitted`."""
    person.require(Action.AUDIT)
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    if by is not None:
        query = query.where(AUDIT.c.person == by)
    if act is not None:
        query = query.where(AUDIT.c.act == act)
    with engine.connect() as connection:
        return [AuditEntry(**dict(row)) for row in connection.execute(query).mappings()]


def people(engine: Engine, person: Actor) -> list[str]:
    """The names of all who did anything. Raises `NotPermitted`."""
    person.require(Action.AUDIT)
    with engine.connect() as connection:
        return list(connection.execute(select(AUDIT.c.person).distinct().order_by(AUDIT.c.person)).scalars())
