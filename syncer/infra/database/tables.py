"""The database's tables, each as a class (see `table_row`).

All times are UTC. JSON columns hold normalised values (`records.Value`) or small documents.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Table, Text, text

from syncer.infra.database.hold_tables import HeldRow as HeldRow
from syncer.infra.database.hold_tables import HoldRow as HoldRow
from syncer.infra.database.pair_table import PairRow as PairRow
from syncer.infra.database.request_table import RequestRow as RequestRow
from syncer.infra.database.table_row import TableRow, column

WITH_CODE = text("code <> ''")
"""The log entries that have a code: few, so that their index is small. A query has to repeat it to use that
index."""


class ConnectionRow(TableRow):
    """One connected system. ``secrets`` and ``grant`` are encrypted (`syncer.infra.vault`)."""

    __tablename__ = "connections"

    system: str = column(primary_key=True)
    address: str
    account: dict[str, Any] = column(dict)
    state: str = "connected"
    message: str = ""
    secrets: bytes
    grant: bytes | None
    connected_at: datetime
    paused_until: datetime | None = None


class SignInRow(TableRow):
    """A sign-in at Salesforce under way: its single-use state, with the PKCE verifier and what was typed,
    encrypted.

    ``outcome`` is None until it ended, then empty for a success, else the sentence that says why not.
    """

    __tablename__ = "sign_ins"

    state: str = column(primary_key=True)
    secrets: bytes
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    outcome: str | None = column(type=Text)


class VersionRow(TableRow):
    """One version of the configuration (preferences and mappings), as imported or edited."""

    __tablename__ = "versions"

    id: int | None = column(primary_key=True)
    created_at: datetime
    author: str = ""
    document: dict[str, Any]


class CatalogueRow(TableRow):
    """A catalogue as last read: ``element451``, or ``salesforce:Contact`` and the like; or whether a segment
    is there: ``segment:GUID``."""

    __tablename__ = "catalogues"

    name: str = column(primary_key=True)
    read_at: datetime
    document: dict[str, Any]


class FactRow(TableRow):
    """A small fact that must survive, such as which configuration version the pairs were planned by last."""

    __tablename__ = "facts"

    name: str = column(primary_key=True)
    value: dict[str, Any]


class LeaseRow(TableRow):
    """Who may run (rule 18). ``token`` rises with every owner: a former one can tell that it lost it."""

    __tablename__ = "leases"

    name: str = column(primary_key=True)
    owner: str | None = None
    token: int = 0
    expires_at: datetime | None = None


class MarkRow(TableRow):
    """How far one side of one kind has been read (docs/architecture.md, "Incremental reading").

    ``since`` is where the next reading begins; None reads everything. While a reading is under way,
    ``cursor`` is where it goes on and ``began_at`` the server's time at its first request. ``fields`` are the
    keys that the whole side has been read with; ``reading_fields`` those of the reading under way.
    ``generation`` counts readings of everything, which find what is missing.
    """

    __tablename__ = "marks"

    kind: str = column(primary_key=True)
    entity: str = column(primary_key=True)
    system: str = column(primary_key=True)
    since: datetime | None = None
    cursor: str | None = None
    began_at: datetime | None = None
    fields: list[str] = column(list)
    reading_fields: list[str] = column(list)
    generation: int = 0
    everything: bool = False


class RunRow(TableRow):
    """One run: a pass over everything due, or a Test or Retry of single records. ``slot`` is the tick that it
    was made for. ``approved_counting``: the counting of what it waits with that somebody approved."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("runs_by_state", "state", "id"),
        Index("runs_by_trigger", "trigger", "id"),
        Index("runs_by_time", "started_at"),
        Index("runs_by_approval", "approved_at"),
    )

    id: int | None = column(primary_key=True)
    trigger: str
    state: str = "running"
    version: int
    started_at: datetime
    ended_at: datetime | None = None
    counts: dict[str, Any] = column(dict)
    calls: dict[str, Any] = column(dict)
    seconds: float = 0.0
    reason: str = column("", type=Text)
    code: str = ""
    detail: str = column("", type=Text)
    numbers: dict[str, Any] | None
    approved: bool | None = None
    approved_at: datetime | None = None
    approved_counting: int | None = None
    progress: dict[str, Any] | None
    slot: int | None = column(index=True, type=BigInteger)
    cancelled_by: str = ""


class SendingRow(TableRow):
    """A write about to be sent, noted before it is: what a killed run did is found again and logged (rules 16
    and 17)."""

    __tablename__ = "sending"

    id: int | None = column(primary_key=True)
    run: int = column(index=True)
    entry: dict[str, Any]
    outgoing: dict[str, Any]


class EntryRow(TableRow):
    """One entry of the Integration Logs: one outcome of one record in one direction (rule 16).

    They are listed newest first, by time and then by number: each index serves one filter in that order
    (`log_queries`).
    """

    __tablename__ = "entries"
    __table_args__ = (
        Index("entries_by_time", "time", "id"),
        Index("entries_by_status", "status", "time", "id"),
        Index("entries_by_kind", "kind", "direction", "time", "id"),
        Index("entries_by_kind_and_status", "kind", "direction", "status", "time", "id"),
        Index("entries_by_code", "code", "time", "id", sqlite_where=WITH_CODE, postgresql_where=WITH_CODE),
        Index("entries_by_element_id", "element_id", "time", "id"),
        Index("entries_by_salesforce_id", "salesforce_id", "time", "id"),
        Index("entries_by_run", "run", "time", "id"),
        Index("entries_by_run_and_status", "run", "status", "time", "id"),
    )

    id: int | None = column(primary_key=True)
    run: int
    time: datetime
    version: int
    kind: str
    entity: str
    direction: str
    status: str
    element_id: str | None = None
    salesforce_id: str | None = None
    reason: str = column("", type=Text)
    code: str = ""
    detail: str = column("", type=Text)
    changes: list[Any] = column(list)
    retry_of: int | None = None
    resolved_by: int | None = None


class PlannedRow(TableRow):
    """One plan of the newest dry run, in the order in which it was planned: what people look through before
    they let it happen. ``person`` counts the records, each with its plans of both directions; the lower their
    ``urgency``, the sooner somebody has to look at them."""

    __tablename__ = "planned"
    __table_args__ = (
        Index("planned_by_status", "run", "status", "id"),
        Index("planned_by_run", "run", "id"),
        Index("planned_by_person", "run", "person", "id"),
        Index("planned_by_urgency", "run", "urgency", "person"),
    )

    id: int | None = column(primary_key=True)
    run: int
    direction: str
    kind: str
    status: str
    element_id: str | None = None
    salesforce_id: str | None = None
    person: int = 0
    urgency: int = 0
    plan: dict[str, Any]


class ShownRow(TableRow):
    """What a waiting run would do to one record in one direction, as a digest (rule 19). It counts again with
    every tick: ``since`` is the counting that came upon this very change first, ``seen`` the last one."""

    __tablename__ = "shown"

    run: int = column(primary_key=True)
    pair: int = column(primary_key=True)
    direction: str = column(primary_key=True)
    digest: str
    since: int
    seen: int


class UnaskedRow(TableRow):
    """How many records a run blanked or deactivated unasked in one batch, in all (``field`` is empty) and for
    each field. The guard counts it along for 24 hours (rule 19)."""

    __tablename__ = "unasked"

    id: int | None = column(primary_key=True)
    run: int
    time: datetime = column(index=True)
    kind: str
    field: str = ""
    records: int


class AuditRow(TableRow):
    """One act of a person: who did what, when (`syncer.journal.audit`)."""

    __tablename__ = "audit"

    id: int | None = column(primary_key=True)
    time: datetime
    person: str
    role: str
    act: str
    about: str = column("", type=Text)
    detail: dict[str, Any] = column(dict)


class AlertRow(TableRow):
    """An alert (`alerting.alert_store`): how it stands, since when, by which channels it is ``untold``."""

    __tablename__ = "alerts"

    name: str = column(primary_key=True)
    state: str
    since: datetime
    sentence: str = column(type=Text)
    told_at: datetime | None = None
    untold: list[str] = column(list)


def table(row: type[TableRow]) -> Table:
    """The table of these rows, for statements."""
    return row.table
