"""Everything that is wrong with a configuration, all at once, in sentences for an analyst. Pure; standard
library only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncer.configuration.field_validation import ResolvedRow, field_problems
from syncer.configuration.problems import Problem, did_you_mean, label_and_key, normalize_name
from syncer.core.field_types.field_type import Family
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Entity, Field
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.preferences import synced_kinds
from syncer.core.records import Kind, System

_ID_LENGTH = 24


def check(
    document: Mapping[str, Any],
    element_fields: Iterable[Field],
    entities: Mapping[str, Entity],
    salesforce_objects: Sequence[tuple[str, str]],
) -> list[Problem]:
    """All problems of ``document``: errors first, and each in the order of the file's lines.

    ``entities`` holds the objects that the document names, as far as they exist; ``salesforce_objects`` every
    (API name, label) there is.
    """
    preferences, mappings = document["preferences"], document["mappings"]
    catalogue = {field.key: field for field in element_fields}
    found: list[Problem] = []
    creates = {System.SALESFORCE, *([System.ELEMENT451] if preferences["import"]["create_new"] else [])}
    kinds = synced_kinds(preferences["sync_conversations"])
    for kind in kinds:
        name = preferences[f"{kind.value}_entity"]
        entity = entities.get(name)
        found += _entity(f"preferences.{kind.value}_entity", name, entity, salesforce_objects)
        where = f"mappings.{kind.value}"
        rows = [_row(f"{where}[{at}]", raw, catalogue, entity) for at, raw in enumerate(mappings[kind.value])]
        found += _names(rows, kind, catalogue, entity) + _twice(rows) + _swapped(rows)
        found += (
            _contact_ids(rows, where)
            if kind is Kind.CONTACT
            else _conversation_ids(rows, where, preferences["contact_entity"])
        )
        for row in rows:
            found += field_problems(row, kind, creates)
        found += _unfilled(rows, where, entity) + _bare(rows, where, kind)
        if kind is Kind.CONTACT:
            found += _match_on(preferences["match_on"], rows)
    if len(kinds) == 2 and preferences["contact_entity"] == preferences["conversation_entity"]:
        found.append(
            Problem(
                "error",
                "preferences.conversation_entity",
                "Contacts and conversations need two different Salesforce objects.",
            )
        )
    return sorted(found, key=_order)


def is_external_id(field: Field) -> bool:
    """Whether Salesforce finds a record by this field, and refuses a second one with the same value."""
    return field.unique and field.external_id


def can_hold_element_id(field: Field) -> bool:
    """Whether an ID of Element451 fits into this field of Salesforce."""
    return field.type == TEXT and not 0 < field.length < _ID_LENGTH


def can_match_on(element451: Field, salesforce: Field) -> bool:
    """Whether a value of these fields can tell one person from others (rule 7): a text such as an e-mail
    address, a phone number or an ID."""
    return all(
        field.family is Family.TEXT and not field.options and field.type.identifies
        for field in (element451, salesforce)
    )


def _order(problem: Problem) -> tuple[bool, str, int]:
    part, _, rest = problem.where.partition("[")
    return problem.severity != "error", part, int(rest.partition("]")[0] or -1)


def _row(
    where: str, raw: Mapping[str, Any], catalogue: Mapping[str, Field], entity: Entity | None
) -> ResolvedRow:
    ours, theirs = str(raw.get("element451") or ""), str(raw.get("salesforce") or "")
    owner = System(raw["owner"]) if raw.get("owner") in list(System) else None
    return ResolvedRow(
        where,
        ours,
        theirs,
        owner,
        raw.get("values") or {},
        catalogue.get(ours),
        entity.fields.get(theirs) if entity else None,
    )


def _entity(
    where: str, name: str, entity: Entity | None, objects: Sequence[tuple[str, str]]
) -> list[Problem]:
    if entity is None:
        hint = did_you_mean(name, dict(objects))
        return [
            Problem(
                "error",
                where,
                f"Salesforce has no object “{name}”, or the connected user may not see it.{hint}",
            )
        ]
    barred = [
        word
        for word, allowed in (
            ("read", entity.queryable),
            ("created", entity.creatable),
            ("changed", entity.updatable),
        )
        if not allowed
    ]
    if barred:
        lack = " or ".join(barred)
        return [
            Problem(
                "error",
                where,
                f"Records of {entity.label} ({name}) cannot be {lack} by the connected user. Choose another"
                " object, or allow it.",
            )
        ]
    return []


def _names(
    rows: Sequence[ResolvedRow], kind: Kind, catalogue: Mapping[str, Field], entity: Entity | None
) -> list[Problem]:
    found = []
    labels = {key: field.label for key, field in catalogue.items() if field.kind in (None, kind)}
    for row in rows:
        if row.ours is None:
            found.append(
                Problem(
                    "error",
                    row.where,
                    f"Element451 has no field “{row.element451}”.{did_you_mean(row.element451, labels)}",
                )
            )
        elif row.ours.kind not in (None, kind):
            found.append(
                Problem(
                    "error",
                    row.where,
                    f"{label_and_key(row.ours)} is not a field of {kind.value}s. Map it with the"
                    f" {row.ours.kind}s.",
                )
            )
        if row.theirs is None and entity is not None:
            hint = did_you_mean(row.salesforce, {key: field.label for key, field in entity.fields.items()})
            found.append(
                Problem(
                    "error",
                    row.where,
                    f"{entity.label} has no field “{row.salesforce}”, or the connected user may not see"
                    f" it.{hint}",
                )
            )
        if row.owner is None:
            found.append(
                Problem("error", row.where, f"{row.element451} needs an owner: element451 or salesforce.")
            )
    return found


def _twice(rows: Sequence[ResolvedRow]) -> list[Problem]:
    found = []
    for system in System:
        keys = [row.element451 if system is System.ELEMENT451 else row.salesforce.lower() for row in rows]
        often = Counter(keys)
        for row, key in zip(rows, keys, strict=True):
            if often[key] > 1:
                name = row.element451 if system is System.ELEMENT451 else row.salesforce
                places = ", ".join(
                    other.where
                    for other, its in zip(rows, keys, strict=True)
                    if its == key and other is not row
                )
                found.append(
                    Problem(
                        "error",
                        row.where,
                        f"The {system.label} field {name} is mapped more than once (also at {places}). Keep"
                        " one.",
                    )
                )
    return found


def _swapped(rows: Sequence[ResolvedRow]) -> list[Problem]:
    names = {
        (normalize_name(row.ours.label), normalize_name(row.theirs.label)): row
        for row in rows
        if row.ours and row.theirs
    }
    found = []
    for (ours, theirs), row in names.items():
        other = names.get((theirs, ours))
        if ours < theirs and other:
            message = (
                f"{row.element451} and {other.element451} look swapped: each is mapped to the field that is"
                " named like the other."
            )
            found.append(Problem("warning", row.where, message))
    return found


def _contact_ids(rows: Sequence[ResolvedRow], where: str) -> list[Problem]:
    found = []
    element = next((row for row in rows if row.element451 == CONTACT_ID), None)
    salesforce = next((row for row in rows if row.salesforce == "Id"), None)
    if element is None:
        found.append(
            Problem(
                "error",
                where,
                f"The Element ID is not mapped. Map {CONTACT_ID} to a unique external ID of Salesforce, with"
                " owner element451.",
            )
        )
    else:
        found += _identifying(element, System.ELEMENT451, "Element ID")
    if salesforce is None:
        message = (
            "The Salesforce ID is not mapped. Map the Element451 field that shall hold it (such as"
            " user-identities-salesforceid) to Id, with"
        )
        found.append(Problem("error", where, f"{message} owner salesforce."))
    else:
        found += _owned(salesforce, System.SALESFORCE, "Salesforce ID")
        if salesforce.ours and (salesforce.ours.options or salesforce.ours.family is not Family.TEXT):
            found.append(
                Problem(
                    "error",
                    salesforce.where,
                    f"{label_and_key(salesforce.ours)} cannot hold the Salesforce ID. Choose a text field.",
                )
            )
    return found


def _conversation_ids(rows: Sequence[ResolvedRow], where: str, contact_entity: str) -> list[Problem]:
    found = []
    element = next((row for row in rows if row.element451 == CONVERSATION_ID), None)
    contact = next((row for row in rows if row.element451 == CONVERSATION_CONTACT), None)
    if element is None:
        message = (
            f"The conversation ID is not mapped. Map {CONVERSATION_ID} to a unique external ID of Salesforce,"
            " with owner element451."
        )
        found.append(Problem("error", where, message))
    else:
        found += _identifying(element, System.ELEMENT451, "conversation ID")
    if contact is None:
        message = (
            f"The conversation's contact is not mapped. Map {CONVERSATION_CONTACT} to the lookup field that"
            f" leads to {contact_entity}, with"
        )
        found.append(Problem("error", where, f"{message} owner element451."))
    elif contact.theirs and contact_entity not in contact.theirs.refers_to:
        leads = (
            f"leads to {', '.join(contact.theirs.refers_to)}"
            if contact.theirs.refers_to
            else "is not a lookup"
        )
        message = (
            f"{label_and_key(contact.theirs)} {leads}, but conversations belong to {contact_entity}. Choose"
            f" a lookup to {contact_entity}."
        )
        found.append(Problem("error", contact.where, message))
    return found


def _identifying(row: ResolvedRow, owner: System, what: str) -> list[Problem]:
    found = _owned(row, owner, what)
    field = row.theirs
    if field and not is_external_id(field):
        message = (
            f"{label_and_key(field)} holds the {what}, so it must be a unique external ID. Tick “External ID”"
            " and “Unique” for it in Salesforce's setup."
        )
        found.append(Problem("error", row.where, message))
    if field and not can_hold_element_id(field):
        message = (
            f"{label_and_key(field)} cannot hold the {what}. Choose a text field with at least {_ID_LENGTH}"
            " characters."
        )
        found.append(Problem("error", row.where, message))
    return found


def _owned(row: ResolvedRow, owner: System, what: str) -> list[Problem]:
    if row.owner in (None, owner):
        return []
    return [
        Problem("error", row.where, f"The {what} belongs to {owner.label}: its owner must be {owner.value}.")
    ]


def _unfilled(rows: Sequence[ResolvedRow], where: str, entity: Entity | None) -> list[Problem]:
    if entity is None:
        return []
    mapped = {row.salesforce for row in rows}
    return [
        Problem(
            "error",
            where,
            f"A new {entity.label} needs {label_and_key(field)}, and nothing fills it. Map a field to it, or"
            " give it a default in Salesforce.",
        )
        for field in entity.fields.values()
        if field.required and field.key not in mapped
    ]


def _bare(rows: Sequence[ResolvedRow], where: str, kind: Kind) -> list[Problem]:
    if kind is Kind.CONTACT or any(
        row.element451 not in (CONVERSATION_ID, CONVERSATION_CONTACT) for row in rows
    ):
        return []
    told = "Only the IDs of conversations are mapped, so that they are exported without any content."
    return [
        Problem(
            "warning",
            where,
            f"{told} Map what they should show, such as the subject, or switch Sync Conversations off.",
        )
    ]


def _match_on(slugs: Sequence[str], rows: Sequence[ResolvedRow]) -> list[Problem]:
    found = []
    for at, slug in enumerate(slugs):
        row = next((row for row in rows if row.element451 == slug), None)
        where = f"preferences.match_on[{at}]"
        if row is None:
            found.append(
                Problem(
                    "error",
                    where,
                    f"“{slug}” is not mapped, so it cannot be matched on. Map it, or take it off the list.",
                )
            )
        elif slug == CONTACT_ID or row.salesforce == "Id":
            found.append(
                Problem("error", where, "The IDs are always matched on. Take this one off the list.")
            )
        elif row.ours and row.ours.family in (Family.BOOLEAN, Family.SEVERAL):
            found.append(
                Problem(
                    "warning",
                    where,
                    f"Many people share a value of {label_and_key(row.ours)}; it hardly tells them apart.",
                )
            )
    return found
