"""Which index a query may use, where a database without statistics would take one that leads to most of the
rows."""

from typing import Any

from sqlalchemy import ColumnElement


def not_by_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The text in ``column`` as an expression that no index holds; NULL stays NULL."""
    return column.concat("")
