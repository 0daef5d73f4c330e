"""Tables as CSV that a spreadsheet opens harmlessly, and that reads back as it was."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

_COMMANDS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a cell must not begin with: spreadsheets would take it for a formula, some of them in full-width signs
too."""
_UNSEEN = frozenset({"Zs", "Cf", "Cc"})
"""The sorts of signs (Unicode) that nobody sees, and that a spreadsheet may drop before it looks."""
_NUMBER = re.compile(r"[+-][0-9]+(?:[ .,][0-9]+)*")
"""A signed number, or a telephone number in groups: neither names a cell or a function, nor is there anything
to be computed, so that it stays as it is. ``+1-555-0100`` is none: a spreadsheet would compute it."""


def cell(value: object) -> str:
    """A value as the text of a cell. One that a spreadsheet would obey gets an apostrophe before it, which
    makes it text there; so does one that begins with apostrophes and would be such a one without them, so
    that `text` can tell them apart."""
    text = "" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if _obeyed(text) else text


def text(cell: str) -> str:
    """The value's own text, from its cell."""
    return cell[1:] if cell.startswith("'") and _obeyed(cell) else cell


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """The rows as CSV in UTF-8, line by line, with a byte order mark so that Excel reads it as such. Column
    names are cells too."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(map(cell, columns))
    yield _taken(out)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
        yield _taken(out)


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows as `lines`, whole: Streamlit keeps what is downloaded in memory anyway."""
    return b"".join(lines(columns, rows))


def _obeyed(text: str) -> bool:
    """Whether a spreadsheet would obey the text, perhaps after it has dropped what nobody sees at its
    beginning."""
    bare = text.lstrip("'")
    first = next(
        (sign for sign in bare if sign in _COMMANDS or unicodedata.category(sign) not in _UNSEEN), ""
    )
    return first in _COMMANDS and not _NUMBER.fullmatch(bare)


def _taken(out: io.StringIO) -> bytes:
    written = out.getvalue().encode("utf-8", errors="replace")
    out.seek(0)
    out.truncate()
    return written
