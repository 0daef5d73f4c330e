"""Mapped fields as lines of a spreadsheet: written as CSV, and read from pasted cells or a CSV file. Pure but
for the form of cells, which `csv_export` decides."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from syncer.configuration.document import MappingRow, unlisted_passes
from syncer.configuration.editor import edits
from syncer.configuration.problems import did_you_mean, normalize_name
from syncer.core.fields import Field
from syncer.core.records import Kind, System
from syncer.infra import csv_export

COLUMNS = ("element451", "salesforce", "owner", "values", "unlisted", "default")
"""The columns, in this order. ``values`` is a value map such as ``F=Female; M=Male``, with a backslash before
a sign that is part of a value."""
MOST = 500
"""Lines that are read at once."""
_SIGNS = re.compile(r"[\\;=]")
_ITEM = re.compile(r"((?:\\.|[^\\;=])*)=((?:\\.|[^\\;=])*)", re.DOTALL)

Recommend = Callable[[Field, Field], System | None]
"""Returns the owner who fits two fields best, for a line that names none."""


class _Wrong(Exception):
    """A line cannot be taken; ``str()`` is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its number from 1, its text to be shown, and the mapped field that it makes; or,
    where it makes none, the ``problem`` with it. ``source``: its cells as `COLUMNS` has them, with tabs."""

    number: int
    text: str
    row: MappingRow | None
    problem: str = ""
    source: str = ""


def to_csv(rows: Iterable[MappingRow]) -> bytes:
    """Mapped fields as a CSV file, which `read` reads back."""
    return csv_export.file(COLUMNS, map(_cells, rows))


def read(
    text: str,
    kind: Kind,
    fields: Mapping[System, Mapping[str, Field]],
    recommend: Recommend = lambda ours, theirs: None,
) -> list[Line]:
    """What lines say, with tabs (as a spreadsheet copies them), commas or semicolons between cells. A first
    line with the names of columns is passed over; fields are named by key or label."""
    try:
        cells = _split(text.lstrip("\ufeff"))
    except csv.Error:
        return [Line(1, "", None, "This is no table: copy the cells of a spreadsheet, or a CSV file.")]
    header = _header(cells[0]) if cells else None
    order = header or list(COLUMNS)
    found = []
    for number, line in list(enumerate(cells, 1))[1 if header else 0 :][:MOST]:
        shown = " · ".join(filter(None, line))
        if not shown:
            continue
        named = dict(zip(order, line, strict=False))
        try:
            found.append(Line(number, shown, _row(named, kind, fields, recommend)))
        except _Wrong as wrong:
            found.append(Line(number, shown, None, str(wrong), _source(named)))
    return found


def _cells(row: MappingRow) -> dict[str, str]:
    return {
        "element451": row.get("element451", ""),
        "salesforce": row["salesforce"],
        "owner": row.get("owner", ""),
        "values": "; ".join(
            f"{_escaped(ours)}={_escaped(theirs)}" for ours, theirs in row.get("values", {}).items()
        ),
        "unlisted": "pass" if unlisted_passes(row) else "",
        "default": row.get("default", ""),
    }


def _split(text: str) -> list[list[str]]:
    first = next(filter(str.strip, text.splitlines()), "")
    sign = "\t" if "\t" in first else max(",;", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    return [[csv_export.unescape(cell).strip() for cell in line] for line in lines]


def _source(named: Mapping[str, str]) -> str:
    written = io.StringIO(newline="")
    cells = [csv_export.escape(named.get(column, "")) for column in COLUMNS]
    csv.writer(written, delimiter="\t", lineterminator="").writerow(cells)
    return written.getvalue().rstrip("\t")


def _header(cells: Sequence[str]) -> list[str] | None:
    """The columns that a first line names, by their names or by the first word of what the screen calls
    them; None where it is a mapped field already."""
    known = {"canonicalsystem": "owner", "valuemap": "values", "newrecordsget": "default"}
    named = [known.get(normalize_name(cell), normalize_name(cell)) for cell in cells]
    return named if {"element451", "salesforce"} <= set(named) else None


def _row(
    cells: Mapping[str, str],
    kind: Kind,
    fields: Mapping[System, Mapping[str, Field]],
    recommend: Recommend,
) -> MappingRow:
    default = cells.get("default", "")
    theirs = _field(cells.get("salesforce", ""), System.SALESFORCE, kind, fields)
    if not cells.get("element451"):
        if not default:
            raise _Wrong("It names no field of Element451, and no value for new records either.")
        return edits.constant_row(theirs.key, default)
    ours = _field(cells["element451"], System.ELEMENT451, kind, fields)
    owner = _owner(cells.get("owner", ""), kind) or recommend(ours, theirs) or System.ELEMENT451
    passes = normalize_name(cells.get("unlisted", "")) == "pass"
    return edits.mapping_row(ours.key, theirs.key, owner, _values(cells.get("values", "")), default, passes)


def _field(name: str, system: System, kind: Kind, fields: Mapping[System, Mapping[str, Field]]) -> Field:
    known = {key: field for key, field in fields[system].items() if field.kind in (None, kind)}
    if not name:
        raise _Wrong(f"It names no field of {system.label}.")
    if name in known:
        return known[name]
    same = [
        field
        for field in known.values()
        if field.key.casefold() == name.casefold() or normalize_name(field.label) == normalize_name(name)
    ]
    if len(same) == 1:
        return same[0]
    if same:
        keys = ", ".join(field.key for field in same[:5])
        raise _Wrong(f"Several fields of {system.label} are called “{name}”: {keys}. Write the key.")
    hint = did_you_mean(name, {key: field.label for key, field in known.items()})
    raise _Wrong(f"{system.label} has no field “{name}”.{hint}")


def _owner(text: str, kind: Kind) -> System | None:
    named = normalize_name(text)
    found = next((system for system in System if named == system.value), None)
    if named and found is None:
        raise _Wrong(f"The owner is element451 or salesforce, not “{text}”.")
    return System.ELEMENT451 if kind is Kind.CONVERSATION and found is None else found


def _values(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    at = 0
    while at < len(text.rstrip()):
        item = _ITEM.match(text, at)
        if item is None or not (item.end() == len(text) or text[item.end()] == ";"):
            raise _Wrong("A value map is written as F=Female; M=Male.")
        ours, theirs = (_unescaped(part).strip() for part in item.groups())
        if not ours or not theirs:
            raise _Wrong("A value map needs a value on both sides of each “=”.")
        if ours in values:
            raise _Wrong(f"“{ours}” stands twice in the value map.")
        values[ours] = theirs
        at = item.end() + 1
    return values


def _escaped(value: str) -> str:
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", value)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
