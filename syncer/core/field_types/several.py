"""Fields that hold several values of a list. Pure; standard library only.

Facts: contracts/element451.md F8; contracts/salesforce.md A6 (multi-select).
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, Unfit, shortened
from syncer.core.field_types.text import listed_value
from syncer.core.fields import Field
from syncer.core.records import System, Value


class SeveralType(FieldType):
    """A type that holds several values: a sorted list without repeats, never an empty one."""

    family: ClassVar[Family | None] = Family.SEVERAL
    takes: ClassVar[frozenset[Family]] = frozenset({Family.SEVERAL})

    def read(self, field: Field, raw: object) -> Value:
        """From a list, from ticked boxes, or from a joined text; by the values of the list or their labels,
        kept by their values."""
        items: Iterable[object]
        if isinstance(raw, str):
            items = _split(field, raw)
        elif isinstance(raw, list | tuple):
            items = [_ticked(item) for item in raw]
        elif isinstance(raw, dict):
            items = [_ticked(raw)]
        else:
            items = [] if raw is None else [raw]
        values = {value for value, _ in field.options}
        by_label = {label: value for value, label in field.options}
        chosen = {str(item).strip() for item in items if item is not None} - {""}
        return sorted({name if name in values else by_label.get(name, name) for name in chosen}) or None

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is a list."""
        return isinstance(value, list)


def one_of_several(field: Field, value: str) -> str:
    """``value``, if it can be one of those that the field holds. Raises `Unfit`."""
    value = listed_value(field, value)
    # Salesforce joins the values with semicolons: one inside a value that it does not know would make two.
    if field.system is System.SALESFORCE and ";" in value and not field.offers(value):
        raise Unfit(
            f"“{shortened(value)}” holds a semicolon, which separates the values of {field.label}. Give it"
            " another name in the value map."
        )
    return value


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
    if isinstance(item, dict):
        return item.get("value") or item.get("text") if item.get("checked", True) else None
    return item


CHOICES = SeveralType("choose several of a list", listed=True)
