"""WHERE and ORDER BY turned into SQL. SOQL knows two truth values: a comparison with an empty field is false,
and NOT of it is true."""

from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import TEXT_TYPES, Field
from sandbox.salesforce.soql.errors import malformed
from sandbox.salesforce.soql.literals import relative_span, stored, unquote
from sandbox.salesforce.soql.parse import Among, Compare, Joined, Not, Order, Path, Select
from sandbox.salesforce.soql.scope import Scope, object_named, refuse_filter


class Where:
    """Collects the SQL and the parameters of one query's conditions."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.parameters: list[object] = []

    def sql(self, node: Any) -> str:
        """The SQL of a condition. Raises SalesforceError."""
        if isinstance(node, Not):
            return f"NOT coalesce({self.sql(node.part)}, 0)"
        if isinstance(node, Joined):
            keyset = self._keyset(node)
            return keyset or f"({f' {node.word} '.join(self.sql(part) for part in node.parts)})"
        found, column = self._column(node.path)
        return (
            self._compare(node, found, column)
            if isinstance(node, Compare)
            else self._among(node, found, column)
        )

    def order(self, orders: list[Order]) -> str:
        """The ORDER BY clause, or nothing. Raises SalesforceError."""
        keys = []
        for order in orders:
            _, alias, item, found = self._scope.resolve(order.path)
            if not found.sortable or found.type in ("address", "multipicklist"):
                raise malformed(f"field '{found.name}' can not be sorted in a query call")
            key = self._scope.column(alias, item, found) + (" DESC" if order.descending else "")
            if found.nillable:  # nulls come first in either direction unless asked otherwise
                key += " NULLS LAST" if order.nulls_last else " NULLS FIRST"
            keys.append(key)
        return f" ORDER BY {', '.join(keys)}" if keys else ""

    def _column(self, path: Path) -> tuple[Field, str]:
        _, alias, item, found = self._scope.resolve(path)
        if not found.filterable or found.type == "address":
            raise refuse_filter(found)
        return found, self._scope.column(alias, item, found)

    def _add(self, value: object) -> str:
        self.parameters.append(value)
        return "?"

    def _compare(self, node: Compare, found: Field, column: str) -> str:
        operator, token = node.operator, node.value
        if operator == "LIKE":
            if found.type not in TEXT_TYPES or found.type == "multipicklist":
                raise _bad_operator(found)
            if token.type != "STRING":
                raise SalesforceError(
                    400,
                    "INVALID_FIELD",
                    f"value of filter criterion for field '{found.name}' must be of type string",
                )
            return f"{column} LIKE {self._add(unquote(token, like=True))} ESCAPE '\\'"
        if operator in ("<", ">", "<=", ">=") and found.type in ("boolean", "multipicklist"):
            raise _bad_operator(found)
        if token.type == "RELATIVE":
            return self._compare_span(
                operator, column, relative_span(found, token, self._scope.org.world.clock.now())
            )
        value = stored(found, token)
        if found.type == "multipicklist" and isinstance(value, str):
            value = _in_order(found, value)
        if value is None:
            if operator not in ("=", "!="):
                raise malformed(f"unexpected token: '{token}'")
            return f"{column} IS {'NOT ' if operator == '!=' else ''}NULL"
        return f"{column} {'IS NOT' if operator == '!=' else operator} {self._add(value)}"

    def _compare_span(self, operator: str, column: str, span: tuple[str, str]) -> str:
        first, after = span
        if operator in ("=", "!="):
            inside = f"({column} >= {self._add(first)} AND {column} < {self._add(after)})"
            return inside if operator == "=" else f"NOT coalesce({inside}, 0)"
        if operator in ("<", ">="):
            return f"{column} {operator} {self._add(first)}"
        return f"{column} {'<' if operator == '<=' else '>='} {self._add(after)}"

    def _among(self, node: Among, found: Field, column: str) -> str:
        if node.operator in ("INCLUDES", "EXCLUDES"):
            if found.type != "multipicklist" or isinstance(node.values, Select):
                raise _bad_operator(found)
            if wrong := [value for value in node.values if value.type != "STRING"]:
                raise malformed(f"unexpected token: '{wrong[0]}'")
            chosen = " OR ".join(self._holds_all(column, unquote(value)) for value in node.values)
            return f"({chosen})" if node.operator == "INCLUDES" else f"NOT coalesce(({chosen}), 0)"
        inverted = node.operator == "NOT IN"
        if isinstance(node.values, Select):
            inside = f"{column} IN ({self._inner(node.values)})"
        else:
            values = [stored(found, value) for value in node.values]
            marks = ", ".join(self._add(value) for value in values if value is not None)
            inside = f"{column} IN ({marks})"
            if None in values:
                inside = f"({inside} OR {column} IS NULL)"
        return f"NOT coalesce({inside}, 0)" if inverted else inside

    def _holds_all(self, column: str, wanted: str) -> str:
        parts = [part.strip() for part in wanted.split(";") if part.strip()]
        if not parts:
            return f"{column} IS NULL"
        return (
            "("
            + " AND ".join(
                f"instr(lower(';' || {column} || ';'), lower({self._add(f';{part};')})) > 0" for part in parts
            )
            + ")"
        )

    def _inner(self, select: Select) -> str:
        scope = Scope(
            self._scope.org,
            self._scope.soql,
            object_named(self._scope.org, self._scope.soql, str(select.object), select.object.start_pos or 0),
        )
        if len(select.columns) != 1 or not isinstance(select.columns[0], Path):
            raise malformed("an inner query must select exactly one field")
        _, alias, item, found = scope.resolve(select.columns[0])
        where = Where(scope)
        condition = where.sql(select.where) if select.where is not None else "1"
        self.parameters += where.parameters
        live = " AND NOT t.IsDeleted" if scope.item.soft_deletes else ""
        return f"SELECT {scope.column(alias, item, found)} FROM {scope.from_sql()} WHERE {condition}{live}"

    def _keyset(self, node: Joined) -> str | None:
        """``a > x OR (a = x AND b > y)`` as a row comparison, which the index on (SystemModstamp, Id) serves;
        None for anything else."""
        if node.word != "OR" or len(node.parts) != 2:
            return None
        first, rest = node.parts
        if not (
            isinstance(first, Compare)
            and isinstance(rest, Joined)
            and rest.word == "AND"
            and len(rest.parts) == 2
        ):
            return None
        same, next_one = rest.parts
        if not (
            isinstance(same, Compare)
            and isinstance(next_one, Compare)
            and first.path.names == same.path.names
        ):
            return None
        if (
            (first.operator, same.operator, next_one.operator) != (">", "=", ">")
            or first.value != same.value
            or first.value.type == "RELATIVE"
        ):
            return None
        (one, left), (two, right) = self._column(first.path), self._column(next_one.path)
        if one.nillable or two.nillable or next_one.value.type in ("RELATIVE", "NULL"):
            return None
        return (
            f"({left}, {right}) > ({self._add(stored(one, first.value))},"
            f" {self._add(stored(two, next_one.value))})"
        )


def _bad_operator(found: Field) -> SalesforceError:
    return SalesforceError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {found.type} field")


def _in_order(found: Field, value: str) -> str:
    order = {name: place for place, (name, _) in enumerate(found.pairs)}
    return ";".join(sorted(value.split(";"), key=lambda part: order.get(part, len(order))))
