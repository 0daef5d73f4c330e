"""The rules by which the in-memory Salesforce refuses a row, with Salesforce's own codes and messages
(contracts/salesforce.md A8)."""

import re
from collections.abc import Mapping

from syncer.connectors.errors import Refusal
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Entity, Field
from syncer.core.records import Value
from syncer.core.values import stored

_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"]+\.[^@\s.,;:<>()\[\]\\\"]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(prefix: str, number: int) -> str:
    """The 18-character Salesforce ID of the ``number``th record of an object (contracts/salesforce.md A6)."""
    short = f"{prefix}{number:012d}"
    return long_id(short)


def long_id(text: str) -> str:
    """The 18-character form of a Salesforce ID of 15 or 18 characters."""
    short = text[:15]
    chunks = (short[start : start + 5] for start in (0, 5, 10))
    return short + "".join(
        _CHECK[sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")]
        for chunk in chunks
    )


def refused(code: str, message: str, *fields: str) -> Refusal:
    """A lasting refusal in Salesforce's words."""
    return Refusal(code, f"Salesforce refused this record: {message}", Cause.LASTING, message, fields)


def missing(entity: Entity, values: Mapping[str, Value]) -> Refusal | None:
    """A creation without a required field."""
    lacking = [key for key, field in entity.fields.items() if field.required and values.get(key) is None]
    if not lacking:
        return None
    return refused("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(lacking)}]", *lacking)


def not_writable(entity: Entity, values: Mapping[str, Value], *, creating: bool) -> Refusal | None:
    """A field that may not be written."""
    closed = [
        key
        for key in values
        if not (entity.fields[key].creatable if creating else entity.fields[key].updatable)
    ]
    if not closed:
        return None
    words = (
        f"Unable to create/update fields: {', '.join(closed)}. Please check the security settings of this"
        " field and verify that it is "
    )
    return refused(
        "INVALID_FIELD_FOR_INSERT_UPDATE", words + "read/write for your profile or permission set.", *closed
    )


def invalid(field: Field, value: Value) -> Refusal | None:
    """What is wrong with one value, if anything."""
    if value is None:
        if field.type_name == "boolean":
            return refused(
                "INVALID_TYPE_ON_FIELD_IN_RECORD", f"{field.label}: value not of required type: ", field.key
            )
        lacks = not field.nillable
        return (
            refused("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{field.key}]", field.key)
            if lacks
            else None
        )
    if not _readable(field, value):
        return refused(
            "JSON_PARSER_ERROR",
            f"Cannot deserialize instance of {field.type_name} from value {value!r}",
            field.key,
        )
    if isinstance(value, list):
        return _wrong_choice(field, value)
    if isinstance(value, str):
        return _wrong_text(field, value)
    if (
        field.precision
        and not isinstance(value, bool)
        and abs(value) >= 10 ** (field.precision - field.scale)
    ):
        words = f"{field.label}: value outside of valid range on numeric field: {value}"
        return refused("NUMBER_OUTSIDE_VALID_RANGE", words, field.key)
    return None


def _wrong_text(field: Field, value: str) -> Refusal | None:
    kept = stored(field, value)
    text = kept if isinstance(kept, str) else ""
    if field.length and len(text) > field.length and field.type_name != "reference":
        words = f"{field.label}: data value too large: {text} (max length={field.length})"
        return refused("STRING_TOO_LONG", words, field.key)
    if field.type_name == "email" and text and not _EMAIL.fullmatch(text):
        return refused("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {text}", field.key)
    if field.type_name in ("date", "datetime") and text and not "1700" <= text[:4] <= "4000":
        return refused("FIELD_INTEGRITY_EXCEPTION", f"{field.label}: invalid date: {text}", field.key)
    if field.type_name == "picklist" and text:
        return _wrong_choice(field, [text])
    return None


def _wrong_choice(field: Field, chosen: list[str]) -> Refusal | None:
    if len(chosen) > 100:
        return refused("TOO_MANY_ENUM_VALUE", f"{field.label}: too many values", field.key)
    allowed = {value for value, _ in field.options}
    for value in chosen:
        if field.restricted and value not in allowed:
            words = f"{field.label}: bad value for restricted picklist field: {value}"
            return refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", words, field.key)
    return None


def _readable(field: Field, value: Value) -> bool:
    if field.family is Family.SEVERAL:
        return isinstance(value, list | str)
    if field.type_name == "boolean":
        return isinstance(value, bool)
    if field.family is Family.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if field.type_name == "date":
        return bool(_DATE.fullmatch(value))
    return field.type_name != "datetime" or bool(_MOMENT.fullmatch(value))
