"""What is wrong with the Salesforce objects that a configuration names. Pure; standard library only."""

from collections.abc import Sequence

from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.problems import Problem, did_you_mean, label_and_key
from syncer.configuration.validation.resolved_row import ResolvedRow
from syncer.core.fields import Entity


def object_problems(
    where: str, name: str, entity: Entity | None, objects: Sequence[tuple[str, str]]
) -> list[Problem]:
    """Whether the object ``name`` exists (``entity`` is not None) and is open to the connected user.
    ``objects``: (API name, label) of every object there is."""
    if entity is None:
        hint = did_you_mean(name, dict(objects))
        message = f"Salesforce has no object “{name}”, or the connected user may not see it.{hint}"
        return [Problem("error", where, message)]
    rights = {"read": entity.queryable, "created": entity.creatable, "changed": entity.updatable}
    lacking = " or ".join(right for right, granted in rights.items() if not granted)
    if not lacking:
        return []
    message = (
        f"Records of {entity.label} ({name}) cannot be {lacking} by the connected user. Choose another"
        " object, or allow it."
    )
    return [Problem("error", where, message)]


def same_object_problems(document: Document) -> list[Problem]:
    """Whether two kinds are synced with the same object."""
    names = [entity_name(document, kind) for kind in synced_kinds(document)]
    if len(set(names)) == len(names):
        return []
    message = "Contacts and conversations need two different Salesforce objects."
    return [Problem("error", "preferences.conversation_entity", message)]


def unfilled_field_problems(rows: Sequence[ResolvedRow], where: str, entity: Entity | None) -> list[Problem]:
    """Fields that a new record needs and that no mapped field fills."""
    if entity is None:
        return []
    mapped = {row.salesforce for row in rows}
    unfilled = [field for field in entity.fields.values() if field.required and field.key not in mapped]
    return [
        Problem(
            "error",
            where,
            f"A new {entity.label} needs {label_and_key(field)}, and nothing fills it. Map a field to it, or"
            " give it a fixed value, or a default in Salesforce.",
        )
        for field in unfilled
    ]
