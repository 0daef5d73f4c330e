"""The configuration: from YAML to a document and back, and from a document to what the planner needs (DESIGN.md §6).

A *document* is plain JSON with every key present and checked for its shape; whether the fields that it names exist is `syncer.check`'s to say.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from syncer import yaml_text
from syncer.check import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID, Problem
from syncer.config_model import ConfigurationPart, Part
from syncer.fields import Entity, Field
from syncer.mapping import MappedField, Mapping
from syncer.modes import ExportMode, GuardLimits, Preferences, Scope
from syncer.records import Kind, System

Document = dict[str, Any]


class BadConfiguration(Exception):
    """A configuration that cannot be taken over. ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{problem.where}: {problem.message}" if problem.where else problem.message for problem in problems))
        self.problems = problems


def parse(text: str) -> Document:
    """The document that the YAML ``text`` holds. Raises `BadConfiguration` with all problems at once."""
    try:
        return validate(yaml_text.load(text))
    except yaml_text.BadYaml as bad:
        raise BadConfiguration([Problem("error", where, sentence) for where, sentence in bad.problems]) from None


def validate(data: object) -> Document:
    """``data`` as a document, with the defaults of what is left out. Raises `BadConfiguration` with all problems at once."""
    try:
        return ConfigurationPart.model_validate(data if data is not None else {}).model_dump(mode="json", by_alias=True)
    except ValidationError as error:
        raise BadConfiguration([_problem(one) for one in error.errors(include_url=False)]) from None


def dump(document: Document) -> str:
    """The document as YAML; `parse` gives the same document back."""
    return yaml_text.dump(document)


def starter() -> Document:
    """What a school begins with: every default, and the mappings that must be there, with the customary field names."""
    contact = [
        {"element451": CONTACT_ID, "salesforce": "Element451_ID__c", "owner": "element451"},
        {"element451": "user-identities-salesforceid", "salesforce": "Id", "owner": "salesforce"},
    ]
    conversation = [
        {"element451": CONVERSATION_ID, "salesforce": "Conversation_ID__c", "owner": "element451"},
        {"element451": CONVERSATION_CONTACT, "salesforce": "Contact__c", "owner": "element451"},
    ]
    return validate({"mappings": {"contact": contact, "conversation": conversation}})


def salesforce_id_slug(document: Document) -> str | None:
    """The slug that is mapped to Salesforce's ``Id``: where Element451 keeps the Salesforce ID; None where none is."""
    return next((row["element451"] for row in document["mappings"]["contact"] if row["salesforce"] == "Id"), None)


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


def to_mapping(document: Document, kind: Kind, element_fields: Iterable[Field], entity: Entity) -> Mapping:
    """The mapping of one kind. The document must have been checked: raises KeyError where a field does not exist or an ID is not mapped."""
    ours = {field.key: field for field in element_fields}
    mapped = {row["element451"]: _mapped_field(row, ours, entity) for row in document["mappings"][kind.value]}
    element_id = mapped.pop(CONTACT_ID if kind is Kind.CONTACT else CONVERSATION_ID)
    contact = mapped.pop(CONVERSATION_CONTACT) if kind is Kind.CONVERSATION else None
    salesforce_id = mapped.pop(salesforce_id_slug(document) or "Id") if kind is Kind.CONTACT else None
    match_on = tuple(mapped[slug] for slug in document["preferences"]["match_on"]) if kind is Kind.CONTACT else ()
    return Mapping(kind, entity, element_id, salesforce_id, contact, tuple(mapped.values()), match_on)


def _mapped_field(row: dict[str, Any], ours: dict[str, Field], entity: Entity) -> MappedField:
    return MappedField(ours[row["element451"]], entity.fields[row["salesforce"]], System(row["owner"]), tuple(row.get("values", {}).items()))


def _problem(error: Any) -> Problem:
    place = [part for part in error["loc"] if part != "[key]"]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
    return Problem("error", where, _sentence(error, place))


def _sentence(error: Any, place: list[int | str]) -> str:
    """What is wrong, and what would be right; the raw words of pydantic only for what cannot occur in this file."""
    kind, context, name = error["type"], error.get("ctx", {}), place[-1] if place else "file"
    if kind == "extra_forbidden":
        return f"“{name}” is not known here. Known are: {', '.join(_known(place[:-1]))}."
    sentences = {
        "missing": f"“{name}” is missing. Add it.",
        "enum": f"{_shown(error)} is not possible here. Choose {str(context.get('expected')).replace(chr(39), '')}.",
        "bool_parsing": f"{_shown(error)} is not possible here. Write true or false.",
        "bool_type": f"{_shown(error)} is not possible here. Write true or false.",
        "int_parsing": f"{_shown(error)} is not a whole number.",
        "int_type": f"{_shown(error)} is not a whole number.",
        "int_from_float": f"{_shown(error)} is not a whole number.",
        "greater_than_equal": f"{_shown(error)} is too small. The smallest number is {context.get('ge')}.",
        "less_than_equal": f"{_shown(error)} is too large. The largest number is {context.get('le')}.",
        "list_type": "A list is needed here, with a dash before each item, or [in brackets].",
        "model_type": "Settings are needed here, each as “key: value”.",
        "dict_type": "Pairs of values are needed here, each as “Element451 value: Salesforce value”.",
        "string_type": "Text is needed here." + (" An empty value cannot be mapped." if "values" in place else ""),
        "string_too_long": f"This text is longer than {context.get('max_length')} characters.",
        "string_unicode": "This text holds characters that cannot be stored.",
        "string_pattern_mismatch": _misspelt(error, place),
        "twice": str(error["msg"]),
    }
    return sentences.get(kind, str(error["msg"]))


def _misspelt(error: Any, place: list[int | str]) -> str:
    if "values" in place:
        return "An empty value cannot be mapped."
    if place[-1] == "element451" or "match_on" in place:
        return f"{_shown(error)} cannot be a slug of Element451. A slug looks like user-first-name."
    return f"{_shown(error)} cannot be an API name of Salesforce. An API name looks like FirstName or Element451_ID__c."


def _shown(error: Any) -> str:
    text = str(error["input"])
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


def _known(place: list[int | str]) -> list[str]:
    """The keys that the part of the file at ``place`` may have."""
    part: type[Part] = ConfigurationPart
    for step in place:
        if isinstance(step, str):
            found = next(field for name, field in part.model_fields.items() if step in (name, field.alias))
            inner = found.annotation
            part = inner.__args__[0] if hasattr(inner, "__args__") else inner  # type: ignore[union-attr, assignment]
    return [field.alias or name for name, field in part.model_fields.items()]
