"""Small catalogues for the in-memory systems: one field of every type pair that can be mapped. Any other
catalogue can be given."""

from typing import Any

from syncer.connectors.element451.field_types import field_type as element451_type
from syncer.connectors.salesforce.field_types import field_type as salesforce_type
from syncer.core.fields import Entity, Field
from syncer.core.records import Kind, System

RACES = (
    ("Asian", "Asian"),
    ("Black", "Black or African American"),
    ("White", "White"),
    ("Pacific", "Hawaiian; Pacific"),
)
STUDENT_TYPES = (("FY", "First year"), ("TR", "Transfer"), ("GR", "Graduate"))


def salesforce_field(key: str, type: str = "string", **more: Any) -> Field:
    """A Salesforce field that can be written, called ``key``, and the rest of `Field`."""
    text = type in {"string", "email", "phone", "picklist", "multipicklist"}
    more.setdefault("length", 255 if text else 0)
    label = key.replace("__c", "")
    return Field(System.SALESFORCE, key, label, salesforce_type(type), type_name=type, **more)


def element451_field(key: str, type: str = "text", kind: Kind = Kind.CONTACT, **more: Any) -> Field:
    """An Element451 field that can be written, with the slug ``key`` (one with options takes nothing else),
    and the rest of `Field`."""
    more.setdefault("restricted", "options" in more)
    label = key.replace("-", " ")
    return Field(System.ELEMENT451, key, label, element451_type(type), kind, type_name=type, **more)


def _entity(name: str, prefix: str, *fields: Field) -> Entity:
    fixed: dict[str, Any] = {"creatable": False, "updatable": False}
    system = (
        salesforce_field("Id", "id", length=18, nillable=False, **fixed),
        salesforce_field("SystemModstamp", "datetime", nillable=False, **fixed),
        salesforce_field("IsDeleted", "boolean", nillable=False, **fixed),
    )
    return Entity(
        name, name.replace("__c", ""), {field.key: field for field in (*system, *fields)}, key_prefix=prefix
    )


def contact_entity(name: str = "Contact") -> Entity:
    """An object like Contact."""
    return _entity(
        name,
        "003",
        salesforce_field("MasterRecordId", "reference", refers_to=(name,), creatable=False, updatable=False),
        salesforce_field("AccountId", "reference", refers_to=("Account",)),
        salesforce_field("Element451_ID__c", length=24, unique=True, external_id=True),
        salesforce_field("FirstName", length=40),
        salesforce_field("LastName", length=80, required=True, nillable=False),
        salesforce_field("Email", "email", length=80),
        salesforce_field("Phone", "phone", length=40),
        salesforce_field("Birthdate", "date"),
        salesforce_field("Applied__c", "datetime"),
        salesforce_field("HasOptedOutOfEmail", "boolean", nillable=False),
        salesforce_field("GPA__c", "double", precision=4, scale=2),
        salesforce_field("Visits__c", "double", precision=6, scale=0),
        salesforce_field("Student_Type__c", "picklist", options=STUDENT_TYPES, restricted=True),
        salesforce_field("Race__c", "multipicklist", options=RACES, restricted=True),
        salesforce_field("Description", "textarea", length=32000, filterable=False),
        salesforce_field("Name", length=121, creatable=False, updatable=False),
    )


def conversation_entity(name: str = "E451_Conversation__c", contact: str = "Contact") -> Entity:
    """An object like E451_Conversation__c, with a lookup to ``contact``."""
    channels = tuple((channel, channel) for channel in ("messenger", "sms", "email", "call", "whatsapp"))
    return _entity(
        name,
        "a00",
        salesforce_field("Conversation_ID__c", length=24, unique=True, external_id=True),
        salesforce_field("Contact__c", "reference", refers_to=(contact,)),
        salesforce_field("Channel__c", "picklist", options=channels),
        salesforce_field("Status__c", length=20),
        salesforce_field("Subject__c", length=255),
        salesforce_field("Tags__c", "multipicklist", options=(("hot", "hot"), ("visit", "visit"))),
        salesforce_field("Private__c", "boolean", nillable=False),
        salesforce_field("Messages__c", "double", precision=8, scale=0),
        salesforce_field("Last_Activity__c", "datetime"),
        salesforce_field("Transcript__c", "textarea", length=131072, filterable=False),
    )


def person_entity(name: str, prefix: str, *more: Field) -> Entity:
    """An object that takes contacts, such as Lead, with the field for the Element ID and these."""
    return _entity(
        name, prefix, salesforce_field("Element451_ID__c", length=24, unique=True, external_id=True), *more
    )


def salesforce_catalogue() -> dict[str, Entity]:
    """A Contact and a conversation object, by API name."""
    return {entity.name: entity for entity in (contact_entity(), conversation_entity())}


def element451_catalogue() -> list[Field]:
    """A handful of contact and conversation fields."""
    fixed: dict[str, Any] = {"creatable": False, "updatable": False}
    talk = Kind.CONVERSATION
    return [
        element451_field("user-elementid", unique=True, **fixed),
        element451_field("user-updated-at", "datetime", **fixed),
        element451_field("user-identities-salesforceid", unique=True),
        element451_field("user-first-name"),
        element451_field("user-last-name"),
        element451_field("user-email-address"),
        element451_field("user-phone-cell-number"),
        element451_field("user-dob", "date"),
        element451_field("user-custom-applied", "datetime"),
        element451_field("user-sms-updates", "boolean"),
        element451_field("user-custom-gpa", "float"),
        element451_field("user-custom-visits", "integer"),
        element451_field("user-education-student-type", "dropdown", options=STUDENT_TYPES),
        element451_field("user-race-categories", "checkbox", options=RACES),
        element451_field("user-custom-notes", "textarea"),
        element451_field("user-calculated-furthest_funnel_stage", calculated=True, **fixed),
        element451_field("user-applications-root", "array", repeater=True, **fixed),
        element451_field("conversation-id", kind=talk, unique=True, **fixed),
        element451_field("conversation-updated-at", "datetime", talk, **fixed),
        element451_field("conversation-user-elementid", kind=talk, **fixed),
        element451_field("conversation-channel", "dropdown", talk, **fixed),
        element451_field("conversation-status", "dropdown", talk, **fixed),
        element451_field("conversation-subject", kind=talk, **fixed),
        element451_field(
            "conversation-tags", "checkbox", talk, options=(("hot", "hot"), ("visit", "visit")), **fixed
        ),
        element451_field("conversation-is-private", "boolean", talk, **fixed),
        element451_field("conversation-message-count", "integer", talk, **fixed),
        element451_field("conversation-last-activity-at", "datetime", talk, **fixed),
        element451_field("conversation-transcript", "textarea", talk, **fixed),
    ]
