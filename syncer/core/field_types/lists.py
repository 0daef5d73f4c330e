"""Values of a field's list: how they are spelt, and which a field takes. Pure; standard library only.

Facts: contracts/salesforce.md A9 (a listed value is taken whatever its case); contracts/element451.md F8.
"""

from collections.abc import Iterator

from syncer.core.field_types.field_type import quoted
from syncer.core.fields import Field
from syncer.core.records import System


def listed_spelling(field: Field, value: str) -> str:
    """``value`` as the field's list spells it; as it is where the list has no such value.

    Blanks around a value never matter; in Salesforce case does not either.
    """
    if not field.options or field.offers(value):
        return value
    folded = _folded(field, value)
    return next((option for option, _ in field.options if _folded(field, option) == folded), value)


def folded_option(field: Field, value: str) -> str:
    """``value`` in the one form in which the spellings of a listed value are compared. A value that is not in
    the list is compared as it is."""
    folded = _folded(field, value)
    return folded if any(_folded(field, option) == folded for option in _known(field)) else value


def not_listed(field: Field, value: str) -> str | None:
    """Why the field, which takes the values of its list only, does not take ``value``; None where it does."""
    if not field.limited or field.offers(value):
        return None
    return (
        f"{quoted(value)} is not one of the values of {field.label}. Add it to the value map, or to the"
        " field's list."
    )


def _folded(field: Field, value: str) -> str:
    return value.strip().lower() if field.system is System.SALESFORCE else value.strip()


def _known(field: Field) -> Iterator[str]:
    yield from (option for option, _ in field.options)
    yield from field.inactive
