"""Element451's names for the types of fields (contracts/element451.md F5). Names that other systems use for
the same types are understood too."""

from syncer.core.field_types.boolean import BOOLEAN
from syncer.core.field_types.dates import DATE, DATETIME
from syncer.core.field_types.field_type import FieldType
from syncer.core.field_types.numbers import DECIMAL, WHOLE_NUMBER
from syncer.core.field_types.several import CHOICES
from syncer.core.field_types.text import CHOICE, EMAIL, LONG_TEXT, PHONE, TEXT, URL
from syncer.core.field_types.unmappable import ADDRESS, GROUP, unknown_type

FIELD_TYPES: dict[str, FieldType] = {
    "text": TEXT,
    "string": TEXT,
    "textarea": LONG_TEXT,
    "email": EMAIL,
    "phone": PHONE,
    "url": URL,
    "dropdown": CHOICE,
    "radio": CHOICE,
    "checkbox": CHOICES,
    "boolean": BOOLEAN,
    "integer": WHOLE_NUMBER,
    "int": WHOLE_NUMBER,
    "long": WHOLE_NUMBER,
    "float": DECIMAL,
    "double": DECIMAL,
    "currency": DECIMAL,
    "percent": DECIMAL,
    "date": DATE,
    "datetime": DATETIME,
    "address": ADDRESS,
    "object": GROUP,
}
REPEATING = frozenset({"array", "object"})
"""These hold more than one value."""


def field_type(name: str) -> FieldType:
    """The type that Element451 calls ``name``; one that cannot be mapped where it is not known."""
    return FIELD_TYPES.get(name) or unknown_type(name)
