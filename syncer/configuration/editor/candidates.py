"""Which fields can be mapped, and why the others cannot: what a person chooses from. Pure; standard library
only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from syncer.configuration.editor.field_type_labels import type_label
from syncer.configuration.problems import label_and_key
from syncer.configuration.required_mappings import ELEMENT_ID_LENGTH, Flaw, RequiredMapping
from syncer.core.field_types.unmappable import ADDRESS, FILE, GROUP
from syncer.core.fields import Field
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field to choose; ``reason`` says why it cannot be chosen, None where it can."""

    field: Field
    reason: str | None

    @property
    def text(self) -> str:
        """As the list of choices shows it: label and key, and what it holds or why it cannot be mapped."""
        ending = f"cannot be mapped: {self.reason}" if self.reason else type_label(self.field)
        return f"{label_and_key(self.field)} – {ending}"


def list_candidates(
    fields: Iterable[Field],
    kind: Kind,
    taken: Collection[str],
    contact_entity: str,
    required: RequiredMapping | None = None,
) -> list[Candidate]:
    """Every field of one system that a contact or conversation has: first those that can be mapped, by label.

    ``taken``: the keys of fields that are mapped already. ``required``: the required mapping for which a
    counterpart is chosen, which must be able to hold an ID. ``contact_entity``: the Salesforce object of
    contacts.
    """

    def reason(field: Field) -> str | None:
        if field.key in taken:
            return "it is mapped already"
        return _unfit(field, kind) or (
            _unfit_counterpart(field, required, contact_entity) if required else None
        )

    found = [Candidate(field, reason(field)) for field in fields if field.kind in (None, kind)]
    return sorted(found, key=lambda one: (one.reason is not None, one.field.label.casefold(), one.field.key))


def _unfit(field: Field, kind: Kind) -> str | None:
    """Why the field cannot be mapped to any other."""
    several = _holds_several(field)
    if several:
        return several
    if field.family is None:
        return f"fields of this sort ({type_label(field)}) cannot be synced"
    writable = field.creatable and field.updatable
    if kind is Kind.CONVERSATION and field.system is System.SALESFORCE and not writable:
        return "the connected user may not write it in Salesforce"
    return None


def _holds_several(field: Field) -> str | None:
    if field.repeater and field.type == GROUP:
        return "it holds several values; map its parts"
    if field.repeater:
        return "it repeats, and a mapping carries one value"
    if field.type == ADDRESS:
        return "address fields hold several values; map their parts, such as street and city"
    if field.compound and field.type == FILE:
        return "files cannot be synced"
    if field.compound:
        return "it holds several values of different sorts"
    return None


def _unfit_counterpart(field: Field, required: RequiredMapping, contact_entity: str) -> str | None:
    """Why the field cannot be the other half of a required mapping."""
    no_text = "it cannot hold a text of your own, such as an ID"
    reasons = {
        Flaw.NOT_EXTERNAL_ID: "it is not a unique external ID in Salesforce",
        Flaw.TOO_SHORT: f"it does not hold text of {ELEMENT_ID_LENGTH} characters",
        Flaw.NOT_A_CONTACT_LOOKUP: f"it is not a lookup to {contact_entity}",
        Flaw.NOT_TEXT: no_text,
        Flaw.NOT_WRITABLE: no_text,
    }
    return next((reasons[flaw] for flaw in required.flaws(field, contact_entity)), None)
