"""Rows for tests that write to a table directly."""

from typing import Any

from sqlalchemy import Table


def filled_row(of: Table, **values: Any) -> dict[str, Any]:
    """A new row: these values, and in every other column its default, so that rows can be inserted
    together."""
    return {each.name: _default(each.default) for each in of.columns if not each.primary_key} | values


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg({}) if default.is_callable else default.arg
