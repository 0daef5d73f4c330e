"""Whether a field takes a value, as far as its catalogue says so for certain: the one judgement for previews,
runs, forecasts and the checks of a configuration (rule 15). Pure; standard library only."""

from syncer.core.field_types.field_type import quoted
from syncer.core.fields import Field
from syncer.core.records import Value


def misfit_of(field: Field, value: Value) -> str | None:
    """Why ``field`` does not take ``value``, as a sentence for the analyst that names both; None where it may
    take it. ``value`` is in the form that the field has for it."""
    if value is not None and not field.type.holds(field, value):
        needed = f"{field.type.described(field)}, which {field.label} needs"
        return f"{quoted(value)} is not {needed}. Correct the value, or add a value map."
    return refusal_of(field, field.type.stored(field, value))


def refusal_of(field: Field, kept: Value) -> str | None:
    """The same of a value that is of the field's type, and as it would be stored."""
    if kept is None:
        return None if field.nillable else must_be_filled(field)
    return field.type.limit(field, kept)


def must_be_filled(field: Field) -> str:
    """What is said where a field may not be empty."""
    return f"{field.system.label} requires {field.label}, which would be empty. Fill it in."
