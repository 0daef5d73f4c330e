"""A query compiled: the SQL that finds its rows, the SQL that reads them, and how a row becomes a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.org import Org
from sandbox.salesforce.soql.errors import located, malformed
from sandbox.salesforce.soql.parse import AllFields, Path, Select
from sandbox.salesforce.soql.scope import Scope, object_named
from sandbox.salesforce.soql.where import Where

MOST_OFFSET = 2000
MOST_OF_ALL_FIELDS = 200
KINDS: dict[str, Callable[[Field], bool]] = {
    "ALL": lambda item: True,
    "STANDARD": lambda item: not item.custom,
    "CUSTOM": lambda item: item.custom,
}


@dataclass
class Shape:
    """How part of a row becomes a record, or a parent inside one. ``entries`` are (name, place of the value)
    or (name, parent's shape)."""

    item: SObject
    id_place: int
    entries: dict[str, "tuple[int, Field] | Shape"] = field(default_factory=dict)


@dataclass
class Compiled:
    """A query ready to run. ``columns`` begins with the id of the row; ``children`` are its inner queries by
    name."""

    item: SObject
    shape: Shape
    columns: list[str]
    source: str
    condition: str
    order: str
    parameters: list[object]
    limit: int | None
    offset: int | None
    counts: bool
    children: list[tuple[str, Select, SObject, Field]]

    @property
    def widest(self) -> int:
        """The length of the longest field selected."""
        return max(
            (entry[1].length for entry in self.shape.entries.values() if isinstance(entry, tuple)), default=0
        )


def compile_query(
    org: Org, soql: str, tree: Select, with_deleted: bool, child_of: SObject | None = None
) -> Compiled:
    """Check a query against the schema and turn it into SQL. Raises SalesforceError."""
    item = child_of or object_named(org, soql, str(tree.object), tree.object.start_pos or 0)
    scope = Scope(org, soql, item)
    columns = ["t.Id"]
    shape = Shape(item, 0)
    children: list[tuple[str, Select, SObject, Field]] = []
    for column in tree.columns:
        if isinstance(column, Select):
            children.append(_child(org, soql, item, column))
        elif isinstance(column, AllFields):
            _all_fields(scope, shape, columns, column, tree.limit)
        else:
            _one_field(scope, shape, columns, column)
    where = Where(scope)
    condition = where.sql(tree.where) if tree.where is not None else "1"
    order = where.order(tree.orders)
    if item.soft_deletes and not with_deleted:
        condition += " AND NOT t.IsDeleted"
    if tree.offset is not None and tree.offset > MOST_OFFSET:
        raise SalesforceError(
            400, "NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {MOST_OFFSET}"
        )
    if (tree.limit is not None and tree.limit < 0) or (tree.offset is not None and tree.offset < 0):
        raise malformed("LIMIT and OFFSET cannot be negative")
    counts = not tree.columns
    return Compiled(
        item,
        shape,
        columns,
        scope.from_sql(),
        condition,
        order,
        where.parameters,
        tree.limit,
        tree.offset,
        counts,
        children,
    )


def _child(org: Org, soql: str, item: SObject, select: Select) -> tuple[str, Select, SObject, Field]:
    for child, lookup in org.schema.children(item):
        if lookup.childName and lookup.childName.lower() == select.object.lower():
            return lookup.childName, select, child, lookup
    message = f"Didn't understand relationship '{select.object}' in FROM part of query call."
    raise located(soql, select.object.start_pos or 0, "INVALID_TYPE", message)


def _all_fields(scope: Scope, shape: Shape, columns: list[str], column: AllFields, limit: int | None) -> None:
    if column.kind not in KINDS:
        raise located(scope.soql, column.at, "MALFORMED_QUERY", f"unexpected token: '{column.kind}'")
    if column.kind != "STANDARD" and (limit is None or limit > MOST_OF_ALL_FIELDS):
        raise malformed(f"The SOQL FIELDS function must have a LIMIT of at most {MOST_OF_ALL_FIELDS}")
    for item in scope.item.visible():
        if KINDS[column.kind](item):
            _one_field(scope, shape, columns, Path((item.name,), column.at))


def _one_field(scope: Scope, shape: Shape, columns: list[str], path: Path) -> None:
    parents, alias, item, found = scope.resolve(path)
    home = shape
    for depth, name in enumerate(parents, start=1):
        inner = home.entries.get(name)
        if not isinstance(inner, Shape):
            parent_alias, parent_item = scope.joins[parents[:depth]]
            columns.append(f"{parent_alias}Id")
            inner = Shape(parent_item, len(columns) - 1)
            home.entries[name] = inner
        home = inner
    if found.name in home.entries:
        raise SalesforceError(
            400, "INVALID_FIELD", f"duplicate field selected: {'.'.join((*parents, found.name))}"
        )
    columns.append(scope.column(alias, item, found))
    home.entries[found.name] = (len(columns) - 1, found)


def records(shape: Shape, base: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The records of rows. ``base`` is the address of the version."""
    build = _builder(shape, base)
    return [build(row) for row in rows]


def _builder(shape: Shape, base: str) -> Callable[[Sequence[Any]], Any]:
    name, address, id_place = shape.item.name, f"{base}/sobjects/{shape.item.name}/", shape.id_place
    plain: list[tuple[str, int]] = []
    changed: list[tuple[str, int, Callable[[Any], Any]]] = []
    parents: list[tuple[str, Callable[[Sequence[Any]], Any]]] = []
    for key, entry in shape.entries.items():
        if isinstance(entry, Shape):
            plain.append((key, 0))  # keeps its place among the keys
            parents.append((key, _builder(entry, base)))
        else:
            plain.append((key, entry[0]))
            if entry[1].type in ("boolean", "address"):
                changed.append((key, entry[0], bool if entry[1].type == "boolean" else orjson.loads))

    def build(row: Sequence[Any]) -> Any:
        id = row[id_place]
        if id is None:
            return None
        record: dict[str, Any] = {"attributes": {"type": name, "url": address + id}}
        for key, place in plain:
            record[key] = row[place]
        for key, place, change in changed:
            if row[place] is not None:
                record[key] = change(row[place])
        for key, parent in parents:
            record[key] = parent(row)
        return record

    return build
