"""What is wrong with the required mappings, which hold the IDs (rule 8). Pure; standard library only."""

from collections.abc import Sequence

from syncer.configuration.problems import Problem, label_and_key
from syncer.configuration.required_mappings import (
    ELEMENT_ID_LENGTH,
    REQUIRED_MAPPINGS,
    Counterpart,
    Flaw,
    RequiredMapping,
)
from syncer.configuration.validation.resolved_row import ResolvedRow
from syncer.core.fields import Field
from syncer.core.records import Kind


def id_problems(rows: Sequence[ResolvedRow], where: str, kind: Kind, contact_entity: str) -> list[Problem]:
    """Required mappings that are missing, have the wrong owner, or a counterpart that cannot hold the ID.
    ``contact_entity``: the Salesforce object of contacts."""
    found = []
    for required in REQUIRED_MAPPINGS[kind]:
        row = next((row for row in rows if required.matches(row.keys)), None)
        if row is None:
            found.append(Problem("error", where, _missing(required, contact_entity)))
        else:
            found += [
                Problem("error", row.where, message) for message in _errors(required, row, contact_entity)
            ]
    return found


def _missing(required: RequiredMapping, contact_entity: str) -> str:
    match required.counterpart:
        case Counterpart.EXTERNAL_ID:
            what = f"{required.key} to a unique external ID of Salesforce"
        case Counterpart.CONTACT_LOOKUP:
            what = f"{required.key} to the lookup field that leads to {contact_entity}"
        case Counterpart.TEXT_FIELD:
            what = (
                f"the Element451 field that shall hold it (such as {required.default_counterpart}) to"
                f" {required.key}"
            )
    return f"The {required.name} is not mapped. Map {what}, with owner {required.owner.value}."


def _errors(required: RequiredMapping, row: ResolvedRow, contact_entity: str) -> list[str]:
    found = []
    if row.owner not in (None, required.owner):
        owner = required.owner
        found.append(f"The {required.name} belongs to {owner.label}: its owner must be {owner.value}.")
    field = row.field(required.system.other)
    if field:
        sentences = _flaw_sentences(required, field, contact_entity)
        # one that cannot be written has no sentence: that is reported for every mapped field
        found += [sentences[flaw] for flaw in required.flaws(field, contact_entity) if flaw in sentences]
    return found


def _flaw_sentences(required: RequiredMapping, field: Field, contact_entity: str) -> dict[Flaw, str]:
    name = label_and_key(field)
    leads = f"leads to {', '.join(field.refers_to)}" if field.refers_to else "is not a lookup"
    return {
        Flaw.NOT_EXTERNAL_ID: (
            f"{name} holds the {required.name}, so it must be a unique external ID. Tick “External ID” and"
            " “Unique” for it in Salesforce's setup."
        ),
        Flaw.TOO_SHORT: (
            f"{name} cannot hold the {required.name}. Choose a text field with at least {ELEMENT_ID_LENGTH}"
            " characters."
        ),
        Flaw.NOT_A_CONTACT_LOOKUP: (
            f"{name} {leads}, but conversations belong to {contact_entity}. Choose a lookup to"
            f" {contact_entity}."
        ),
        Flaw.NOT_TEXT: f"{name} cannot hold the {required.name}. Choose a text field.",
    }
