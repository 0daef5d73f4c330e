"""All problems of a configuration at once. Pure; standard library only."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import Document, entity_name, field_keys, mapping_rows, synced_kinds
from syncer.configuration.problems import Problem
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.defaults import default_problems
from syncer.configuration.validation.filters import filter_problems
from syncer.configuration.validation.ids import id_problems
from syncer.configuration.validation.mapped_field import field_problems
from syncer.configuration.validation.match_fields import match_field_problems
from syncer.configuration.validation.objects import (
    object_problems,
    same_object_problems,
    unfilled_field_problems,
)
from syncer.configuration.validation.resolved_row import resolve_rows
from syncer.configuration.validation.rows import row_problems
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind


def check(
    document: Document,
    element_fields: Iterable[Field] | None,
    entities: Mapping[str, Entity],
    salesforce_objects: Sequence[tuple[str, str]] | None,
    no_segments: Collection[str] = (),
) -> list[Problem]:
    """All problems of ``document``: errors first, and each in the order of the file's lines.

    ``entities`` holds the objects that the document names, as far as they exist; ``salesforce_objects`` the
    (API name, label) of every object there is. ``element_fields`` or ``salesforce_objects`` is None where
    that system could not be read yet: then only what can be known without it is judged. ``no_segments``: the
    segments that Element451 does not have.
    """
    catalogue = None if element_fields is None else {field.key: field for field in element_fields}
    found: list[Problem] = []
    for kind in synced_kinds(document):
        name = entity_name(document, kind)
        if salesforce_objects is not None:
            where = f"preferences.{kind.value}_entity"
            found += object_problems(where, name, entities.get(name), salesforce_objects)
        found += _kind_problems(document, kind, catalogue, entities.get(name))
    found += filter_problems(
        document, catalogue, entities.get(entity_name(document, Kind.CONTACT)), no_segments
    )
    return sorted([*found, *same_object_problems(document)], key=_order)


def _kind_problems(
    document: Document, kind: Kind, catalogue: Mapping[str, Field] | None, entity: Entity | None
) -> list[Problem]:
    """What is wrong with the mapped fields of one kind."""
    where = f"mappings.{kind.value}"
    rows = resolve_rows(where, mapping_rows(document, kind), catalogue or {}, entity.fields if entity else {})
    found = row_problems(rows, where, kind, catalogue, entity)
    found += id_problems(rows, where, kind, entity_name(document, Kind.CONTACT))
    created_in = to_preferences(document).creates_in
    for row in rows:
        found += default_problems(row, kind, created_in)
        if mapped := row.mapped_field:
            found += field_problems(row.where, mapped, kind, created_in)
    found += [
        Problem("error", f"{where}[{at}]", "The IDs are the link, and cannot be suspended.")
        for at, row in enumerate(mapping_rows(document, kind))
        if row.get("suspended") and required_mapping(kind, field_keys(row))
    ]
    found += unfilled_field_problems(rows, where, entity)
    if kind is Kind.CONTACT:
        found += match_field_problems(document["preferences"]["match_on"], rows)
    return found


def _order(problem: Problem) -> tuple[bool, str, int]:
    place, _, rest = problem.where.partition("[")
    return problem.severity != "error", place, int(rest.partition("]")[0] or -1)
