"""Tables as CSV that a spreadsheet opens harmlessly."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with: spreadsheets would take it for a formula."""


def cell(value: object) -> str:
    """A value as the text of a cell; one that a spreadsheet would obey gets an apostrophe before it."""
    text = "" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_COMMANDS) else text


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows as CSV in UTF-8, with a byte order mark so that Excel reads it as such."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")
