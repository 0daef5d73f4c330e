"""The tables of holds (see `syncer.infra.database.tables`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text

from syncer.infra.database.table_row import TableRow, column


class HoldRow(TableRow):
    """One hold: by a person (``until`` a moment), or of everything that one approval or undo, the ``run``,
    keeps out, until another value comes. ``ended_by`` is empty where it ended by itself."""

    __tablename__ = "holds"
    __table_args__ = (Index("holds_by_end", "ended_at", "until"), Index("holds_by_run", "run"))

    id: int | None = column(primary_key=True)
    origin: str
    reason: str = column("", type=Text)
    placed_by: str
    placed_at: datetime
    until: datetime | None = None
    run: int | None = None
    ended_at: datetime | None = None
    ended_by: str = ""


class HeldRow(TableRow):
    """What a hold keeps out of one pair (`syncer.core.trust.holds.Hold`). ``system`` is empty where nothing
    is written on either side; both keys are empty where it is the whole record. ``value`` is kept as
    ``{"is": value}``."""

    __tablename__ = "held"
    __table_args__ = (Index("held_by_hold", "hold", "id"), Index("held_by_pair", "pair"))

    id: int | None = column(primary_key=True)
    hold: int
    pair: int
    what: str
    system: str = ""
    element451: str = ""
    salesforce: str = ""
    value: dict[str, Any] | None
