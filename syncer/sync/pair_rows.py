"""Rows of the table of pairs, as `syncer.sync.pair_store` gives and takes them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict, cast

from sqlalchemy import Result

from syncer.core.records import System, Values

Columns = dict[str, Any]
"""Some columns of a row, to be written."""
LONGEST_WAIT = timedelta(days=1)
"""For so long a record that failed is left alone, at most."""
APPLIED, NAMED = "applied", "named"
"""Keys of `key_value`: what the pairs were last planned by, and the fields that they are found by."""
ASIDE = " of organization "
"""Stands between the object and the organization in the name under which the pairs of a former organization
are kept aside."""
LinkColumn = Literal["element_link", "salesforce_link"]
MatchColumn = Literal["element_match", "salesforce_match"]
READ_AT: dict[System, Literal["element_read_at", "salesforce_read_at"]] = {
    System.ELEMENT451: "element_read_at",
    System.SALESFORCE: "salesforce_read_at",
}
"""The column that says when a side was read last."""


class Row(TypedDict):
    """A row of the table of pairs; `PairRow` says what each column is for. Of an outline only the columns of
    `OUTLINE` are there."""

    id: int
    kind: str
    entity: str
    element_id: str | None
    salesforce_id: str | None
    element451: Values | None
    salesforce: Values | None
    element_state: str
    salesforce_state: str
    merged_into: str | None
    element_link: str | None
    salesforce_link: str | None
    element_match: str | None
    salesforce_match: str | None
    contact_id: str | None
    account: str | None
    in_scope: bool
    left_sync: bool
    by_values: bool
    problem: str | None
    problem_code: str
    former: list[str] | None
    emptied: dict[str, list[str]] | None
    rewrites: dict[str, Any] | None
    failures: dict[str, Any] | None
    failing: bool
    element_changed: bool
    salesforce_changed: bool
    due: bool
    revision: int
    tried_in: int
    try_after: datetime | None
    failing_since: datetime | None
    element_generation: int
    salesforce_generation: int
    search: str | None
    element_damaged: list[str] | None
    salesforce_damaged: list[str] | None
    missed: bool
    held: bool
    element_absent_since: datetime | None
    salesforce_absent_since: datetime | None
    element_read_at: datetime | None
    salesforce_read_at: datetime | None
    checked_in: int
    checked_at: datetime | None


def read_rows(found: Result[Any]) -> Iterator[Row]:
    """The rows of the table that a statement found."""
    names = tuple(found.keys())
    return (cast(Row, dict(zip(names, row, strict=True))) for row in found)
