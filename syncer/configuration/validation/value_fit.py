"""Values that may arrive at a field and that it does not take: outside its list, or too long. Only warnings,
since whether such values occur is not known. Pure; standard library only."""

from collections.abc import Mapping, Sequence

from syncer.configuration.problems import Problem, label_and_key
from syncer.configuration.required_mappings import required_mapping
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System

_SHOWN = 5


def value_doubts(where: str, mapped: MappedField, kind: Kind, to: System, records: str) -> list[Problem]:
    """Values that may come to ``to`` and that its field does not take. ``records`` names those that would
    fail, such as “New records”."""
    source, target = mapped.of(to.other), mapped.of(to)
    options = ["true", "false"] if source.family is Family.BOOLEAN else [value for value, _ in source.options]
    translations = _translations(mapped, to)
    values = [translations.get(value, value) for value in options]
    found = []
    if message := _outside_list(source, target, options, translations, records):
        found.append(Problem("warning", where, message))
    if not _has_fixed_length(mapped, kind) and (message := _too_long(source, target, values, records)):
        short = f"A value of more than {target.length:,} characters would fail in {target.system.label}."
        found.append(Problem("warning", where, message, "" if values else short))
    return found


def _has_fixed_length(mapped: MappedField, kind: Kind) -> bool:
    """Whether it carries an ID of Element451, for which `ids` demands enough room."""
    required = required_mapping(kind, (mapped.element451.key, mapped.salesforce.key))
    return required is not None and required.system is System.ELEMENT451


def _outside_list(
    source: Field, target: Field, values: Sequence[str], translations: Mapping[str, str], records: str
) -> str | None:
    allowed = _accepted_values(source, target)
    if allowed is None:
        return None
    if not values:
        takes = "the values of its list" if target.options else "those that the value map names"
        return (
            f"{label_and_key(source)} may hold anything, but {label_and_key(target)} takes only {takes}."
            f" {records} with other values will fail."
        )
    missing = [value for value in values if translations.get(value, value) not in allowed]
    if not missing:
        return None
    shown = ", ".join(f"“{value}”" for value in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    return (
        f"{label_and_key(target)} does not have these values of {label_and_key(source)}: {shown}{more}. Add"
        f" them to the value map, or {records.lower()} with them will fail."
    )


def _accepted_values(source: Field, target: Field) -> set[str] | None:
    """The only values that the target accepts; None where it accepts others too."""
    if target.family is Family.BOOLEAN and source.family is Family.TEXT:
        return {"true", "false"}
    if target.restricted and target.options and target.family in (Family.TEXT, Family.SEVERAL):
        return {value for value, _ in target.options}
    return None


def _too_long(source: Field, target: Field, values: Sequence[str], records: str) -> str | None:
    if target.family is not Family.TEXT or not target.length:
        return None
    longest = max(map(len, values)) if values else source.type.longest(source)
    if longest is not None and longest <= target.length:
        return None
    much = f"up to {longest} characters" if longest else "text of any length"
    return (
        f"{label_and_key(source)} may hold {much}, but {label_and_key(target)} takes {target.length}."
        f" {records} with longer values will fail."
    )


def _translations(mapped: MappedField, to: System) -> dict[str, str]:
    """The value map in the direction of ``to``. Where several Element451 values share a Salesforce value, the
    first one listed is used on import."""
    if to is System.SALESFORCE:
        return dict(mapped.values)
    return {salesforce: element451 for element451, salesforce in reversed(mapped.values)}
