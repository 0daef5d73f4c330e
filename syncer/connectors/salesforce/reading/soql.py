"""Building SOQL: literals, key sets, and queries that fit into an address. Pure; quoting is
simple-salesforce's (contracts/salesforce.md A3, A5.2)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from syncer.connectors.errors import Unexpected
from syncer.connectors.salesforce.session import DATA_PATH
from syncer.core.field_types.field_type import Family
from syncer.core.field_types.text import ID, LOOKUP
from syncer.core.fields import Field
from syncer.core.ids import check_characters
from syncer.core.records import System
from syncer.core.values import is_whole

MAX_URL_BYTES = 12_000
"""Bytes of an address. Salesforce's bound is 16,384 with all headers (A2), and a token may take thousands of
them."""
MAX_COLUMN_BYTES = 8_000
"""Bytes of an address that its columns may take, so that conditions have room."""
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_BARE: dict[Family | None, re.Pattern[str]] = {
    Family.DATE: re.compile(r"\d{4}-\d{2}-\d{2}"),
    Family.DATETIME: re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})"),
    Family.BOOLEAN: re.compile(r"true|false"),
}


def id18(text: str) -> str | None:
    """An id with its three check characters (A6), or None where ``text`` cannot be an id. An 18-character one
    is returned as it is."""
    if not _ID.fullmatch(text):
        return None
    return text if len(text) == 18 else text + check_characters(text)


def has_valid_checksum(text: str) -> bool:
    """Whether an 18-character id's check characters are right."""
    return len(text) == 18 and text[15:] == check_characters(text[:15])


def literal(field: Field, value: str) -> str | None:
    """``value`` as it stands in a condition on ``field``, or None where no record can hold it."""
    if field.type in (ID, LOOKUP):
        known = id18(value)
        return f"'{known}'" if known else None
    if field.family is Family.NUMBER:
        return value if re.fullmatch(r"-?\d+(?:\.\d+)?", value) else None
    if bare := _BARE.get(field.family):
        return value if bare.fullmatch(value) else None
    # A text in a condition holds 4,000 characters at most (A3), which no field that can be filtered exceeds.
    return _quoted(value) if value and len(value) <= 4000 and is_whole(value) else None


def _quoted(value: str) -> str:
    # Imported here, since its import takes a fifth of a process's start, and few processes quote.
    from simple_salesforce.format import quote_soql_value

    return quote_soql_value(value)


def moment(when: datetime) -> str:
    """A date and time as a literal, to the second, rounded down."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of (SystemModstamp, Id): the row that was read last."""

    stamp: datetime
    id: str

    @classmethod
    def of_row(cls, stamp: object, id: object) -> "Position | None":
        """The place of a row; None where it tells no time or id."""
        known = id18(str(id))
        try:
            when = datetime.fromisoformat(str(stamp))
            utc = when.astimezone(UTC) if when.tzinfo else None
        except (ValueError, OverflowError):
            return None
        return cls(utc, known) if known and utc else None

    @classmethod
    def parse(cls, cursor: str) -> "Position":
        """The place that ``str`` of it named. Raises `Unexpected` where it named none."""
        stamp, _, id = cursor.partition(" ")
        if (found := cls.of_row(stamp, id)) is None:
            raise Unexpected(System.SALESFORCE, "It is not known how far the reading of changes had come.")
        return found

    def __str__(self) -> str:
        return f"{self.stamp.isoformat()} {self.id}"

    def after(self) -> str:
        """The condition of the rows that follow. Many rows share a second, so the stamp alone would lose some
        or loop (A5.2)."""
        stamp = self.stamp.strftime("%Y-%m-%dT%H:%M:%S")
        if self.stamp.microsecond:
            stamp += f".{self.stamp.microsecond // 1000:03d}"
        return f"((SystemModstamp = {stamp}Z AND Id > '{self.id}') OR SystemModstamp > {stamp}Z)"


def select(columns: Sequence[str], entity: str, where: str = "", tail: str = "") -> str:
    """A SELECT statement."""
    parts = ("SELECT", ",".join(columns), "FROM", entity, where and f"WHERE {where}", tail)
    return " ".join(part for part in parts if part)


def path(statement: str) -> str:
    """The address of a statement's first page, deleted and merged records included (queryAll, A3)."""
    return f"{DATA_PATH}queryAll?q={encoded(statement)}"


def encoded(text: str) -> str:
    """``text`` as it stands in an address."""
    return quote(text, safe=",")


def fitting(columns: Sequence[str]) -> int:
    """How many of the columns, from the first, fit into an address."""
    length = 0
    for count, column in enumerate(columns):
        length += len(encoded(column)) + 1
        if length > MAX_COLUMN_BYTES:
            return count
    return len(columns)


def conditions(head: str, field: str, literals: Sequence[str]) -> Iterator[str]:
    """``head`` with ``WHERE field IN (…)``, as often as all literals need to fit into addresses."""
    room = MAX_URL_BYTES - len(path(f"{head} WHERE {field} IN ()"))
    chunk: list[str] = []
    length = 0
    for one in literals:
        size = len(encoded(one)) + 1
        if chunk and length + size > room:
            yield f"{head} WHERE {field} IN ({','.join(chunk)})"
            chunk, length = [], 0
        chunk.append(one)
        length += size
    if chunk:
        yield f"{head} WHERE {field} IN ({','.join(chunk)})"
