"""The table of pairs: as wide as a record has states, and indexed for every way in which the road looks for
one (see `syncer.infra.database.tables`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel


class PairRow(SQLModel, table=True):
    """One record, or half of one (docs/architecture.md, "Words"). See `pair.Pair` for the meaning; the other
    columns make it quick to find.

    ``element_link`` and ``salesforce_link`` are the other system's ID as that side stores it, normalised;
    ``…_match`` the match values. ``due`` with ``revision``: planned anew until an outcome of that very
    revision is logged. ``tried_in``: the run that tried it last. ``try_after``: a failed one is not tried
    before (`retrying`); ``failing_since``: when it first failed. ``search``: name and e-mail as people would
    look for them, case-folded. ``…_damaged``: the keys of that side's fields whose text could not be decoded;
    ``emptied``: by system, those that held a value and came back empty since the last outcome.
    ``…_absent_since``: when a read by ID first did not bring the record, beside one that is known to live,
    and none has brought it since (rule 9). ``missed``: it is due because the increments missed a change
    (rule 23). ``…_read_at``: when that side's values were read last; ``checked_in``, ``checked_at``: the last
    run that planned it and found that all values agree (rule 16). ``held``: there are rows of `HeldRow` for
    it.
    """

    __tablename__ = "pairs"
    __table_args__ = (
        Index("pairs_by_element_id", "kind", "entity", "element_id", unique=True),
        Index("pairs_by_salesforce_id", "kind", "entity", "salesforce_id", unique=True),
        Index("pairs_due", "kind", "entity", "due", "id"),
        Index("pairs_by_element_link", "kind", "entity", "element_link"),
        Index("pairs_by_salesforce_link", "kind", "entity", "salesforce_link"),
        Index("pairs_by_element_match", "kind", "entity", "element_match"),
        Index("pairs_by_salesforce_match", "kind", "entity", "salesforce_match"),
        Index("pairs_by_contact", "contact_id"),
        Index("pairs_failing", "kind", "entity", "failing"),
        Index(
            "pairs_left",
            *("kind", "entity"),
            sqlite_where=text("left_sync = 1"),
            postgresql_where=text("left_sync"),
        ),
        Index("pairs_by_search", "kind", "entity", "search"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    entity: str
    element_id: str | None = None
    salesforce_id: str | None = None
    element451: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    salesforce: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    element_state: str = "live"
    salesforce_state: str = "live"
    merged_into: str | None = None
    element_link: str | None = None
    salesforce_link: str | None = None
    element_match: str | None = None
    salesforce_match: str | None = None
    contact_id: str | None = None
    account: str | None = None
    in_scope: bool = False
    left_sync: bool = False
    by_values: bool = False
    problem: str | None = Field(default=None, sa_column=Column(Text))
    former: list[str] | None = Field(default=None, sa_column=Column(JSON))
    emptied: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    rewrites: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    failures: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    failing: bool = False
    element_changed: bool = False
    salesforce_changed: bool = False
    due: bool = False
    revision: int = 0
    tried_in: int = 0
    try_after: datetime | None = None
    failing_since: datetime | None = None
    element_generation: int = 0
    salesforce_generation: int = 0
    search: str | None = None
    element_damaged: list[str] | None = Field(default=None, sa_column=Column(JSON))
    salesforce_damaged: list[str] | None = Field(default=None, sa_column=Column(JSON))
    problem_code: str = ""
    missed: bool = False
    held: bool = False
    element_absent_since: datetime | None = None
    salesforce_absent_since: datetime | None = None
    element_read_at: datetime | None = None
    salesforce_read_at: datetime | None = None
    checked_in: int = 0
    checked_at: datetime | None = None
