"""Reading the Integration Logs: newest first, filtered, page by page (rule 16)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, or_, select

from syncer.logbook import ENTRIES
from syncer.pair import element_id, salesforce_id


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries: of a status, of a record (by any of its IDs), of a run, older than an entry. None: all."""

    status: str | None = None
    record: str | None = None
    run: int | None = None
    before: int | None = None


def entries(engine: Engine, chosen: Chosen, limit: int = 100) -> list[dict[str, Any]]:
    """The newest ``limit`` entries, as the command line prints them (DESIGN.md §6)."""
    statement = select(ENTRIES).order_by(ENTRIES.c.id.desc()).limit(limit)
    if chosen.status:
        statement = statement.where(ENTRIES.c.status == chosen.status)
    if chosen.run:
        statement = statement.where(ENTRIES.c.run == chosen.run)
    if chosen.before:
        statement = statement.where(ENTRIES.c.id < chosen.before)
    if chosen.record:
        ours = element_id(chosen.record) or chosen.record
        theirs = salesforce_id(chosen.record) or chosen.record
        statement = statement.where(or_(ENTRIES.c.element_id == ours, ENTRIES.c.salesforce_id == theirs))
    with engine.connect() as connection:
        return [_shown(dict(row)) for row in connection.execute(statement).mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        "run",
        "time",
        "direction",
        "kind",
        "element_id",
        "salesforce_id",
        "status",
        "reason",
        "code",
        "changes",
        "retry_of",
        "detail",
        "version",
    )
    return {"entry": row["id"]} | {name: row[name] for name in names}
