"""What is wrong with a default or a constant: whether the fields of a new record take it. Pure; standard
library only."""

from collections.abc import Collection, Iterator
from datetime import date

from syncer.configuration.problems import Problem, did_you_mean, label_and_key
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.resolved_row import ResolvedRow
from syncer.core.field_types.default import default_value
from syncer.core.field_types.field_type import Family, Unfit
from syncer.core.fields import Field
from syncer.core.records import Kind, System

_SOME_DAY = date(2000, 1, 1)
"""A default that counts from today fits on any day, or on none."""
_EXAMPLES = {
    Family.DATE: "Write a day as 2026-12-31, or as today or today+30d.",
    Family.DATETIME: "Write it as 2026-12-31T18:00:00Z.",
    Family.BOOLEAN: "Write true or false.",
}


def default_problems(row: ResolvedRow, kind: Kind, created_in: Collection[System]) -> list[Problem]:
    """What is wrong with the default of a row, if it has one. ``created_in``: the systems in which records
    are created."""
    field = row.salesforce_field
    if not row.default or field is None:
        return []
    if required := required_mapping(kind, row.keys):
        return [Problem("error", row.where, f"The {required.name} is never empty. Remove its default.")]
    if row.is_constant and not field.creatable:
        message = (
            f"{label_and_key(field)} cannot be written in a new record. Remove the fixed value, or allow the"
            " connected user to write it."
        )
        return [Problem("error", row.where, message)]
    if sentence := unfit_default(field, row.default):
        return [Problem("error", row.where, sentence)]
    found = [Problem("warning", row.where, sentence) for sentence in _outside_list(field, row.default)]
    mapped = row.mapped_field
    if mapped and kind is Kind.CONTACT and System.ELEMENT451 in created_in and mapped.element451.creatable:
        try:
            mapped.default_in(System.ELEMENT451, _SOME_DAY)
        except Unfit as problem:
            message = f"A new contact in Element451 cannot get the default “{row.default}”. {problem}"
            found.append(Problem("error", row.where, message))
    return found


def unfit_default(field: Field, default: str) -> str | None:
    """Why a new record cannot get ``default`` in this Salesforce field, as a sentence; None where it can."""
    name = label_and_key(field)
    if field.family is None:
        return f"{name} cannot get a default, because it cannot be mapped."
    if field.limited and field.family is Family.TEXT and not field.offers(default):
        hint = did_you_mean(default, dict(field.options))
        return f"The default “{default}” is not one of the values of {name}.{hint}"
    try:
        default_value(field, default, _SOME_DAY)
    except Unfit as problem:
        if field.family in _EXAMPLES or field.family is Family.NUMBER:
            needed = f"{name} holds {field.type.described(field)}."
            return f"The default “{default}” does not fit: {needed} {_EXAMPLES.get(field.family, '')}".strip()
        return f"The default of {name} does not fit. {problem}"
    return None


def _outside_list(field: Field, default: str) -> Iterator[str]:
    """A value that an open list does not have, which the field takes all the same."""
    if field.family is Family.TEXT and field.options and not field.offers(default):
        yield (
            f"The default “{default}” is not one of the values of {label_and_key(field)}, which takes others"
            f" too.{did_you_mean(default, dict(field.options))}"
        )
