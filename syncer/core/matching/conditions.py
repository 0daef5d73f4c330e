"""Who is synced: conditions on the fields of each side (rule 12). Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from syncer.core import values
from syncer.core.field_types.boolean import BOOLEAN
from syncer.core.field_types.field_type import quoted
from syncer.core.fields import Field
from syncer.core.records import Kind, System, Value, Values

_SEGMENT = "segment:"
"""Before the GUID of a segment, in the key under which a pair keeps whether its contact is in it."""


class Operator(StrEnum):
    """How a condition compares; the values are keys of the configuration file."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    EMPTY = "empty"
    NOT_EMPTY = "not_empty"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


_NEGATED = {Operator.IS_NOT: Operator.IS, Operator.NOT_IN: Operator.IN, Operator.NOT_EMPTY: Operator.EMPTY}
_WORDS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.EMPTY: "is empty",
    Operator.NOT_EMPTY: "is not empty",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
}


@dataclass(frozen=True)
class Condition:
    """One condition on a field of one side, with the ``wanted`` values as that field holds them. A field with
    several values is one of those that are listed where any of its values is."""

    field: Field
    operator: Operator
    wanted: tuple[Value, ...] = ()

    @property
    def segment(self) -> str:
        """The GUID of the segment of Element451 that it asks for; empty where it asks for a field."""
        return self.field.key.removeprefix(_SEGMENT) if self.field.key.startswith(_SEGMENT) else ""

    def holds(self, value: Value) -> bool:
        """Whether a record with this value meets it. A value that is empty is neither at least nor at most
        anything."""
        if positive := _NEGATED.get(self.operator):
            return not Condition(self.field, positive, self.wanted).holds(value)
        if self.operator is Operator.EMPTY:
            return value is None
        if self.operator in (Operator.AT_LEAST, Operator.AT_MOST):
            return _compares(value, self.wanted[0], self.operator is Operator.AT_LEAST)
        return any(values.same(self.field, value, one) or _among(one, value) for one in self.wanted)

    def __str__(self) -> str:
        if self.segment:
            return f"the segment {self.segment} has it, which is looked at every night"
        listed = ", ".join(quoted(one) for one in self.wanted)
        return f"{self.field.label} {_WORDS[self.operator]} {listed}".strip()


def in_segment(guid: str) -> Condition:
    """The condition that a contact is in this segment of Element451. No contact tells which segments it is
    in: that is looked at every night, and kept as if it were a field."""
    membership = Field(System.ELEMENT451, f"{_SEGMENT}{guid}", guid, BOOLEAN, Kind.CONTACT, calculated=True)
    return Condition(membership, Operator.IS, (True,))


def crosses(filters: Iterable[Condition], system: System, before: Values, after: Values) -> bool:
    """Whether a record of ``system`` that held these values before comes in or leaves with those after."""
    of_side = [condition for condition in filters if condition.field.system is system]

    def inside(held: Values) -> bool:
        return all(condition.holds(held.get(condition.field.key)) for condition in of_side)

    return inside(before) is not inside(after)


def _among(wanted: Value, value: Value) -> bool:
    return isinstance(value, list) and isinstance(wanted, list) and set(wanted) <= set(value)


def _compares(value: Value, wanted: Value, at_least: bool) -> bool:
    """Numbers by their size, days and moments by their time, which their text is in the order of."""
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    if not numbers and not (isinstance(value, str) and isinstance(wanted, str)):
        return False
    return value >= wanted if at_least else value <= wanted  # type: ignore[operator]  # both of one sort
