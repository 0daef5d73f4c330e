"""Types that cannot be mapped (rule 4): they hold more than one value, or none that can be compared. Pure;
standard library only."""

from syncer.core.field_types.field_type import FieldType

TIME = FieldType("time of day")
FILE = FieldType("file")
ADDRESS = FieldType("address")
LOCATION = FieldType("place on a map")
ENCRYPTED_TEXT = FieldType("encrypted text")
GROUP = FieldType("object")
"""Several named values of different sorts, each of which is a field of its own."""


def unknown_type(name: str) -> FieldType:
    """A type that the connector does not know by this ``name``."""
    return FieldType(name)
