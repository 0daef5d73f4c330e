"""Values at the edge: read from the wire into `records.Value`, once, and back. Pure; standard library only.

Facts: contracts/element451.md F7, F8; contracts/salesforce.md A6 (types, precision, trimming, multi-select).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from syncer.core.fields import Field
from syncer.core.records import System, Value

NUMBERS = frozenset({"int", "integer", "long", "float", "double", "currency", "percent"})
SEVERAL = frozenset({"checkbox", "multipicklist"})
MOST_DIGITS = 18
"""Digits before the point that a number may have: what Salesforce's largest field holds. JSON carries no more
without loss."""
_ROOMY = Context(prec=400)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES, _NO = {"true", "1", "yes", "y", "on"}, {"false", "0", "no", "n", "off"}


def read(field: Field, raw: object) -> Value:
    """The normalised value of ``raw`` as ``field`` holds it. What the type cannot explain stays text, for the
    plan to refuse in words."""
    if isinstance(raw, str) and "\x00" in raw:
        raw = raw.replace("\x00", "")  # no database keeps it, and nobody can have meant it
    if field.type in SEVERAL:
        return _several(field, raw)
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ([], {}):
        return None
    if field.type == "boolean":
        return _boolean(raw)
    if field.type in NUMBERS:
        return number(raw)
    if field.type == "date":
        return _date(raw)
    if field.type == "datetime":
        return moment(raw)
    return raw if isinstance(raw, str) else _text(raw)


def send(field_system: System, value: Value) -> object:
    """The JSON value to put on the wire: several values go to Salesforce joined by ``;`` and to Element451 as
    a list."""
    if isinstance(value, list) and field_system is System.SALESFORCE:
        return ";".join(value)
    return value


def stored(field: Field, value: Value) -> Value:
    """``value`` as ``field``'s system will hold it after a write, so that a comparison never sees a
    difference that a write cannot remove.

    Salesforce trims text, knows no empty checkbox and rounds to the field's scale; line ends are compared as
    ``\\n``.
    """
    if field.system is not System.SALESFORCE:
        return value
    if field.type == "boolean":
        return False if value is None else value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(_scaled(Decimal(str(value)), field.scale))
    return value


def same(field: Field, left: Value, right: Value) -> bool:
    """Whether two values of ``field`` are the same once its system has stored them."""
    return stored(field, left) == stored(field, right)


def number(raw: object) -> Value:
    """An ``int`` where the number is integral, else a ``float``; text that is no number, or none that a field
    can hold, is returned as it is."""
    try:
        exact = Decimal(str(raw).strip())
    except InvalidOperation:
        return _text(raw)
    if not exact.is_finite() or exact.adjusted() >= MOST_DIGITS or "_" in str(raw):
        return _text(raw)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


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


def _boolean(raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    return True if word in _YES else False if word in _NO else str(raw)


def _date(raw: object) -> Value:
    # A date never shifts: whatever follows the day is dropped, not converted.
    found = _DATE.match(str(raw).strip())
    return found.group() if found else str(raw)


def _several(field: Field, raw: object) -> Value:
    items: Iterable[object]
    if isinstance(raw, str):
        items = _split(field, raw)
    elif isinstance(raw, list | tuple):
        items = [_ticked(item) for item in raw]
    elif isinstance(raw, dict):
        items = [_ticked(raw)]
    else:
        items = [] if raw is None else [raw]
    values, by_label = {value for value, _ in field.options}, {label: value for value, label in field.options}
    chosen = {str(item).strip() for item in items if item is not None} - {""}
    return sorted({name if name in values else by_label.get(name, name) for name in chosen}) or None


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


def _scaled(exact: Decimal, scale: int) -> Decimal:
    return (
        exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP, context=_ROOMY)
        if scale >= 0
        else exact
    )


def _text(raw: object) -> str:
    return "true" if raw is True else "false" if raw is False else str(raw)
