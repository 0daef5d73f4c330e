"""What is wrong with the conditions of who is synced (rule 12). Pure; standard library only."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from syncer.configuration.compilation import condition
from syncer.configuration.document import Document, filter_rows
from syncer.configuration.problems import Problem
from syncer.core.field_types.field_type import Family, quoted
from syncer.core.fields import Entity, Field
from syncer.core.matching.conditions import Condition, Operator
from syncer.core.records import Kind, System

_ORDERED = (Family.NUMBER, Family.DATE, Family.DATETIME)


def filter_problems(
    document: Document,
    catalogue: Mapping[str, Field] | None,
    entity: Entity | None,
    no_segments: Collection[str] = (),
) -> Iterator[Problem]:
    """What is wrong with each condition; what cannot be known without a catalogue is not judged.
    ``no_segments``: those that Element451 does not have."""
    known = {System.SALESFORCE: entity.fields if entity else None, System.ELEMENT451: catalogue}
    for system in System:
        fields = known[system]
        for at, row in enumerate(filter_rows(document, system)):
            where = f"preferences.filter.{system.value}[{at}]"
            if "segment" in row:
                yield _of_segment(where, row["segment"], no_segments)
            elif fields is not None and (wrong := _wrong(system, row, fields)):
                yield Problem("error", where, wrong)
            elif fields is not None and fields[row["field"]].calculated:
                message = f"{row['field']} is calculated, which announces no change: looked at every night."
                yield Problem("warning", where, message)


def _of_segment(where: str, segment: str, missing: Collection[str]) -> Problem:
    if segment in missing:
        return Problem("error", where, f"Element451 has no segment {quoted(segment)}.")
    message = f"Who is in the segment {segment} announces no change: looked at every night."
    return Problem("warning", where, message)


def _wrong(system: System, row: Mapping[str, Any], fields: Mapping[str, Field]) -> str | None:
    field = fields.get(row["field"])
    if field is None or (system is System.ELEMENT451 and field.kind is Kind.CONVERSATION):
        return f"“{row['field']}” is no field of contacts in {system.label}."
    if field.family is None:
        return f"“{row['field']}” holds more than a value, so that nothing can be asked of it."
    return _unlike(field, condition(row, field))


def _unlike(field: Field, made: Condition) -> str | None:
    """Why no record could meet the condition as it is meant."""
    if made.operator in (Operator.AT_LEAST, Operator.AT_MOST) and field.family not in _ORDERED:
        return (
            f"{field.label} is neither a number nor a day, so that it is never at least or at most a value."
        )
    for value in made.wanted:
        if value is None or not field.type.holds(field, value):
            return f"{quoted(value)} is no value that {field.label} can hold."
        listed = value if isinstance(value, list) else [value]
        if field.limited and not all(field.offers(str(one)) for one in listed):
            return f"{quoted(value)} is not on the list of {field.label}."
    return None
