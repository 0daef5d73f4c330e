"""The table of what is asked for single records (see `syncer.infra.database.tables`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel


class RequestRow(SQLModel, table=True):
    """Something asked for single records (Test, Retry): whoever holds the lease does it between two batches.
    ``answer`` as `logbook.outcome_json`."""

    __tablename__ = "requests"

    id: int | None = Field(default=None, primary_key=True)
    verb: str
    direction: str | None = None
    kind: str | None = None
    salesforce_id: str | None = None
    element_id: str | None = None
    entry: int | None = None
    code: str | None = None
    field: str | None = None
    value: str | None = Field(default=None, sa_column=Column(Text))
    asked_at: datetime
    asked_by: str = ""
    state: str = Field(default="waiting", index=True)
    run: int | None = None
    answered_at: datetime | None = None
    answer: list[Any] | None = Field(default=None, sa_column=Column(JSON))
    sentence: str = Field(default="", sa_column=Column(Text, nullable=False))
