"""Which columns to ask an object for, and how an answered row becomes a `Record`. No I/O."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncer.connectors.errors import FieldRefused
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.describe import checked_name
from syncer.core.compiled.readers import RowReader
from syncer.core.fields import Entity, Field
from syncer.core.records import Record, RecordState, System

Row = Mapping[str, Any]
Retrieve = Callable[[str, Sequence[str], Sequence[str]], dict[str, Row]]
"""Given an object, ids and columns: the rows by id."""


class RecordMapper:
    """The columns of one reading. ``columns`` fit into a query; ``rest`` are those that do not, to be
    retrieved by id."""

    def __init__(self, entity: Entity, fields: Sequence[Field]) -> None:
        self.entity, self.fields = entity, list({field.key: field for field in fields}.values())
        for field in self.fields:
            if field.compound:
                raise FieldRefused(
                    System.SALESFORCE,
                    f"{field.label} holds more than one value and cannot be synced.",
                    code="INVALID_FIELD",
                )
        self._reader = RowReader(self.fields)
        known = entity.fields
        stamps = [
            name for name in ("SystemModstamp", "IsDeleted", "MasterRecordId", "AccountId") if name in known
        ]
        asked = [checked_name(field.key) for field in self.fields]
        columns = list(dict.fromkeys(["Id", *stamps, *asked]))
        fit = soql.fitting(columns)
        self.name, self.columns, self.rest = checked_name(entity.name), columns[:fit], columns[fit:]

    @property
    def head(self) -> str:
        """The beginning of a query: what is read, from where."""
        return soql.select(self.columns, self.name)

    def changed(self, where: str, limit: int | None) -> str:
        """The query of changed records, in the order of their change. Raises `FieldRefused` where the object
        tells no time of change."""
        if "SystemModstamp" not in self.columns:
            sentence = (
                f"{self.entity.label} cannot be synced: it does not tell when a record changed (it has no"
                " SystemModstamp)."
            )
            raise FieldRefused(System.SALESFORCE, sentence, code="INVALID_FIELD")
        tail = "ORDER BY SystemModstamp, Id" + (f" LIMIT {limit}" if limit else "")
        return soql.select(self.columns, self.name, where, tail)

    def records(self, rows: Sequence[Row], retrieve: Retrieve) -> list[Record]:
        """The records of rows, each of which has its id; what did not fit into the query is retrieved. A
        value that was not answered (deleted records have none to retrieve) is left out: it is unknown, not
        empty."""
        ids = [str(row.get("Id")) for row in rows]
        rest = retrieve(self.name, ids, self.rest) if self.rest and ids else {}
        return [self._record(row, rest) for row in rows]

    def _record(self, row: Row, rest: Mapping[str, Row]) -> Record:
        known = soql.id18(row["Id"]) or row["Id"]
        answered = {**rest.get(known, {}), **row} if rest else row
        values, damaged = self._reader.read(answered, missing_is_empty=False)
        account, master = row.get("AccountId"), row.get("MasterRecordId")
        merged = soql.id18(master) if isinstance(master, str) else None
        deleted = row.get("IsDeleted") is True
        state = RecordState.LIVE if not deleted else RecordState.MERGED if merged else RecordState.DELETED
        return Record(
            id=known,
            values=values,
            state=state,
            merged_into=merged if deleted else None,
            account=soql.id18(account) if isinstance(account, str) else None,
            damaged=damaged,
        )
