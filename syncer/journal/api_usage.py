"""Salesforce's own count of the organization's API calls, from its last response."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from syncer.infra.database import key_value

_NAME = "salesforce usage"


@dataclass(frozen=True, slots=True)
class Usage:
    """``used`` of ``limit`` calls within 24 hours, by everybody who works with the organization, ``as_of``
    (UTC)."""

    used: int
    limit: int
    as_of: datetime


def save(engine: Engine, usage: tuple[int, int] | None, now: datetime | None = None) -> None:
    """Keep (used, limit) as a client read them; None, before the first response, changes nothing."""
    if usage is None:
        return
    used, limit = usage
    value = {"used": used, "limit": limit, "as_of": (now or datetime.now(UTC)).isoformat()}
    with engine.begin() as connection:
        key_value.write(connection, _NAME, value)


def load(engine: Engine) -> Usage | None:
    """The last count that was kept; None where there is none."""
    with engine.connect() as connection:
        value = key_value.read(connection, _NAME)
    return Usage(value["used"], value["limit"], datetime.fromisoformat(value["as_of"])) if value else None
