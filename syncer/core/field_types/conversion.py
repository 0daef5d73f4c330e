"""Which fields can be mapped to each other, and how a value of one system becomes a value of the other. Pure;
standard library only."""

from collections.abc import Mapping

from syncer.core.field_types.field_type import Family, Unfit, written_out
from syncer.core.field_types.fit import misfit_of
from syncer.core.fields import Field
from syncer.core.records import System, Value


def misfit(element451: Field, salesforce: Field, owner: System, has_value_map: bool) -> str | None:
    """Why the two fields cannot be mapped with this owner, as a sentence; None when every value of the owner
    can be converted."""
    source, target = (element451, salesforce) if owner is System.ELEMENT451 else (salesforce, element451)
    given, taken = source.family, target.family
    if given is None or taken is None:
        return _unmappable(element451) or _unmappable(salesforce)
    if given == taken and target.type.whole(target) and not source.type.whole(source):
        return (
            f"{source.label} may hold decimals, but {target.label} holds whole numbers only. Choose a field"
            " with decimals."
        )
    if given in target.type.takes:
        return None
    if Family.SEVERAL in (given, taken):
        return (
            f"{source.label} and {target.label} do not fit: only one of them holds several values. Map"
            " checkboxes to a multi-select picklist."
        )
    by_value_map = given in target.type.takes_with_value_map
    if by_value_map and has_value_map:
        return None
    hint = (
        "Add a value map that says which values mean yes and no."
        if by_value_map
        else "Choose a field of the same sort."
    )
    return f"{source.label} holds {given}, but {target.label} holds {taken}. {hint}"


def convert(value: Value, target: Field, value_map: Mapping[str, str]) -> Value:
    """``value`` as ``target`` takes it, by way of the value map; a value that is not listed passes unchanged
    if the field allows it.

    Raises `Unfit` with a sentence that says what to do.
    """
    if value is None:
        return None
    if isinstance(value, list):
        translated: Value = [value_map.get(item, value_map.get(item.strip(), item)) for item in value]
    else:
        text = written_out(value)
        translated = value_map.get(text, value_map.get(text.strip(), value))
    found = target.type.convert(target, translated)
    if problem := misfit_of(target, found):
        raise Unfit(problem, found)
    return found


def takes_any_text(target: Field) -> bool:
    """Whether every text is in the form that ``target`` has for it."""
    return target.family is Family.TEXT and not target.options


def _unmappable(field: Field) -> str | None:
    if field.family is not None:
        return None
    what = (
        "repeats"
        if field.repeater
        else "has several parts"
        if field.compound
        else f"is of the type “{field.type_name or field.type.label}”"
    )
    return (
        f"{field.label} ({field.key}) cannot be mapped, because it {what}. Choose a field with one value, or"
        " several from a list."
    )
