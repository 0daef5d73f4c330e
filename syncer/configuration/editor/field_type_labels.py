"""What a field holds, in an analyst's words, the same for both systems. Pure; standard library only."""

from syncer.core.fields import Field
from syncer.core.values import NUMBERS, SEVERAL

_LONG, _TEXT, _ONE, _MANY = "long text", "text", "choose one of a list", "choose several of a list"
_WORDS = {
    **dict.fromkeys(("text", "string"), _TEXT),
    "textarea": _LONG,
    **dict.fromkeys(("dropdown", "radio", "picklist", "combobox"), _ONE),
    **dict.fromkeys(SEVERAL, _MANY),
    **dict.fromkeys(NUMBERS, "number"),
    "boolean": "yes/no",
    "date": "date",
    "datetime": "date and time",
    "time": "time of day",
    "email": "e-mail",
    "phone": "phone",
    "url": "web address",
    "reference": "lookup to another record",
    "id": "ID",
    "base64": "file",
    "location": "place on a map",
    "encryptedstring": "encrypted text",
}
_TEXTS = ("text", "string", "textarea", "email", "phone", "url")
"""Types of which it matters how long a value may be."""


def type_label(field: Field) -> str:
    """What the field holds, in a word or two; the system's own word where there is no better one."""
    word = _WORDS.get(field.type, field.type)
    return _ONE if field.options and word == _TEXT else word


def type_details(field: Field) -> str:
    """What the field holds, with the number of values to choose from, or how long a text may be."""
    word = type_label(field)
    if field.options:
        return f"{word} of {len(field.options)}" if word in (_ONE, _MANY) else word
    return f"{word} (up to {field.length:,} characters)" if field.length and field.type in _TEXTS else word
