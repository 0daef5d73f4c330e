"""How a value of one mapped field is carried to the other side, made ready once for many records. What it
gives is what `MappedField.carried` gives, which is asked wherever the answer is not plain. Pure; standard
library only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache, partial
from typing import Final, Literal

from syncer.core import values
from syncer.core.field_types.default import default_value
from syncer.core.field_types.field_type import Family, Unfit
from syncer.core.field_types.text import TextType
from syncer.core.fields import Field
from syncer.core.mapping import Constant, MappedField
from syncer.core.plan import Change
from syncer.core.records import System, Value, Values


class Unclear(Enum):
    """What is given in place of a value where the answer is the other planner's to give."""

    UNCLEAR = "unclear"


UNCLEAR: Final = Unclear.UNCLEAR
Carried = Value | Literal[Unclear.UNCLEAR]
Carry = Callable[[Value], Carried]
"""Returns a value of the source as the target will store it; `UNCLEAR` where it does not fit there."""
REMEMBERED, SHORT = 4096, 60
"""For so many values of a field, of so many characters each, it is remembered what becomes of them: most
fields hold one of a few."""


@dataclass(frozen=True, slots=True)
class CompiledField:
    """One mapped field in one direction. ``source_key`` and ``key``: its keys at the source and the target;
    ``required``: no record is created there without it. ``has_default``: then a creation gets ``default``
    where the source is empty, and an update does not carry the field (rule 2)."""

    mapped: MappedField
    target: System
    source_key: str
    key: str
    carry: Carry
    required: bool
    default: Carried
    has_default: bool

    @classmethod
    def of(cls, mapped: MappedField, target: System, today: date) -> "CompiledField":
        """That of ``mapped``; a default counts from ``today``."""
        field = mapped.of(target)
        return cls(
            mapped,
            target,
            mapped.of(target.other).key,
            field.key,
            carrier(mapped, target),
            field.required,
            _default(field, partial(mapped.default_in, target, today)) if mapped.default else None,
            bool(mapped.default),
        )

    def change(self, held: Values, after: Value) -> Change | Literal[Unclear.UNCLEAR] | None:
        """The change that ``after`` makes of what the target ``held``; None where it is the same in another
        spelling."""
        mapped, key = self.mapped, self.key
        slug, name = mapped.element451.key, mapped.salesforce.key
        if key not in held:
            return Change(slug, name, mapped.owner, None, after, False)
        before, field = held[key], mapped.of(self.target)
        if before is not None and isinstance(before, list) != (field.type.family is Family.SEVERAL):
            return UNCLEAR
        if values.same(field, before, after):
            return None
        return Change(slug, name, mapped.owner, before, after)


def constant(one: Constant, today: date) -> Carried:
    """The value of a constant as it will be stored; `UNCLEAR` where it does not fit."""
    return _default(one.salesforce, partial(default_value, one.salesforce, one.default, today))


def _default(field: Field, value: Callable[[], Value]) -> Carried:
    try:
        return values.stored(field, value())
    except Unfit:
        return UNCLEAR


def carrier(mapped: MappedField, target: System) -> Carry:
    """How the values of this field are carried to ``target``."""
    remembered = _remembered(mapped, target)
    return _text(mapped, target, remembered) if mapped.passes_text(target) else remembered


def _remembered(mapped: MappedField, target: System) -> Carry:
    """By `MappedField.carried`, whose answers are kept."""

    def carried(value: Value) -> Carried:
        found, problem = mapped.carried(value, target)
        return found if problem is None else UNCLEAR

    @lru_cache(REMEMBERED, typed=True)  # 1, 1.0 and true are equal, and not the same
    def of_one(value: str | bool | int | float | None) -> Carried:
        return carried(value)

    @lru_cache(REMEMBERED)
    def of_several(several: tuple[str, ...]) -> Carried:
        return carried(list(several))

    def carry(value: Value) -> Carried:
        if isinstance(value, str):
            return of_one(value) if len(value) <= SHORT else carried(value)
        if isinstance(value, list):
            return of_several(tuple(value)) if all(len(each) <= SHORT for each in value) else carried(value)
        return of_one(value)

    return carry


def _text(mapped: MappedField, target: System, otherwise: Carry) -> Carry:
    """Text that its target takes as it is, as of names, addresses and notes. What would be trimmed is left to
    ``otherwise``."""
    field = mapped.of(target)
    trims, limit = target is System.SALESFORCE, field.type.limit
    only_length = type(field.type) is TextType and not field.rich_text and not field.limited
    longest = field.length if only_length and field.length else None

    def carry(value: Value) -> Carried:
        if not isinstance(value, str) or not value:
            return otherwise(value)
        if trims and ("\r" in value or value != value.strip()):
            return otherwise(value)
        if longest is not None:
            return value if len(value) <= longest else UNCLEAR
        return value if only_length or limit(field, value) is None else UNCLEAR

    return carry


def names(by_key: Mapping[str, MappedField]) -> dict[str, tuple[str, str, System]]:
    """What a change says of a field, by its key: both keys, and its owner."""
    return {key: (one.element451.key, one.salesforce.key, one.owner) for key, one in by_key.items()}
