"""Fields that hold a day, or a moment. Pure; standard library only.

Facts: contracts/element451.md F7; contracts/salesforce.md A6.
"""

import re
from datetime import UTC, date, datetime
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, quoted
from syncer.core.fields import Field
from syncer.core.records import System, Value

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T")
FIRST_YEAR, LAST_YEAR = "1700", "4000"
"""The years that Salesforce takes."""


class DateType(FieldType):
    """A type that holds a day, as ``YYYY-MM-DD``."""

    family: ClassVar[Family | None] = Family.DATE
    takes: ClassVar[frozenset[Family]] = frozenset({Family.DATE})

    def parse(self, raw: object) -> Value:
        """A date never shifts: whatever follows the day is dropped, not converted."""
        found = _DATE.match(str(raw).strip())
        return found.group() if found else str(raw)

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is a day that there is."""
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False

    def limit(self, field: Field, value: Value) -> str | None:
        """See `_outside_years`."""
        return _outside_years(field, value)


class DatetimeType(FieldType):
    """A type that holds a moment, as UTC to the second."""

    family: ClassVar[Family | None] = Family.DATETIME
    takes: ClassVar[frozenset[Family]] = frozenset({Family.DATETIME})

    def parse(self, raw: object) -> Value:
        """See `moment`."""
        return moment(raw)

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is a moment that there is."""
        try:
            return isinstance(value, str) and bool(_MOMENT.match(value) and datetime.fromisoformat(value))
        except ValueError:
            return False

    def limit(self, field: Field, value: Value) -> str | None:
        """See `_outside_years`."""
        return _outside_years(field, value)


def _outside_years(field: Field, value: Value) -> str | None:
    """Why Salesforce refuses a year; None where it does not."""
    outside = isinstance(value, str) and not FIRST_YEAR <= value[:4] <= LAST_YEAR
    if not outside or field.system is not System.SALESFORCE:
        return None
    years = f"the years {FIRST_YEAR} to {LAST_YEAR}"
    return f"{quoted(value)} is outside {years}, which {field.label} takes. Correct it."


def moment(raw: object) -> Value:
    """A date and time as UTC to the second. Accepts ``Z``, ``+00:00`` and ``+0000``; one without a zone is
    taken for UTC."""
    text = str(raw).strip()
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return when.astimezone(UTC).replace(microsecond=0).isoformat()
    except (ValueError, OverflowError):  # no moment, or one whose UTC lies outside the years 1 to 9999
        return text


DATE = DateType("date")
DATETIME = DatetimeType("date and time")
