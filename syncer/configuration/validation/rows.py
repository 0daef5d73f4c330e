"""What is wrong with the list of mapped fields: keys that do not exist, fields mapped twice, fields that look
swapped, and a list that carries nothing. Pure; standard library only."""

from collections.abc import Iterator, Mapping, Sequence

from syncer.configuration.problems import Problem, did_you_mean, label_and_key, normalize_name
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.resolved_row import ResolvedRow
from syncer.core.field_types.conversion import misfit
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System


def row_problems(
    rows: Sequence[ResolvedRow],
    where: str,
    kind: Kind,
    catalogue: Mapping[str, Field] | None,
    entity: Entity | None,
) -> list[Problem]:
    """What is wrong with the mapped fields of a kind as a list. ``catalogue``: Element451's fields by slug;
    it and ``entity`` are None where they are not known, and then nothing is said to be missing there."""
    ours = None if catalogue is None else [one for one in catalogue.values() if one.kind in (None, kind)]
    found = []
    for row in rows:
        found += [Problem("error", row.where, message) for message in _key_errors(row, kind, ours, entity)]
    return [*found, *_duplicates(rows), *_swapped(rows), *_without_content(rows, where, kind)]


def _key_errors(
    row: ResolvedRow, kind: Kind, ours: Sequence[Field] | None, entity: Entity | None
) -> Iterator[str]:
    """Keys and owners that do not exist. ``ours``: Element451's fields of this kind."""
    field = row.element451_field
    if field is None and ours is not None and not row.is_constant:
        yield f"Element451 has no field “{row.element451}”.{_alike(row, System.ELEMENT451, ours)}"
    if field and field.kind not in (None, kind):
        yield f"{label_and_key(field)} is not a field of {kind.value}s. Map it with the {field.kind}s."
    if entity is not None and row.salesforce_field is None:
        hint = _alike(row, System.SALESFORCE, list(entity.fields.values()))
        yield f"{entity.label} has no field “{row.salesforce}”, or the connected user may not see it.{hint}"
    if row.owner is None and not row.is_constant:
        yield f"{row.element451} needs an owner: element451 or salesforce."


def _alike(row: ResolvedRow, system: System, fields: Sequence[Field]) -> str:
    """“Did you mean …?” with the field of ``system`` that is named most like the row's: one that holds the
    same sort of value as the other half, else one that can be mapped to it."""
    other = row.field(system.other)

    def fits(field: Field) -> bool:
        ours, theirs = (field, other) if system is System.ELEMENT451 else (other, field)
        if ours is None or theirs is None:
            return field.family is not None
        return misfit(ours, theirs, row.owner or System.ELEMENT451, bool(row.values)) is None

    fitting = [field for field in fields if fits(field)]
    alike = [field for field in fitting if other and field.family is other.family]
    name = row.key(system)
    return did_you_mean(name, _labels(alike)) or did_you_mean(name, _labels(fitting))


def _labels(fields: Sequence[Field]) -> dict[str, str]:
    return {field.key: field.label for field in fields}


def _duplicates(rows: Sequence[ResolvedRow]) -> list[Problem]:
    """Fields that are mapped more than once. API names are compared without case, as Salesforce does."""
    found = []
    for system in System:
        by_key: dict[str, list[ResolvedRow]] = {}
        for row in rows:
            key = row.key(system)
            if row.is_constant and system is System.ELEMENT451:
                continue
            by_key.setdefault(key.lower() if system is System.SALESFORCE else key, []).append(row)
        for same in by_key.values():
            for row in same if len(same) > 1 else ():
                others = ", ".join(other.where for other in same if other is not row)
                message = (
                    f"The {system.label} field {row.key(system)} is mapped more than once (also at {others})."
                    " Keep one."
                )
                found.append(Problem("error", row.where, message))
    return found


def _swapped(rows: Sequence[ResolvedRow]) -> list[Problem]:
    """Pairs of rows in which each is mapped to the field that is named like the other."""
    by_names = {
        (normalize_name(row.element451_field.label), normalize_name(row.salesforce_field.label)): row
        for row in rows
        if row.element451_field and row.salesforce_field
    }
    found = []
    for (element451, salesforce), row in by_names.items():
        other = by_names.get((salesforce, element451))
        if other and element451 < salesforce:
            message = (
                f"{row.element451} and {other.element451} look swapped: each is mapped to the field that is"
                " named like the other."
            )
            found.append(Problem("warning", row.where, message))
    return found


def _without_content(rows: Sequence[ResolvedRow], where: str, kind: Kind) -> list[Problem]:
    """Conversations of which only the IDs are mapped."""
    if kind is Kind.CONTACT or any(
        not row.is_constant and required_mapping(kind, row.keys) is None for row in rows
    ):
        return []
    message = (
        "Only the IDs of conversations are mapped, so that they are exported without any content. Map what"
        " they should show, such as the subject, or switch Sync Conversations off."
    )
    return [Problem("warning", where, message)]
