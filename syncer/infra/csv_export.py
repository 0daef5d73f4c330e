"""CSV that a spreadsheet opens without executing formulas, and from which every value can be read back.

Not defusedcsv: it looks at the first character alone, so that a blank or a tab in front of a formula gets
past it; it alters the text (``|`` becomes ``\\|``); and it marks every phone number that begins with "+".
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""Characters with which a spreadsheet begins a formula; some accept the full-width ones too."""
_INVISIBLE = frozenset({"Zs", "Cf", "Cc"})
"""Unicode categories of characters that nobody sees. A spreadsheet may drop them before it looks for a
formula."""
_LOOKS_BLANK = frozenset("\u3164\u2800\u115f\u1160\uffa0")
"""Letters and symbols that are drawn as nothing."""
_NUMBER = re.compile(r"[+-][0-9]+(?:[ .,][0-9]+)*")
"""A number with a sign, or a telephone number in groups: there is nothing in it to be computed, so it stays
as it is. ``+1-555-0100`` does not match: a spreadsheet would compute it."""


def escape(value: object) -> str:
    """A value as the text of a cell; the parts of a list are joined by "; ".

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which makes it text
    there. So does one that begins with apostrophes and would be a formula without them, so that `unescape`
    can tell the two apart.
    """
    text = _text(value)
    return f"'{text}" if _is_formula(text) else text


def unescape(cell: str) -> str:
    """The text from which `escape` made a cell."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """The header and the rows as lines of CSV in UTF-8. A byte order mark comes first, by which Excel knows
    the encoding."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow(map(escape, columns))
    yield _take(buffer)
    for row in rows:
        writer.writerow([escape(row.get(column)) for column in columns])
        yield _take(buffer)


def file(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """`lines` as one file. Streamlit keeps a download in memory in any case."""
    return b"".join(lines(columns, rows))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula, once leading apostrophes and invisible
    characters are gone."""
    bare = text.lstrip("'")
    seen = (char for char in bare if char in _FORMULA_STARTS or not _is_blank(char))
    return next(seen, "") in _FORMULA_STARTS and not _NUMBER.fullmatch(bare)


def _is_blank(char: str) -> bool:
    return char in _LOOKS_BLANK or unicodedata.category(char) in _INVISIBLE


def _take(buffer: io.StringIO) -> bytes:
    """Empty the buffer, and return what was in it."""
    written = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return written
