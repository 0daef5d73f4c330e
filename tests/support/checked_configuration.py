"""Checking a configuration against the small catalogues of `memory_catalogue`."""

from dataclasses import replace
from typing import Any

from syncer.configuration.problems import Problem
from syncer.configuration.validation.check import check
from syncer.core.fields import Entity, Field
from tests.support.documents import CONVERSATION_IDS, document
from tests.support.memory_catalogue import contact_entity, conversation_entity, element451_catalogue

OBJECTS = [("Contact", "Contact"), ("E451_Conversation__c", "E451 Conversation"), ("Lead", "Lead")]


def with_fields(entity: Entity, *fields: Field) -> Entity:
    return replace(entity, fields={**entity.fields, **{field.key: field for field in fields}})


def problems(made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None) -> list[Problem]:
    """What is wrong with ``made``, with ``more`` fields in the catalogues."""
    ours = [*element451_catalogue(), *(field for field in more if field.system == "element451")]
    theirs = [field for field in more if field.system == "salesforce"]
    known = {"Contact": with_fields(contact_entity(), *theirs), "E451_Conversation__c": conversation_entity()}
    return check(made, ours, {**known, **(entities or {})}, OBJECTS)


def errors(
    made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None
) -> list[tuple[str, str]]:
    return [
        (problem.where, problem.message)
        for problem in problems(made, *more, entities=entities)
        if problem.severity == "error"
    ]


def warnings(made: dict[str, Any], *more: Field) -> list[tuple[str, str]]:
    assert errors(made, *more) == []
    found = [
        (problem.where, problem.message) for problem in problems(made, *more) if problem.severity == "warning"
    ]
    return [
        (where, message)
        for where, message in found
        if "255" not in message and where != "mappings.conversation"
    ]


def one_error(
    made: dict[str, Any], *more: Field, entities: dict[str, Entity] | None = None
) -> tuple[str, str]:
    (found,) = errors(made, *more, entities=entities)
    return found


def without_ids(
    contact: list[dict[str, Any]], conversation: list[dict[str, Any]] | None = None, **preferences: Any
) -> dict[str, Any]:
    made = document(**preferences)
    made["mappings"] = {
        "contact": contact,
        "conversation": CONVERSATION_IDS if conversation is None else conversation,
    }
    return made
