"""What is wrong with a value map: values that do not exist. Pure; standard library only."""

from syncer.configuration.problems import Problem, did_you_mean, label_and_key
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.mapping import MappedField


def value_map_problems(where: str, mapped: MappedField) -> list[Problem]:
    """Values that the value map names and that their field does not list: errors where they would be refused,
    warnings where the list is open, or the field is the owner's: its records may hold values that were on the
    list once."""
    sides = (
        (mapped.element451, [element451 for element451, _ in mapped.values]),
        (mapped.salesforce, list(dict.fromkeys(salesforce for _, salesforce in mapped.values))),
    )
    found = []
    if mapped.values and mapped.unlisted_passes:
        message = (
            "Values that the value map does not list are carried over as they are, and nobody sees what it"
            " lacks. Complete it, then let other values fail: remove “unlisted: pass”."
        )
        found.append(Problem("warning", where, message))
    for field, values in sides:
        written = field.system is mapped.owner.other
        for value in values:
            if unknown := _unknown_value(field, value):
                wrong = _is_refused(field, value, written)
                found.append(Problem("error" if wrong else "warning", where, unknown))
    return found


def _is_refused(field: Field, value: str, written: bool) -> bool:
    """Whether a value that the field does not list can only be a mistake; ``written``: it is the field that
    the owner's values are written to."""
    if field.family in (Family.BOOLEAN, Family.NUMBER):
        return True
    return field.restricted and (written or value in dict(field.options).values())


def _unknown_value(field: Field, value: str) -> str | None:
    """Why the field cannot have this value; None where it can."""
    name = label_and_key(field)
    if field.family is Family.BOOLEAN:
        if value in ("true", "false"):
            return None
        return f"The value map names “{value}”, but {name} holds true or false."
    if field.family is Family.NUMBER:
        return None if _is_number(value) else f"The value map names “{value}”, but {name} holds numbers."
    if not field.options or any(value == option for option, _ in field.options):
        return None
    labelled = next((option for option, label in field.options if label == value), None)
    hint = (
        f" “{value}” is only its label; the value is “{labelled}”."
        if labelled
        else did_you_mean(value, dict(field.options))
    )
    return f"The value map names “{value}”, which is not one of the values of {name}.{hint}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
