"""Fields that hold a number. Pure; standard library only.

Facts: contracts/salesforce.md A6 (precision, scale, rounding).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, as_text, quoted
from syncer.core.fields import Field
from syncer.core.records import System, Value

MOST_DIGITS = 18
"""Digits before the point of what is read as a number: as many as Salesforce's largest field has."""
EXACT_DIGITS = 15
"""Digits that both systems hold without loss (contracts/salesforce.md A9)."""
_ROOMY = Context(prec=400)


@dataclass(frozen=True)
class NumberType(FieldType):
    """A type that holds a number: an ``int`` where it is integral, else a ``float``."""

    only_whole: bool = False

    family: ClassVar[Family | None] = Family.NUMBER
    takes: ClassVar[frozenset[Family]] = frozenset({Family.NUMBER})

    def parse(self, raw: object) -> Value:
        """See `number`."""
        return number(raw)

    def stored(self, field: Field, value: Value) -> Value:
        """Salesforce rounds to the field's scale, as a person rounds."""
        if field.system is not System.SALESFORCE or isinstance(value, bool | str) or value is None:
            return super().stored(field, value)
        if isinstance(value, int | float):
            return number(_rounded(Decimal(str(value)), field.scale))
        return value

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is a number, and a whole one where the field holds no others."""
        return isinstance(value, int) or (isinstance(value, float) and not self.whole(field))

    def limit(self, field: Field, value: Value) -> str | None:
        """The field's size, and the digits that are held without loss."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        exact = Decimal(str(value))
        if field.precision and exact.adjusted() >= field.precision - field.scale and exact:
            return f"{quoted(value)} is too large for {field.label}. Correct it, or have the field enlarged."
        if len(exact.normalize(_ROOMY).as_tuple().digits) > EXACT_DIGITS:
            return (
                f"{quoted(value)} has more than {EXACT_DIGITS} digits, which no number field such as"
                f" {field.label} holds exactly. Map a text field, or correct it."
            )
        return None

    def described(self, field: Field) -> str:
        """A number, or a whole one."""
        return "a whole number" if self.whole(field) else str(self.family)

    def whole(self, field: Field) -> bool:
        """By the type, or because Salesforce keeps no decimals in the field."""
        return self.only_whole or (field.system is System.SALESFORCE and field.scale == 0)


def number(raw: object) -> Value:
    """An ``int`` where the number is integral, else a ``float``; text that is no number, or none that a field
    can hold, is returned as it is."""
    try:
        exact = Decimal(str(raw).strip())
    except InvalidOperation:
        return as_text(raw)
    if not exact.is_finite() or exact.adjusted() >= MOST_DIGITS or "_" in str(raw):
        return as_text(raw)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _rounded(exact: Decimal, scale: int) -> Decimal:
    if scale < 0:
        return exact
    return exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP, context=_ROOMY)


WHOLE_NUMBER = NumberType("number", only_whole=True)
DECIMAL = NumberType("number")
