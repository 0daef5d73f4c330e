"""From a checked document to what the planner needs: preferences, and the mapping of each kind with the
fields that both catalogues describe. Pure; standard library only."""

from collections.abc import Iterable, Mapping
from typing import Any

from syncer.configuration import required_mappings
from syncer.configuration.document import (
    Document,
    MappingRow,
    field_keys,
    filter_rows,
    is_constant,
    mapping_rows,
    unlisted_passes,
)
from syncer.configuration.required_mappings import RequiredMapping, required_mapping
from syncer.core.fields import Entity, Field
from syncer.core.mapping import Constant, FieldMapping, MappedField
from syncer.core.matching.conditions import Condition, Operator, in_segment
from syncer.core.preferences import ExportMode, GuardLimits, Preferences, Scope
from syncer.core.records import Kind, System

_COPIED = (
    "contact_entity",
    "conversation_entity",
    "sync_conversations",
    "interval_minutes",
    "batch_size",
    "salesforce_threads",
    "element451_threads",
    "api_share_percent",
)
"""Preferences that have the same name and type in a document."""


def to_preferences(document: Document) -> Preferences:
    """The preferences of a document."""
    given = document["preferences"]
    return Preferences(
        **{name: given[name] for name in _COPIED},
        **given["import"],
        export_mode=ExportMode(given["export"]["mode"]),
        scope=Scope(given["export"]["scope"]),
        match_on=tuple(given["match_on"]),
        guard=GuardLimits(**given["guard"]),
    )


def to_mapping(
    document: Document, kind: Kind, element_fields: Iterable[Field], entity: Entity
) -> FieldMapping:
    """The mapping of one kind. Raises KeyError if a field does not exist or an ID is not mapped, which
    `validation` reports beforehand."""
    catalogue = {field.key: field for field in element_fields}
    links: dict[RequiredMapping, MappedField] = {}
    others: dict[str, MappedField] = {}
    constants: list[Constant] = []
    for row in mapping_rows(document, kind):
        if is_constant(row):
            constants.append(Constant(entity.fields[row["salesforce"]], row["default"]))
            continue
        mapped = _mapped_field(row, catalogue, entity)
        if required := required_mapping(kind, field_keys(row)):
            links[required] = mapped
        else:
            others[mapped.element451.key] = mapped
    fields = tuple(others.values())
    if kind is Kind.CONVERSATION:
        return FieldMapping(
            kind,
            entity,
            element_id=links[required_mappings.CONVERSATION_ID],
            salesforce_id=None,
            contact=links[required_mappings.CONVERSATION_CONTACT],
            fields=fields,
            constants=tuple(constants),
        )
    return FieldMapping(
        kind,
        entity,
        element_id=links[required_mappings.ELEMENT_ID],
        salesforce_id=links[required_mappings.SALESFORCE_ID],
        contact=None,
        fields=fields,
        match_on=tuple(others[slug] for slug in document["preferences"]["match_on"]),
        constants=tuple(constants),
        filters=tuple(
            in_segment(row["segment"]) if "segment" in row else condition(row, known[row["field"]])
            for system, known in ((System.SALESFORCE, entity.fields), (System.ELEMENT451, catalogue))
            for row in filter_rows(document, system)
        ),
    )


def condition(row: Mapping[str, Any], field: Field) -> Condition:
    """A condition of a document on this field, with its values as the field holds them."""
    (name,) = (name for name in row if name != "field")
    given = row[name]
    listed = [] if isinstance(given, bool) else given if isinstance(given, list) else [given]
    wanted = tuple(field.type.stored(field, field.type.read(field, one)) for one in listed)
    return Condition(field, Operator(name), wanted)


def _mapped_field(row: MappingRow, catalogue: Mapping[str, Field], entity: Entity) -> MappedField:
    return MappedField(
        catalogue[row["element451"]],
        entity.fields[row["salesforce"]],
        System(row["owner"]),
        tuple(row.get("values", {}).items()),
        row.get("default", ""),
        unlisted_passes(row),
    )
