"""Values that may arrive at a field and that it does not take: outside its list, or too long. Only warnings,
since whether such values occur is not known. Pure; standard library only."""

from collections.abc import Mapping, Sequence

from syncer.configuration.problems import Problem, label_and_key
from syncer.configuration.required_mappings import required_mapping
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System, Value

_SHOWN = 5


def value_doubts(where: str, mapped: MappedField, kind: Kind, to: System, records: str) -> list[Problem]:
    """Values that may come to ``to`` and that its field does not take. ``records`` names those that would
    fail, such as “New records”."""
    source, target = mapped.of(to.other), mapped.of(to)
    options = ["true", "false"] if source.family is Family.BOOLEAN else [value for value, _ in source.options]
    if mapped.values and not mapped.unlisted_passes:
        unlisted = [value for value in options if mapped.not_in_map(_typed(source, value), to)]
        if unlisted or not options:
            return [Problem("warning", where, _unlisted_values(source, unlisted, records))]
    carried = {value: mapped.carried(_typed(source, value), to) for value in options}
    if message := _refused_values(source, target, carried, records):
        return [Problem("warning", where, message)]
    if options or _has_fixed_length(mapped, kind):
        return []
    if message := _too_long(source, target, records):
        short = f"A value of more than {target.length:,} characters would fail in {target.system.label}."
        return [Problem("warning", where, message, short)]
    return []


def _has_fixed_length(mapped: MappedField, kind: Kind) -> bool:
    """Whether it carries an ID of Element451, for which `ids` demands enough room."""
    required = required_mapping(kind, (mapped.element451.key, mapped.salesforce.key))
    return required is not None and required.system is System.ELEMENT451


def _unlisted_values(source: Field, unlisted: Sequence[str], records: str) -> str:
    """What is said of values that the value map does not list: ``unlisted``, or any where none are known."""
    if not unlisted:
        return (
            f"{label_and_key(source)} may hold anything. {records} with values that the value map does not"
            " list will fail."
        )
    return (
        f"The value map lacks these values of {label_and_key(source)}: {_some_of(unlisted)}. Add them, or"
        f" {records.lower()} with them will fail."
    )


def _some_of(values: Sequence[str]) -> str:
    """The first values in quotation marks, and how many more there are."""
    shown = ", ".join(f"“{value}”" for value in values[:_SHOWN])
    return f"{shown} and {len(values) - _SHOWN} more" if len(values) > _SHOWN else shown


def _refused_values(
    source: Field, target: Field, carried: Mapping[str, tuple[Value, str | None]], records: str
) -> str | None:
    if not carried:
        if not (target.limited or target.family is Family.BOOLEAN):
            return None
        takes = "the values of its list" if target.options else "those that the value map names"
        return (
            f"{label_and_key(source)} may hold anything, but {label_and_key(target)} takes only {takes}."
            f" {records} with other values will fail."
        )
    refused = [value for value, (_, problem) in carried.items() if problem]
    if not refused:
        return None
    verb = "have" if target.limited else "take"
    return (
        f"{label_and_key(target)} does not {verb} these values of {label_and_key(source)}:"
        f" {_some_of(refused)}. Add them to the value map, or {records.lower()} with them will fail."
    )


def _typed(source: Field, option: str) -> Value:
    """A value of the source's list as a record holds it."""
    if source.family is Family.SEVERAL:
        return [option]
    return option == "true" if source.family is Family.BOOLEAN else option


def _too_long(source: Field, target: Field, records: str) -> str | None:
    if target.family is not Family.TEXT or not target.length:
        return None
    longest = source.type.longest(source)
    if longest is not None and longest <= target.length:
        return None
    much = f"up to {longest} characters" if longest else "text of any length"
    return (
        f"{label_and_key(source)} may hold {much}, but {label_and_key(target)} takes {target.length}."
        f" {records} with longer values will fail."
    )
