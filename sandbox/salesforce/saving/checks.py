"""What is checked of records against those that the org holds: sharing, lookups, unique values
(contracts/salesforce.md A8)."""

from collections.abc import Sequence

from sandbox.journal import By
from sandbox.salesforce.fields import SObject
from sandbox.salesforce.saving.drafts import Draft
from sandbox.salesforce.schema import Schema
from sandbox.salesforce.store import Store, folded

NO_ACCESS = {
    "INVALID_CROSS_REFERENCE_KEY": "invalid cross reference id",
    "INSUFFICIENT_ACCESS_OR_READONLY": "insufficient access rights on object id",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "insufficient access rights on cross-reference id",
}
UNKNOWN = "<unknown>"


def check_sharing(store: Store, drafts: Sequence[Draft]) -> None:
    """Refuse changes of records that the user may not see, whatever else is wrong with them."""
    for item in {draft.item.name: draft.item for draft in drafts}.values():
        own = [draft for draft in drafts if draft.item is item and draft.id]
        hidden = store.visibility.hidden(item, [draft.id for draft in own])
        for draft in own:
            if code := hidden.get(draft.id):
                draft.errors.clear()
                draft.refuse(code, NO_ACCESS[code])


def check_lookups(schema: Schema, store: Store, item: SObject, drafts: Sequence[Draft], by: By) -> None:
    """Refuse what points to a record that is not there, is deleted, or may not be seen."""
    for lookup in item.fields:
        if lookup.type != "reference":
            continue
        pointing = [draft for draft in drafts if draft.values.get(lookup.column)]
        ids = list({str(draft.values[lookup.column]) for draft in pointing})
        states: dict[str, bool] = {}
        hidden: dict[str, str] = {}
        for target in map(schema.find, lookup.referenceTo if ids else ()):
            if target is not None:
                states |= store.states(target, ids)
                hidden |= store.visibility.hidden(target, ids) if by == "api" else {}
        for draft in pointing:
            id = str(draft.values[lookup.column])
            if id not in states:
                draft.refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", lookup.name)
            elif id in hidden:
                code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
                draft.refuse(code, NO_ACCESS[code], lookup.name)
            elif states[id]:
                draft.refuse("ENTITY_IS_DELETED", "entity is deleted", lookup.name)


def check_unique(store: Store, item: SObject, drafts: Sequence[Draft], by: By) -> None:
    """Refuse a value of a unique field that another live record holds, or another record of the call."""
    for key in item.fields:
        if not key.unique:
            continue
        setting = [draft for draft in drafts if not draft.errors and draft.values.get(key.column) is not None]
        if not setting:
            continue
        found = store.ids_by(item, key, [draft.values[key.column] for draft in setting])
        owners = {value: ids[0] for value, ids in found.items()}
        hidden = store.visibility.hidden(item, list(owners.values())) if by == "api" else {}
        for draft in setting:
            owner = owners.setdefault(folded(draft.values[key.column]), draft.id)
            if owner != draft.id:
                name, id = (UNKNOWN, UNKNOWN) if owner in hidden else (key.name, owner)
                draft.refuse(
                    "DUPLICATE_VALUE",
                    f"duplicate value found: {name} duplicates value on record with id: {id}",
                )
