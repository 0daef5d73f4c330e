"""What the tests of the core build with: fields of every type, mappings, pairs, and values as the two systems
hold them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings

from syncer.core.fields import Entity, Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Rules
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import Kind, System, Value, Values
from tests.support.memory_catalogue import element451_field, salesforce_field

ELEMENT451, SALESFORCE = System.ELEMENT451, System.SALESFORCE
EID, SFID = "5f0" * 8, "003D000000PtvxFIAR"
SLUG, ELEMENT_KEY = "user-identities-salesforceid", "Element451_ID__c"
CONVERSATION_KEY, LOOKUP = "Conversation_ID__c", "Contact__c"
LISTED = (("a", "Apple"), ("b", "Bean"), ("c", "Cherry"))

law = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How a property is tried: often enough to find what is wrong, whatever else the machine does."""

ELEMENT451_TYPES = (
    "text",
    "textarea",
    "boolean",
    "checkbox",
    "dropdown",
    "radio",
    "date",
    "datetime",
    "integer",
    "float",
)
SALESFORCE_TYPES = (
    *("string", "textarea", "email", "phone", "url", "picklist", "combobox", "reference", "multipicklist"),
    *("boolean", "int", "double", "currency", "percent", "date", "datetime"),
)


def element451_typed(type: str = "text", **more: Any) -> Field:
    """An Element451 field that can be written; called “Our field”."""
    key = more.pop("key", "user-custom-field")
    return replace(element451_field(key, type, **more), label=more.get("label", "Our field"))


def salesforce_typed(type: str = "string", **more: Any) -> Field:
    """A Salesforce field that can be written; called “Their field”."""
    more.setdefault("scale", 2 if type in ("double", "currency", "percent") else 0)
    key = more.pop("key", "Their_Field__c")
    return replace(salesforce_field(key, type, **more), label="Their field")


def every_field(**more: Any) -> list[Field]:
    """One field of each type that either system has and that can be mapped."""
    return [element451_typed(type, **more) for type in ELEMENT451_TYPES] + [
        salesforce_typed(type, **more) for type in SALESFORCE_TYPES
    ]


WORDS = st.sampled_from(["Ann", "Zoë", "O'Neil", "007", "a;b", "a, b", "true", "2026-01-02", "李"]) | st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8
).filter(str.strip)
DAYS = st.dates(date(1700, 1, 1), date(4000, 12, 31)).map(str)
MOMENTS = st.datetimes(datetime(1700, 1, 1), datetime(4000, 12, 31)).map(
    lambda when: when.replace(microsecond=0).isoformat() + "+00:00"
)
WHOLES = st.integers(-(10**15), 10**15)
DECIMALS = st.integers(-(10**12), 10**12).map(
    lambda hundredths: hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
)


def valid(field: Field) -> st.SearchStrategy[Value]:
    """Values that ``field`` may hold, normalised, empty ones left out."""
    several = st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(sorted)
    whole = field.type_name in ("int", "integer") or (field.system is SALESFORCE and field.scale == 0)
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "date": DAYS,
        "datetime": MOMENTS,
        "email": st.sampled_from(["ann@x.edu", "Zoë@Sub.X.edu", "o'neil+1@x.edu"]),
        "reference": st.sampled_from(["0035g000000000AAAQ", "0035g000000000a"]),
        "checkbox": several,
        "multipicklist": several,
        **dict.fromkeys(
            ("int", "integer", "float", "double", "currency", "percent"), WHOLES if whole else DECIMALS
        ),
    }
    words = st.sampled_from([value for value, _ in field.options]) if field.options else WORDS
    return by_type.get(field.type_name, words)


ELEMENT_ID = MappedField(
    element451_field("user-elementid", creatable=False, updatable=False),
    salesforce_field(ELEMENT_KEY, length=24),
    ELEMENT451,
)
SALESFORCE_ID = MappedField(
    element451_field(SLUG), salesforce_field("Id", "id", creatable=False, updatable=False), SALESFORCE
)
CONVERSATION_ID = MappedField(
    element451_field("conversation-id", kind=Kind.CONVERSATION),
    salesforce_field(CONVERSATION_KEY, length=24),
    ELEMENT451,
)
CONVERSATION_CONTACT = MappedField(
    element451_field("conversation-user-elementid", kind=Kind.CONVERSATION),
    salesforce_field(LOOKUP, "reference"),
    ELEMENT451,
)


def mapping(*fields: MappedField, kind: Kind = Kind.CONTACT) -> FieldMapping:
    """The mapping of one kind, with its links and these fields."""
    entity = Entity("Anything", "Anything", {})
    if kind is Kind.CONTACT:
        return FieldMapping(kind, entity, ELEMENT_ID, SALESFORCE_ID, None, fields)
    return FieldMapping(kind, entity, CONVERSATION_ID, None, CONVERSATION_CONTACT, fields)


FIRST = MappedField(
    element451_field("user-first-name"),
    replace(salesforce_field("FirstName"), label="First Name"),
    ELEMENT451,
)
NOTES = MappedField(element451_field("user-notes"), salesforce_field("Notes__c"), ELEMENT451)
VISITS = MappedField(
    element451_field("user-visits"),
    replace(salesforce_field("Visits__c", "double", scale=0), label="Visits"),
    ELEMENT451,
)
PHONE = MappedField(element451_field("user-phone"), salesforce_field("Phone"), SALESFORCE)
OPTED_OUT = MappedField(
    element451_field("user-opt-out", "boolean"), salesforce_field("HasOptedOutOfEmail", "boolean"), ELEMENT451
)
PEOPLE = mapping(FIRST, PHONE)
SUBJECT = MappedField(
    element451_field("conversation-subject", kind=Kind.CONVERSATION),
    salesforce_field("Subject__c"),
    ELEMENT451,
)
CONVERSATIONS = mapping(SUBJECT, kind=Kind.CONVERSATION)


def rules(
    over: FieldMapping = PEOPLE,
    *,
    previous: int = 0,
    update: bool = True,
    create: bool = False,
    export: bool = True,
    **more: Any,
) -> Rules:
    """The rules of a school that updates both ways and exports all its contacts, unless said otherwise."""
    mode = ExportMode.UPDATE_EXISTING if export else ExportMode.MATCH_EXISTING
    more.setdefault("scope", Scope.ALL)
    return Rules(
        over, Preferences(update_existing=update, create_new=create, export_mode=mode, **more), previous
    )


def paired(element451: Values | None = None, salesforce: Values | None = None, **more: Any) -> Pair:
    """A contact whose two halves hold each other's IDs and these values."""
    more = {"kind": Kind.CONTACT, "element_id": EID, "salesforce_id": SFID} | more
    return Pair(
        element451={SLUG: SFID} | dict(element451 or {}),
        salesforce={ELEMENT_KEY: EID} | dict(salesforce or {}),
        **more,
    )


def only_in_element451(values: Values | None = None, **more: Any) -> Pair:
    """A contact that only Element451 has."""
    return Pair(Kind.CONTACT, element_id=EID, element451={SLUG: None} | dict(values or {}), **more)


def only_in_salesforce(values: Values | None = None, **more: Any) -> Pair:
    """A contact that only Salesforce has."""
    return Pair(Kind.CONTACT, salesforce_id=SFID, salesforce={ELEMENT_KEY: None} | dict(values or {}), **more)


def conversation(element451: Values | None = None, **more: Any) -> Pair:
    """A conversation that only Element451 has."""
    return Pair(Kind.CONVERSATION, **({"element_id": "c0" * 12, "element451": dict(element451 or {})} | more))


def fixed(field: MappedField) -> MappedField:
    """The mapped field where Salesforce lets nobody write it, such as a formula."""
    return replace(field, salesforce=replace(field.salesforce, creatable=False, updatable=False))


def by_salesforce(field: MappedField) -> MappedField:
    """The mapped field, owned by Salesforce."""
    return replace(field, owner=SALESFORCE)
