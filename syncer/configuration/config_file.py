"""The configuration: from YAML to a document and back, and from a document to what the planner needs
(docs/architecture.md, "Surfaces").

A *document* is plain JSON with every key present and checked for its shape; whether the fields that it names
exist is `syncer.configuration.validation`'s to say.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from syncer.configuration import yaml_io
from syncer.configuration.problems import Problem
from syncer.configuration.schema import ConfigurationSchema
from syncer.configuration.schema_messages import to_problem
from syncer.core.fields import Entity, Field
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID, FieldMapping, MappedField
from syncer.core.preferences import ExportMode, GuardLimits, Preferences, Scope
from syncer.core.records import Kind, System

Document = dict[str, Any]
MAX_LENGTH = 500_000
"""Characters of a configuration file: a hundred times what a school has, and still read in a second or
two."""


class BadConfiguration(Exception):
    """A configuration that cannot be taken over. ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "\n".join(
                f"{problem.where}: {problem.message}" if problem.where else problem.message
                for problem in problems
            )
        )
        self.problems = problems


def parse(text: str) -> Document:
    """The document that the YAML ``text`` holds. Raises `BadConfiguration` with all problems at once; one
    that says nothing is a mistake, for it would replace everything by the defaults."""
    if len(text) > MAX_LENGTH:
        raise BadConfiguration(
            [
                Problem(
                    "error",
                    "",
                    f"This is longer than {MAX_LENGTH:,} characters, and no configuration is. Is it the right"
                    " file?",
                )
            ]
        )
    try:
        said = yaml_io.load(text)
    except yaml_io.BadYaml as bad:
        raise BadConfiguration(
            [Problem("error", where, sentence) for where, sentence in bad.problems]
        ) from None
    if said is None or said == {}:
        raise BadConfiguration(
            [
                Problem(
                    "error",
                    "",
                    "There is nothing in it. A configuration begins with “version: 1”. Is it the right file?",
                )
            ]
        )
    return validate(said)


def validate(data: object) -> Document:
    """``data`` as a document, with the defaults of what is left out. Raises `BadConfiguration` with all
    problems at once."""
    try:
        return ConfigurationSchema.model_validate(data if data is not None else {}).model_dump(
            mode="json", by_alias=True
        )
    except ValidationError as error:
        raise BadConfiguration([to_problem(one) for one in error.errors(include_url=False)]) from None


def dump(document: Document) -> str:
    """The document as YAML; `parse` gives the same document back."""
    return yaml_io.dump(document)


def salesforce_id_slug(document: Document) -> str | None:
    """The slug that is mapped to Salesforce's ``Id``: where Element451 keeps the Salesforce ID; None where
    none is."""
    return next(
        (row["element451"] for row in document["mappings"]["contact"] if row["salesforce"] == "Id"), None
    )


def to_preferences(document: Document) -> Preferences:
    """The preferences of a document."""
    given = document["preferences"]
    plain = (
        "contact_entity",
        "conversation_entity",
        "sync_conversations",
        "interval_minutes",
        "batch_size",
        "salesforce_threads",
        "element451_threads",
        "api_share_percent",
    )
    return Preferences(
        **{name: given[name] for name in plain},
        **given["import"],
        export_mode=ExportMode(given["export"]["mode"]),
        scope=Scope(given["export"]["scope"]),
        match_on=tuple(given["match_on"]),
        guard=GuardLimits(**given["guard"]),
    )


def to_mapping(
    document: Document, kind: Kind, element_fields: Iterable[Field], entity: Entity
) -> FieldMapping:
    """The mapping of one kind. The document must have been checked: raises KeyError where a field does not
    exist or an ID is not mapped."""
    ours = {field.key: field for field in element_fields}
    mapped = {row["element451"]: _mapped_field(row, ours, entity) for row in document["mappings"][kind.value]}
    element_id = mapped.pop(CONTACT_ID if kind is Kind.CONTACT else CONVERSATION_ID)
    contact = mapped.pop(CONVERSATION_CONTACT) if kind is Kind.CONVERSATION else None
    salesforce_id = mapped.pop(salesforce_id_slug(document) or "Id") if kind is Kind.CONTACT else None
    match_on = (
        tuple(mapped[slug] for slug in document["preferences"]["match_on"]) if kind is Kind.CONTACT else ()
    )
    return FieldMapping(kind, entity, element_id, salesforce_id, contact, tuple(mapped.values()), match_on)


def _mapped_field(row: dict[str, Any], ours: dict[str, Field], entity: Entity) -> MappedField:
    return MappedField(
        ours[row["element451"]],
        entity.fields[row["salesforce"]],
        System(row["owner"]),
        tuple(row.get("values", {}).items()),
    )
