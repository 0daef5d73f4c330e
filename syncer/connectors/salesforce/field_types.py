"""Salesforce's names for the types of fields (contracts/salesforce.md A3, describe)."""

from syncer.core.field_types.boolean import BOOLEAN
from syncer.core.field_types.dates import DATE, DATETIME
from syncer.core.field_types.field_type import FieldType
from syncer.core.field_types.numbers import DECIMAL, WHOLE_NUMBER
from syncer.core.field_types.several import CHOICES
from syncer.core.field_types.text import CHOICE, EMAIL, ID, LONG_TEXT, LOOKUP, PHONE, TEXT, URL
from syncer.core.field_types.unmappable import ADDRESS, ENCRYPTED_TEXT, FILE, LOCATION, TIME, unknown_type

FIELD_TYPES: dict[str, FieldType] = {
    "string": TEXT,
    "textarea": LONG_TEXT,
    "email": EMAIL,
    "phone": PHONE,
    "url": URL,
    "picklist": CHOICE,
    "combobox": CHOICE,
    "multipicklist": CHOICES,
    "reference": LOOKUP,
    "id": ID,
    "boolean": BOOLEAN,
    "int": WHOLE_NUMBER,
    "long": WHOLE_NUMBER,
    "double": DECIMAL,
    "currency": DECIMAL,
    "percent": DECIMAL,
    "date": DATE,
    "datetime": DATETIME,
    "time": TIME,
    "base64": FILE,
    "address": ADDRESS,
    "location": LOCATION,
    "encryptedstring": ENCRYPTED_TEXT,
}
COMPOUND = frozenset({"address", "location", "base64", "complexvalue", "anyType"})
"""These hold more than one value, or none that can be compared."""


def field_type(name: str) -> FieldType:
    """The type that Salesforce calls ``name``; one that cannot be mapped where it is not known."""
    return FIELD_TYPES.get(name) or unknown_type(name)
