"""Which fields can be mapped, and why the others cannot: what a person chooses from. Pure; standard library
only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from syncer.configuration.editor.field_type_labels import type_label
from syncer.configuration.problems import label_and_key
from syncer.configuration.validation import can_hold_element_id, is_external_id
from syncer.core.field_types.field_type import Family
from syncer.core.field_types.unmappable import ADDRESS, FILE, GROUP
from syncer.core.fields import Field
from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field to choose; ``reason`` says why it cannot be chosen, None where it can."""

    field: Field
    reason: str | None

    @property
    def text(self) -> str:
        """As the list of choices shows it: found by label or key, with what it holds or why it cannot be
        mapped."""
        ending = f"cannot be mapped: {self.reason}" if self.reason else type_label(self.field)
        return f"{label_and_key(self.field)} – {ending}"


def list_candidates(
    fields: Iterable[Field], kind: Kind, taken: Collection[str], contact_entity: str, partner: str = ""
) -> list[Candidate]:
    """Every field of one system that a contact or conversation has, those that can be mapped first, by label.

    ``taken``: the keys that are mapped to others already. ``partner``: the other field's key where it is
    already settled; the IDs ask for more (rule 8). ``contact_entity``: the Salesforce object of contacts, to
    which a conversation's lookup must lead.
    """
    found = [
        Candidate(field, _reason(field, kind, taken) or _for_an_id(field, partner, contact_entity))
        for field in fields
        if field.kind in (None, kind)
    ]
    return sorted(found, key=lambda one: (one.reason is not None, one.field.label.casefold(), one.field.key))


def _reason(field: Field, kind: Kind, taken: Collection[str]) -> str | None:
    if field.key in taken:
        return "it is mapped already"
    if field.repeater:
        return (
            "it holds several values; map its parts"
            if field.type == GROUP
            else "it repeats, and a mapping carries one value"
        )
    if field.type == ADDRESS:
        return "address fields hold several values; map their parts, such as street and city"
    if field.compound:
        return (
            "files cannot be synced" if field.type == FILE else "it holds several values of different sorts"
        )
    if field.family is None:
        return f"fields of this sort ({type_label(field)}) cannot be synced"
    if (
        kind is Kind.CONVERSATION
        and field.system is System.SALESFORCE
        and not (field.creatable and field.updatable)
    ):
        return "the connected user may not write it in Salesforce"
    return None


def _for_an_id(field: Field, partner: str, contact_entity: str) -> str | None:
    """Why the field cannot be the other half of a required mapping."""
    if partner in (CONTACT_ID, CONVERSATION_ID):
        if not is_external_id(field):
            return "it is not a unique external ID in Salesforce"
        return None if can_hold_element_id(field) else "it does not hold text of 24 characters"
    if partner == CONVERSATION_CONTACT:
        return None if contact_entity in field.refers_to else f"it is not a lookup to {contact_entity}"
    if partner == "Id":
        return (
            None
            if field.family is Family.TEXT and not field.options and field.updatable
            else "it cannot hold a text of your own, such as an ID"
        )
    return None
