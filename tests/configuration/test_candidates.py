"""What can be mapped, and what a person is told of what cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

from syncer.configuration.editor.candidates import Candidate, list_candidates
from syncer.configuration.required_mappings import (
    CONVERSATION_CONTACT,
    ELEMENT_ID,
    SALESFORCE_ID,
    RequiredMapping,
)
from syncer.connectors.salesforce.reading import describe
from syncer.core.fields import Field
from syncer.core.records import Kind, System
from tests.support.memory_catalogue import (
    contact_entity,
    conversation_entity,
    element451_catalogue,
    element451_field,
    salesforce_field,
)

DESCRIBE = Path(__file__).resolve().parents[3] / "shared" / "salesforce" / "describe"


def real(name: str) -> list[Field]:
    """The fields of an object as a real org described it; skips where that is not at hand."""
    path = DESCRIBE / f"{name}.json"
    if not path.exists():
        pytest.skip("no description of a real org at hand")
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [describe._field(one) for one in raw["fields"]]


def why(
    fields: list[Field],
    key: str,
    kind: Kind = Kind.CONTACT,
    required: RequiredMapping | None = None,
    taken: tuple[str, ...] = (),
) -> str | None:
    return next(
        one.reason
        for one in list_candidates(fields, kind, taken, ("Contact"), required)
        if one.field.key == key
    )


def test_what_can_be_mapped_comes_first_by_label_and_the_rest_says_why_not() -> None:
    found = list_candidates(element451_catalogue(), Kind.CONTACT, {"user-dob"}, "Contact")
    reasons = [one.reason is not None for one in found]
    assert reasons == sorted(reasons)
    good = [one.field.label.casefold() for one in found if one.reason is None]
    assert good == sorted(good)
    texts = [one.text for one in found]
    assert "user first name (user-first-name) – text" in texts
    assert texts[-2:] == [
        (
            "user applications root (user-applications-root) – cannot be mapped: it repeats, and a mapping"
            " carries one value"
        ),
        "user dob (user-dob) – cannot be mapped: it is mapped already",
    ]


def test_a_contact_has_the_fields_of_contacts_only() -> None:
    assert {
        one.field.kind for one in list_candidates(element451_catalogue(), Kind.CONTACT, (), "Contact")
    } == {Kind.CONTACT}
    assert {
        one.field.kind for one in list_candidates(element451_catalogue(), Kind.CONVERSATION, (), "Contact")
    } == {Kind.CONVERSATION}


@pytest.mark.parametrize("name", ["Contact", "Contact-eda", "Lead"])
def test_a_real_orgs_address_fields_cannot_be_mapped_but_their_parts_can(name: str) -> None:
    fields = real(name)
    barred = {
        one.field.key: one.reason
        for one in list_candidates(fields, Kind.CONTACT, (), "Contact")
        if one.reason
    }
    for field in fields:
        if field.type_name == "address":
            assert "address fields hold several values" in (barred.pop(field.key) or "")
    assert not {field.key for field in fields if field.key.endswith(("Street", "City"))} & set(barred)


def test_a_field_that_the_user_cannot_write_is_of_no_use_to_conversations() -> None:
    fixed = salesforce_field("Total__c", creatable=False, updatable=False)
    assert why([fixed], "Total__c") is None  # it can be imported
    assert why([fixed], "Total__c", Kind.CONVERSATION) == "the connected user may not write it in Salesforce"


def test_the_element_id_goes_into_a_unique_external_id_only() -> None:
    fields = list(contact_entity().fields.values())
    assert why(fields, "Element451_ID__c", required=ELEMENT_ID) is None
    assert why(fields, "FirstName", required=ELEMENT_ID) == "it is not a unique external ID in Salesforce"
    short = salesforce_field("Short__c", length=18, unique=True, external_id=True)
    assert why([short], "Short__c", required=ELEMENT_ID) == "it does not hold text of 24 characters"


def test_a_conversations_contact_goes_into_a_lookup_to_contacts_only() -> None:
    fields = list(conversation_entity().fields.values())
    assert why(fields, "Contact__c", Kind.CONVERSATION, CONVERSATION_CONTACT) is None
    assert (
        why(fields, "Subject__c", Kind.CONVERSATION, CONVERSATION_CONTACT) == "it is not a lookup to Contact"
    )


def test_the_salesforce_id_goes_into_a_text_field_that_can_be_written() -> None:
    fields = [*element451_catalogue(), element451_field("user-list", "dropdown", options=(("a", "A"),))]
    assert why(fields, "user-identities-salesforceid", required=SALESFORCE_ID) is None
    for key in ("user-list", "user-dob", "user-calculated-furthest_funnel_stage"):
        assert why(fields, key, required=SALESFORCE_ID) == "it cannot hold a text of your own, such as an ID"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (salesforce_field("Photo__c", "base64", compound=True), "files cannot be synced"),
        (
            salesforce_field("Place__c", "location", compound=True),
            "it holds several values of different sorts",
        ),
        (
            salesforce_field("Secret__c", "encryptedstring"),
            "fields of this sort (encrypted text) cannot be synced",
        ),
        (
            element451_field("user-addresses-home", "object", repeater=True),
            "it holds several values; map its parts",
        ),
    ],
)
def test_every_sort_of_field_that_cannot_be_mapped_says_why(field: Field, words: str) -> None:
    assert (
        Candidate(field, why([field], field.key)).text
        == f"{field.label} ({field.key}) – cannot be mapped: {words}"
    )
    assert field.system in System
