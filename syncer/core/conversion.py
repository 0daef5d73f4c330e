"""Which types fit together, and how a value of one system becomes a value of the other. Pure; standard
library only."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from syncer.core import values
from syncer.core.fields import Field
from syncer.core.records import System, Value

TEXT, NUMBER, BOOLEAN, DATE, DATETIME, SEVERAL = (
    "text",
    "number",
    "yes or no",
    "date",
    "date and time",
    "several values",
)

_FAMILIES: dict[str, str] = {
    **dict.fromkeys(
        (
            "text",
            "textarea",
            "string",
            "dropdown",
            "radio",
            "picklist",
            "combobox",
            "email",
            "phone",
            "url",
            "reference",
            "id",
        ),
        TEXT,
    ),
    **dict.fromkeys(values.NUMBERS, NUMBER),
    **dict.fromkeys(values.SEVERAL, SEVERAL),
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
}
_WHOLE = frozenset({"int", "integer", "long"})


class Unfit(Exception):
    """A value that the receiving field cannot take; ``str()`` is a sentence for the analyst."""


def family(field: Field) -> str | None:
    """What sort of value the field holds, or None where it cannot be mapped at all (compound, repeating,
    files: rule 4)."""
    return None if field.repeater or field.compound else _FAMILIES.get(field.type)


def misfit(element451: Field, salesforce: Field, owner: System, has_value_map: bool) -> str | None:
    """Why the two fields cannot be mapped with this owner, as a sentence; None when every value of the owner
    can be carried over."""
    ours, theirs = family(element451), family(salesforce)
    for field, known in ((element451, ours), (salesforce, theirs)):
        if known is None:
            what = (
                "repeats"
                if field.repeater
                else "has several parts"
                if field.compound
                else f"is of the type “{field.type}”"
            )
            return (
                f"{field.label} ({field.key}) cannot be mapped, because it {what}. Choose a field with one"
                " value, or several from a list."
            )
    source, target = (element451, salesforce) if owner is System.ELEMENT451 else (salesforce, element451)
    if ours == theirs:
        if ours == NUMBER and _is_whole(target) and not _is_whole(source):
            return (
                f"{source.label} may hold decimals, but {target.label} holds whole numbers only. Choose a"
                " field with decimals."
            )
        return None
    if SEVERAL in (ours, theirs):
        return (
            f"{source.label} and {target.label} do not fit: only one of them holds several values. Map"
            " checkboxes to a multi-select picklist."
        )
    if family(target) == TEXT and family(source) in (NUMBER, BOOLEAN, DATE, DATETIME):
        return None
    if has_value_map and {ours, theirs} == {TEXT, BOOLEAN}:
        return None
    hint = (
        " Add a value map that says which values mean yes and no."
        if {ours, theirs} == {TEXT, BOOLEAN}
        else " Choose a field of the same sort."
    )
    return f"{source.label} holds {_a(family(source))}, but {target.label} holds {_a(family(target))}." + hint


def convert(value: Value, target: Field, value_map: Mapping[str, str]) -> Value:
    """``value`` as ``target`` takes it, by way of the value map; a value that is not listed passes unchanged
    if the field allows it.

    Raises `Unfit` with a sentence that says what to do.
    """
    if value is None:
        return None
    if isinstance(value, list):
        return sorted({_part(_allowed(value_map.get(item, item), target), target) for item in value})
    text = _text(value)
    mapped: Value = value_map.get(text, value)
    sort = family(target)
    if sort == TEXT:
        return _allowed(_text(mapped), target)
    result = values.read(target, mapped)
    if not _is(result, sort, target):
        needs = "a whole number" if sort == NUMBER and _is_whole(target) else _a(sort)
        raise Unfit(
            f"“{_short(_text(mapped))}” is not {needs}, which {target.label} needs. Correct the value, or add"
            " a value map."
        )
    return result


def takes_any_text(target: Field) -> bool:
    """Whether every text passes into ``target`` as it is."""
    return family(target) == TEXT and not _limited(target)


def _is(value: Value, sort: str | None, target: Field) -> bool:
    if sort == BOOLEAN:
        return isinstance(value, bool)
    if sort == NUMBER:
        return isinstance(value, int) or (isinstance(value, float) and not _is_whole(target))
    if sort == SEVERAL:
        return isinstance(value, list)
    try:
        if sort == DATE:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        return (
            isinstance(value, str)
            and bool(re.match(r"\d{4}-\d{2}-\d{2}T", value))
            and bool(datetime.fromisoformat(value))
        )
    except ValueError:
        return False


def _allowed(value: str, target: Field) -> str:
    if _limited(target) and all(value != option for option, _ in target.options):
        raise Unfit(
            f"“{_short(value)}” is not one of the values of {target.label}. Add it to the value map, or to"
            " the field's list."
        )
    return value


def _part(value: str, target: Field) -> str:
    # Salesforce joins the parts with semicolons: one inside a part that it does not know would make two of
    # it.
    if (
        target.system is System.SALESFORCE
        and ";" in value
        and all(value != option for option, _ in target.options)
    ):
        raise Unfit(
            f"“{_short(value)}” holds a semicolon, which separates the values of {target.label}. Give it"
            " another name in the value map."
        )
    return value


def _limited(target: Field) -> bool:
    listed = target.restricted or (
        target.system is System.ELEMENT451 and target.type in ("dropdown", "radio", "checkbox")
    )
    return listed and bool(target.options)


def _is_whole(field: Field) -> bool:
    return field.type in _WHOLE or (
        field.system is System.SALESFORCE and family(field) == NUMBER and field.scale == 0
    )


def _text(value: Value) -> str:
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")  # never with an exponent
    return "true" if value is True else "false" if value is False else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _a(sort: str | None) -> str:
    return {NUMBER: "a number", DATE: "a date", DATETIME: "a date with a time", TEXT: "text"}.get(
        sort or "", str(sort)
    )
