"""The table of what is asked for single records (see `syncer.infra.database.tables`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text

from syncer.infra.database.table_row import TableRow, column


class RequestRow(TableRow):
    """Something asked for single records (Test, Retry): whoever holds the lease does it between two batches.
    ``answer`` as `log.outcome_json`."""

    __tablename__ = "requests"

    id: int | None = column(primary_key=True)
    verb: str
    direction: str | None = None
    kind: str | None = None
    salesforce_id: str | None = None
    element_id: str | None = None
    entry: int | None = None
    code: str | None = None
    field: str | None = None
    value: str | None = column(type=Text)
    asked_at: datetime
    asked_by: str = ""
    state: str = column("waiting", index=True)
    run: int | None = None
    answered_at: datetime | None = None
    answer: list[Any] | None
    sentence: str = column("", type=Text)
