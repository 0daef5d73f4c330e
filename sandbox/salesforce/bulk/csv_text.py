"""CSV as Bulk API 2.0 reads and writes it: everything quoted, null an empty cell, ``#N/A`` for null when it
is sent."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import NUMBER_TYPES, Field

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
NULL = "#N/A"
LONGEST_HEADER, LONGEST_ROW = 32_000, 400_000


@dataclass(frozen=True)
class Dialect:
    """Names of a delimiter and of a line ending."""

    delimiter: str = "COMMA"
    line_ending: str = "LF"

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Dialect":
        """That of a new job. Raises SalesforceError."""
        found = cls(given.get("columnDelimiter", "COMMA"), given.get("lineEnding", "LF"))
        if found.delimiter not in DELIMITERS or found.line_ending not in LINE_ENDINGS:
            raise SalesforceError(400, "INVALIDJOB", "Unknown columnDelimiter or lineEnding")
        if given.get("contentType", "CSV") != "CSV":
            raise SalesforceError(400, "INVALIDJOB", "contentType must be CSV")
        return found

    def line(self, cells: Iterable[str]) -> str:
        """A line with its ending."""
        quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
        return DELIMITERS[self.delimiter].join(quoted) + LINE_ENDINGS[self.line_ending]

    def rows(self, text: str) -> Iterator[list[str]]:
        """The rows of a file, its header first. Raises ValueError with what the job fails with."""
        wrong = "\r\n" not in text if self.line_ending == "CRLF" else False
        if wrong:
            raise ValueError(
                f"LineEnding is invalid on user data. Current LineEnding setting is {self.line_ending}"
            )
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[self.delimiter], strict=True)
        try:
            for number, row in enumerate(reader):
                if sum(map(len, row)) > (LONGEST_ROW if number else LONGEST_HEADER):
                    raise ValueError(f"row {number} is too long")
                if row:
                    yield row
        except csv.Error as error:
            raise ValueError(str(error)) from None


def cell(field: Field, value: object) -> str:
    """A stored value in a file of results."""
    if value is None:
        return ""
    if field.type == "boolean":
        return "true" if value else "false"
    if field.type == "datetime":
        return str(value).replace("+0000", "Z")
    return str(value)


def value(field: Field | None, text: str) -> Any:
    """What a cell that was sent means, as JSON would have it; text that is none of its type stays text, which
    is refused later."""
    if text == NULL:
        return None
    if field is None:
        return text
    if field.type == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower(), text)
    if field.type in NUMBER_TYPES or field.type == "int":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def record(names: Sequence[str], fields: Sequence[Field | None], row: Sequence[str]) -> dict[str, Any]:
    """The record that a row stands for; empty cells are left out, and a name with a dot names a field of
    another record."""
    found: dict[str, Any] = {}
    for name, field, text in zip(names, fields, row, strict=True):
        if text == "":
            continue
        parent, dot, rest = name.partition(".")
        if dot:
            found.setdefault(parent, {})[rest] = value(None, text)
        else:
            found[name] = value(field, text)
    return found
