"""Rows as the REST API shows them."""

from collections.abc import Sequence
from typing import Any

import orjson

from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.visibility import quote

PARTS = (
    ("city", "City"),
    ("country", "Country"),
    ("geocodeAccuracy", "GeocodeAccuracy"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("postalCode", "PostalCode"),
    ("state", "State"),
    ("street", "Street"),
)


def column_sql(item: SObject, field: Field, alias: str = "") -> str:
    """The SQL that reads one field, from a table known as ``alias``."""
    if field.type != "address":
        return alias + quote(field.column)
    ending = {
        found.name.removeprefix(field.name.removesuffix("Address")): alias + quote(found.column)
        for found in item.components(field)
    }
    parts = [(key, ending[suffix]) for key, suffix in PARTS if suffix in ending]
    empty = " AND ".join(f"{column} IS NULL" for _, column in parts)
    pairs = ", ".join(f"'{key}', {column}" for key, column in parts)
    return f"CASE WHEN {empty} THEN NULL ELSE json_object({pairs}) END"


def columns_of(item: SObject, fields: Sequence[Field]) -> list[str]:
    """The SQL of several fields."""
    return [column_sql(item, field) for field in fields]


def converters(fields: Sequence[Field]) -> list[tuple[int, Any]]:
    """The places whose values need turning into JSON's: booleans and compound fields."""
    return [
        (place, bool if field.type == "boolean" else orjson.loads)
        for place, field in enumerate(fields)
        if field.type in ("boolean", "address")
    ]


def present(
    base: str, item: SObject, fields: Sequence[Field], rows: Sequence[Sequence[Any]], ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Records from rows that begin with the values of ``fields``; ``ids`` are the rows' ids. ``base`` is the
    address of the version."""
    names = [field.name for field in fields]
    changes = [(names[place], change) for place, change in converters(fields)]
    address = f"{base}/sobjects/{item.name}/"
    records = []
    for row, id in zip(rows, ids, strict=True):
        record: dict[str, Any] = {"attributes": {"type": item.name, "url": address + id}}
        record.update(zip(names, row, strict=False))
        for name, change in changes:
            if record[name] is not None:
                record[name] = change(record[name])
        records.append(record)
    return records
