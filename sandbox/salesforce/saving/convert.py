"""Values as clients send them, turned into values as Salesforce stores them (contracts/salesforce.md A6,
A8)."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sandbox.salesforce.errors import RowError
from sandbox.salesforce.fields import NUMBER_TYPES, Field, SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.stamps import parse_date, parse_datetime, stamp

Convert = Callable[[object], object]
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"]+\.[^@\s.,;:<>()\[\]\\\"]+")
MOST_PARTS = 100
FIRST_YEAR, LAST_YEAR = 1700, 4000


class RefusedError(Exception):
    """One value of a record is refused."""

    def __init__(self, item: Field, code: str, message: str) -> None:
        super().__init__(message)
        self.error = RowError(code, message, (item.name,))


class UnreadableError(Exception):
    """The JSON value has a type that the field cannot take: the whole call is refused."""

    def __init__(self, item: Field, value: object) -> None:
        if isinstance(value, bool):
            token = f"VALUE_{str(value).upper()} value {str(value).lower()}"
        elif isinstance(value, int | float):
            token = f"VALUE_NUMBER_{'INT' if isinstance(value, int) else 'FLOAT'} value {value}"
        elif isinstance(value, str):
            token = f"VALUE_STRING value {value}"
        else:
            token = "START_ARRAY" if isinstance(value, list) else "START_OBJECT"
        super().__init__(
            f"Cannot deserialize instance of {item.type} from {token} or request may be missing a required"
            " field"
        )
        self.field = item


def converter(item: Field, schema_of_prefix: Callable[[str], SObject | None]) -> Convert:
    """The function that turns a sent value into the stored one. It raises RefusedError or UnreadableError."""
    if item.type == "boolean":
        return _boolean(item)
    if item.type == "multipicklist":
        return _many(item)
    if item.type in NUMBER_TYPES or item.type == "int":
        return _number(item)
    if item.type in ("date", "datetime"):
        return _time(item)
    if item.type == "reference":
        return _reference(item, schema_of_prefix)
    return _text(item)


def _too_long(item: Field, value: str) -> RefusedError:
    return RefusedError(
        item, "STRING_TOO_LONG", f"{item.label}: data value too large: {value} (max length={item.length})"
    )


def _not_in_list(item: Field, value: str) -> RefusedError:
    return RefusedError(
        item,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        f"{item.label}: bad value for restricted picklist field: {value}",
    )


def _text(item: Field) -> Convert:
    restricted = item.type == "picklist" and item.restrictedPicklist
    allowed = {value for value, _ in item.pairs} - set(item.inactive) if restricted else None
    is_email = item.type == "email"

    def convert(value: object) -> object:
        if value is None:
            return None
        if not isinstance(value, str):
            raise UnreadableError(item, value)
        text = value.strip()
        if not text:
            return None
        if len(text) > item.length:
            raise _too_long(item, text)
        if allowed is not None and text not in allowed:
            raise _not_in_list(item, text)
        if is_email and not _EMAIL.fullmatch(text):
            raise RefusedError(item, "INVALID_EMAIL_ADDRESS", f"{item.label}: invalid email address: {text}")
        return text

    return convert


def _many(item: Field) -> Convert:
    order = {value: place for place, (value, _) in enumerate(item.pairs)}

    def convert(value: object) -> object:
        if value is None:
            return None
        if not isinstance(value, str):
            raise UnreadableError(item, value)
        parts = list(dict.fromkeys(part.strip() for part in value.split(";") if part.strip()))
        if len(parts) > MOST_PARTS:
            raise RefusedError(
                item,
                "TOO_MANY_ENUM_VALUE",
                f"{item.label}: too many values for multi-select picklist (maximum is {MOST_PARTS})",
            )
        if item.restrictedPicklist:
            for part in parts:
                if part not in order or part in item.inactive:
                    raise _not_in_list(item, part)
        text = ";".join(sorted(parts, key=lambda part: order.get(part, len(order))))
        if len(text) > item.length:
            raise _too_long(item, text)
        return text or None

    return convert


def _boolean(item: Field) -> Convert:
    words = {"true": True, "false": False}

    def convert(value: object) -> object:
        if isinstance(value, bool):
            return value
        if value is None:
            raise RefusedError(
                item, "INVALID_TYPE_ON_FIELD_IN_RECORD", f"{item.label}: value not of required type: "
            )
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise UnreadableError(item, value)

    return convert


def _number(item: Field) -> Convert:
    whole_digits = item.digits if item.type == "int" else (item.precision or 18) - item.scale
    largest = Decimal(10) ** whole_digits
    step = Decimal(1).scaleb(-item.scale)

    def convert(value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise UnreadableError(item, value)
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise UnreadableError(item, value) from None
        if not number.is_finite() or (item.type == "int" and number != number.to_integral_value()):
            raise UnreadableError(item, value)
        if abs(number) >= largest:
            raise RefusedError(
                item,
                "NUMBER_OUTSIDE_VALID_RANGE",
                f"{item.label}: value outside of valid range on numeric field: {value}",
            )
        return int(number) if item.type == "int" else float(number.quantize(step, ROUND_HALF_UP))

    return convert


def _time(item: Field) -> Convert:
    def convert(value: object) -> object:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise UnreadableError(item, value)
        if item.type == "date":
            day = parse_date(value)
            if day is None:
                raise UnreadableError(item, value)
            _check_year(item, datetime(day.year, day.month, day.day))
            return day.isoformat()
        moment = parse_datetime(value)
        if moment is None:
            raise UnreadableError(item, value)
        _check_year(item, moment)
        return stamp(moment)

    return convert


def _check_year(item: Field, moment: datetime) -> None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        text = f"{item.label}: invalid date: {moment:%a %b %d %H:%M:%S GMT} {moment.year}"
        raise RefusedError(item, "FIELD_INTEGRITY_EXCEPTION", text)


def _reference(item: Field, schema_of_prefix: Callable[[str], SObject | None]) -> Convert:
    def convert(value: object) -> object:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise UnreadableError(item, value)
        id = normal_id(value)
        if id is None:
            raise RefusedError(item, "MALFORMED_ID", f"{item.label}: id value of incorrect type: {value}")
        target = schema_of_prefix(id)
        if target is not None and target.name not in item.referenceTo:
            raise RefusedError(
                item, "FIELD_INTEGRITY_EXCEPTION", f"{item.label}: id value of incorrect type: {value}"
            )
        return id

    return convert
