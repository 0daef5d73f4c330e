"""Fields that hold several values of a list. Pure; standard library only.

Facts: contracts/element451.md F8; contracts/salesforce.md A6 (multi-select).
"""

import json
import re
from collections.abc import Iterable
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, as_text, quoted
from syncer.core.field_types.lists import folded_option, listed_spelling, not_listed
from syncer.core.fields import Field
from syncer.core.records import System, Value

MOST_VALUES = 100
"""Values that a multi-select picklist of Salesforce takes."""


class SeveralType(FieldType):
    """A type that holds several values: a sorted list without repeats, never an empty one."""

    family: ClassVar[Family | None] = Family.SEVERAL
    takes: ClassVar[frozenset[Family]] = frozenset({Family.SEVERAL})

    def read(self, field: Field, raw: object) -> Value:
        """From a list, from ticked boxes, or from a joined text; by the values of the list or their labels,
        kept by their values. Where something else than texts is listed, the whole stays text, for the plan to
        refuse in words."""
        items: Iterable[object]
        if isinstance(raw, str):
            items = _split(field, raw)
        elif isinstance(raw, list | tuple | dict):
            items = [_ticked(item) for item in ([raw] if isinstance(raw, dict) else raw)]
        else:
            items = [] if raw is None else [raw]
        if any(isinstance(item, list | tuple | dict) for item in items):
            return json.dumps(raw, ensure_ascii=False).replace("\\u0000", "")
        values = {value.strip(): value for value, _ in field.options}
        by_label = {label.strip(): value for value, label in field.options}
        chosen = {as_text(item).replace("\x00", "").strip() for item in items if item is not None} - {""}
        return sorted({values.get(name) or by_label.get(name, name) for name in chosen}) or None

    def comparable(self, field: Field, value: Value) -> Value:
        """Each value whatever its spelling."""
        return sorted({folded_option(field, each) for each in value}) if isinstance(value, list) else value

    def convert(self, field: Field, value: Value) -> Value:
        """Each value as the field's list spells it."""
        if not isinstance(value, list):
            return value
        return sorted({listed_spelling(field, each) for each in value}) or None

    def unreadable(self, field: Field, value: Value) -> str | None:
        """What is no list of texts."""
        if value is None or isinstance(value, list):
            return None
        return (
            f"{field.label} holds more than one value in one place in {field.system.label}: {quoted(value)}."
        )

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is a list."""
        return isinstance(value, list)

    def limit(self, field: Field, value: Value) -> str | None:
        """The field's list. Salesforce joins the values with semicolons, and takes a hundred."""
        if not isinstance(value, list):
            return None
        if problem := next(filter(None, (not_listed(field, each) for each in value)), None):
            return problem
        if field.system is not System.SALESFORCE:
            return None
        # One inside a value that Salesforce does not know would make two.
        split = next((each for each in value if ";" in each and not field.offers(each)), None)
        if split is not None:
            return (
                f"{quoted(split)} holds a semicolon, which separates the values of {field.label}. Give it"
                " another name in the value map."
            )
        if len(value) > MOST_VALUES:
            return f"{field.label} takes {MOST_VALUES} values, but {len(value)} are chosen. Choose fewer."
        return None


def _split(field: Field, raw: str) -> list[str]:
    """The parts of a joined text. Options that hold the separator themselves are recognised whole first."""
    separator = ";" if field.system is System.SALESFORCE else ","
    known = sorted(
        (name for option in field.options for name in option if separator in name), key=len, reverse=True
    )
    found = []
    for name in known:
        pattern = re.compile(rf"(?:^|{separator})\s*{re.escape(name)}\s*(?={separator}|$)")
        raw, times = pattern.subn(separator, raw)
        if times:
            found.append(name)
    return found + raw.split(separator)


def _ticked(item: object) -> object:
    # Element451 answers a checkbox list as [{"checked": true, "text": "Asian"}, …].
    if not isinstance(item, dict):
        return item
    if not item.get("checked", True):
        return None
    return item.get("value") or item.get("text") if {"value", "text"} & item.keys() else item


CHOICES = SeveralType("choose several of a list", listed=True)
