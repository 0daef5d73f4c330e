"""Many rows in and out, past the API: for the school and for checkers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.org import Org
from sandbox.salesforce.present import columns_of, converters
from sandbox.salesforce.saving.convert import RefusedError, UnreadableError, converter

AT_ONCE = 500


def find(org: Org, name: str) -> SObject:
    """The object of that name. Raises KeyError."""
    item = org.schema.find(name)
    if item is None:
        raise KeyError(f"no object is called {name}; there are {', '.join(org.schema.objects)}")
    return item


def rows(org: Org, name: str) -> Iterator[Mapping[str, object]]:
    """Every row with every field (hidden ones too), deleted rows too, in the order of ids. Raises
    KeyError."""
    item = find(org, name)
    names = [found.name for found in item.fields]
    changes = converters(item.fields)

    sql = f'SELECT Id, {", ".join(columns_of(item, item.fields))} FROM "{item.name}" WHERE Id > ? ORDER BY Id LIMIT {AT_ONCE}'

    def read() -> Iterator[Mapping[str, object]]:
        last = ""
        while some := org.world.db.execute(
            sql, (last,)
        ).fetchall():  # no statement stays open while other calls write
            for _, *values in some:
                record = dict(zip(names, values, strict=True))
                for place, change in changes:
                    if values[place] is not None:
                        record[names[place]] = change(values[place])
                yield record
            last = some[-1][0]

    return read()


def seed(org: Org, name: str, given: Iterable[Mapping[str, Any]]) -> list[str]:
    """Store rows without a journal. Raises KeyError, ValueError."""
    item = find(org, name)
    convert = {
        found.name: (found, converter(found, org.schema.of_id))
        for found in item.fields
        if found.type != "address" and not found.expression
    }
    read = [_values(item, convert, row) for row in given]
    numbers = iter(org.store.next_ids(item, len(read)))
    stored = []
    for values in read:
        id, number = next(numbers)
        stored.append((str(values.pop("Id", None) or id), number, values))
    with org.world.transaction():
        org.store.insert(item, stored, "person", journal=False)
        gone = [
            (item.name, id, values.get("SystemModstamp") or org.store.now())
            for id, _, values in stored
            if values.get("IsDeleted")
        ]
        org.world.db.executemany("INSERT OR REPLACE INTO sf_deleted VALUES (?, ?, ?)", gone)
    return [id for id, _, _ in stored]


def _values(
    item: SObject, convert: Mapping[str, tuple[Field, Any]], row: Mapping[str, Any]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in row.items():
        if name not in convert:
            raise ValueError(f"{item.name} has no field {name} that can be stored")
        found, change = convert[name]
        try:
            values[found.column] = change(value)
        except (RefusedError, UnreadableError) as error:
            raise ValueError(f"{name}: {error}") from error
    if values.get("Id"):
        values["Id"] = normal_id(str(values["Id"]))
        if not str(values["Id"]).startswith(item.keyPrefix):
            raise ValueError(f"Id: {row['Id']} is no id of {item.name}")
    if "SystemModstamp" in values:
        values.setdefault("LastModifiedDate", values["SystemModstamp"])
        values.setdefault("CreatedDate", values["SystemModstamp"])
    return values
