"""The codes of the product's own failures. Pure; standard library only."""

from enum import StrEnum


class Code(StrEnum):
    """The code of a failure that is found before anything is sent. What can be done about each is in
    `product`."""

    MORE_THAN_ONE_MATCH = "MORE_THAN_ONE_MATCH"
    ID_CHANGED = "ID_CHANGED"
    CONTACT_FAILED = "CONTACT_FAILED"
    VALUE_DOES_NOT_FIT = "VALUE_DOES_NOT_FIT"
    REQUIRED_FIELD_MISSING = "REQUIRED_FIELD_MISSING"
    VALUE_NOT_IN_MAP = "VALUE_NOT_IN_MAP"
    ALTERED_AFTER_WRITE = "ALTERED_AFTER_WRITE"
    NOT_VISIBLE = "NOT_VISIBLE"
    DAMAGED_TEXT = "DAMAGED_TEXT"
    CREATIONS_STOPPED = "CREATIONS_STOPPED"
    DAMAGED_ID = "DAMAGED_ID"
    ID_OF_ANOTHER_OBJECT = "ID_OF_ANOTHER_OBJECT"
    SUSPECT_FIELD = "SUSPECT_FIELD"
    MOVED_SINCE = "MOVED_SINCE"
    CANNOT_BE_UNDONE = "CANNOT_BE_UNDONE"
