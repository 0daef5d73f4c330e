"""Fields that hold one text: free text, or one value of a list. Pure; standard library only."""

from dataclasses import dataclass
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, Unfit, shortened, written_out
from syncer.core.fields import Field
from syncer.core.records import Value

_USUAL_LENGTH = 255


@dataclass(frozen=True)
class TextType(FieldType):
    """A type that holds text. ``long``: of any length, where the system gives no limit."""

    long: bool = False

    family: ClassVar[Family | None] = Family.TEXT
    takes: ClassVar[frozenset[Family]] = frozenset(Family) - {Family.SEVERAL}

    def convert(self, field: Field, value: Value) -> Value:
        """Any value is written out; a list takes its own values only. Raises `Unfit`."""
        return listed_value(field, written_out(value))

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is text."""
        return isinstance(value, str)

    def longest(self, field: Field) -> int | None:
        """The field's own limit, else what is usual."""
        return field.length or (None if self.long else _USUAL_LENGTH)


def listed_value(field: Field, value: str) -> str:
    """``value``, if the field takes it. Raises `Unfit` where the field takes the values of its list only and
    this is none of them."""
    if field.limited and not field.offers(value):
        raise Unfit(
            f"“{shortened(value)}” is not one of the values of {field.label}. Add it to the value map, or to"
            " the field's list."
        )
    return value


TEXT = TextType("text", sized=True, identifies=True)
LONG_TEXT = TextType("long text", sized=True, long=True)
CHOICE = TextType("choose one of a list", listed=True)
EMAIL = TextType("e-mail", sized=True, identifies=True)
PHONE = TextType("phone", sized=True, identifies=True)
URL = TextType("web address", sized=True)
LOOKUP = TextType("lookup to another record")
ID = TextType("ID", identifies=True)
