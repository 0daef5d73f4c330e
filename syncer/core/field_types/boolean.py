"""Fields that hold yes or no. Pure; standard library only."""

from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType
from syncer.core.fields import Field
from syncer.core.records import System, Value

_YES, _NO = {"true", "1", "yes", "y", "on"}, {"false", "0", "no", "n", "off"}


class BooleanType(FieldType):
    """A type that holds yes or no."""

    family: ClassVar[Family | None] = Family.BOOLEAN
    takes: ClassVar[frozenset[Family]] = frozenset({Family.BOOLEAN})
    takes_with_value_map: ClassVar[frozenset[Family]] = frozenset({Family.TEXT})

    def parse(self, raw: object) -> Value:
        """True and False, in every usual spelling."""
        if isinstance(raw, bool):
            return raw
        word = str(raw).strip().lower()
        return True if word in _YES else False if word in _NO else str(raw)

    def stored(self, field: Field, value: Value) -> Value:
        """Salesforce knows no empty checkbox: it is not ticked."""
        if field.system is not System.SALESFORCE:
            return value
        return False if value is None else value

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is yes or no."""
        return isinstance(value, bool)


BOOLEAN = BooleanType("yes/no")
