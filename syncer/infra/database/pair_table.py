"""The table of pairs: as wide as a record has states, and indexed for every way in which the road looks for
one (see `syncer.infra.database.tables`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text

from syncer.infra.database.table_row import TableRow, column

_KIND = ("kind", "entity")


def _some(name: str, *columns: str, where: str) -> Index:
    """An index of few rows: those ``where`` a flag is set, or a column is filled. A query has to say the same
    to use it; of a column, that it equals something will do."""
    flag = "" if " " in where else " = 1"  # SQLite has no truth values
    return Index(name, *columns, sqlite_where=text(f"{where}{flag}"), postgresql_where=text(where))


def _filled(name: str, column: str) -> Index:
    return _some(name, *_KIND, column, where=f"{column} IS NOT NULL")


class PairRow(TableRow):
    """One record, or half of one (docs/architecture.md, "Words"). See `pair.Pair` for the meaning; the other
    columns make it quick to find.

    ``element_link`` and ``salesforce_link`` are the other system's ID as that side stores it, normalised;
    ``…_match`` the match values. ``due`` with ``revision``: planned anew until an outcome of that very
    revision is logged. ``tried_in``: the run that tried it last. ``try_after``: a failed one is not tried
    before (`retry_policy`); ``failing_since``: when it first failed. ``search``: name and e-mail as people
    would look for them, case-folded. ``…_damaged``: the keys of that side's fields whose text could not be
    decoded; ``emptied``: by system, those that held a value and came back empty since the last outcome.
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
        Index("pairs_due", "kind", "entity", "due", "id", "try_after"),
        _filled("pairs_by_element_link", "element_link"),
        _filled("pairs_by_salesforce_link", "salesforce_link"),
        _filled("pairs_by_element_match", "element_match"),
        _filled("pairs_by_salesforce_match", "salesforce_match"),
        _some("pairs_by_contact", "contact_id", where="contact_id IS NOT NULL"),
        _some("pairs_failing", *_KIND, "id", where="failing"),
        _some("pairs_left", *_KIND, where="left_sync"),
        _some("pairs_with_problem", *_KIND, "id", where="problem IS NOT NULL"),
        Index("pairs_by_search", "kind", "entity", "search"),
    )

    id: int | None = column(primary_key=True)
    kind: str
    entity: str
    element_id: str | None = None
    salesforce_id: str | None = None
    element451: dict[str, Any] | None
    salesforce: dict[str, Any] | None
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
    problem: str | None = column(type=Text)
    former: list[str] | None
    emptied: dict[str, Any] | None
    rewrites: dict[str, Any] | None
    failures: dict[str, Any] | None
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
    element_damaged: list[str] | None
    salesforce_damaged: list[str] | None
    problem_code: str = ""
    missed: bool = False
    held: bool = False
    element_absent_since: datetime | None = None
    salesforce_absent_since: datetime | None = None
    element_read_at: datetime | None = None
    salesforce_read_at: datetime | None = None
    checked_in: int = 0
    checked_at: datetime | None = None
