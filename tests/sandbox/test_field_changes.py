"""Mapped fields that are gone, hidden or of another type for a while, and fields that become required."""

import pytest

from tests.sandbox.account import EVERYBODY, Account, columns, import_body, import_column
from tests.sandbox.client import Org
from tests.support.sandbox import RunningSandbox


def described(org: Org) -> dict[str, dict[str, object]]:
    return {field["name"]: field for field in org.get("sobjects/Contact/describe").json()["fields"]}


def test_a_removed_field_comes_back_with_its_values(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A", Title="Dean")
    place = list(described(org)).index("Title")
    sandbox.field("Contact", "Title", remove=True)
    assert "Title" not in described(org)
    assert org.refused("SELECT Title FROM Contact")["errorCode"] == "INVALID_FIELD"
    body = {"ids": [made], "fields": ["Title"]}
    assert org.post("composite/sobjects/Contact", body).json()[0]["errorCode"] == "INVALID_FIELD"
    assert org.patch(f"sobjects/Contact/{made}", {"Title": "x"}).json()[0]["errorCode"] == "INVALID_FIELD"
    sandbox.field("Contact", "Title", restore=True)
    assert list(described(org)).index("Title") == place
    assert org.read(made, "Title") == {"Title": "Dean"}
    with pytest.raises(ValueError, match="no field Phone was removed"):
        sandbox.field("Contact", "Phone", restore=True)


def test_a_field_of_another_type_keeps_what_fits_and_has_the_rest_back_later(
    org: Org, sandbox: RunningSandbox
) -> None:
    number, word, changed, emptied = (org.create(LastName="A", Title=text) for text in ("12", "x", "7", "8"))
    sandbox.field("Contact", "Title", type="double", scale=1)
    assert (described(org)["Title"]["type"], described(org)["Title"]["precision"]) == ("double", 18)
    assert [org.read(id, "Title")["Title"] for id in (number, word)] == [12.0, None]
    assert "JSON_PARSER_ERROR" in str(org.patch(f"sobjects/Contact/{word}", {"Title": "word"}).json())
    assert org.query("SELECT Title FROM Contact WHERE Title > 11") == [{"Title": 12.0}]
    org.patch(f"sobjects/Contact/{changed}", {"Title": 7.5})
    org.patch(f"sobjects/Contact/{emptied}", {"Title": None})
    sandbox.field("Contact", "Title", type="string")
    assert [org.read(id, "Title")["Title"] for id in (number, word, changed, emptied)] == [
        "12",
        "x",
        "7.5",
        None,
    ]


def test_a_text_becomes_a_picklist(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A", Title="Dean")
    sandbox.field("Contact", "Title", type="picklist", values=["Dean"], restrictedPicklist=True)
    assert org.read(made, "Title") == {"Title": "Dean"}
    assert org.error(LastName="B", Title="x")["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_a_new_required_field_stops_creations_and_not_updates(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A")
    sandbox.field("Contact", "Visa__c", add={"label": "Visa", "nillable": False})
    assert org.error(LastName="B")["message"] == "Required fields are missing: [Visa__c]"
    assert org.patch(f"sobjects/Contact/{made}", {"LastName": "B"}).status_code == 204
    assert org.patch(f"sobjects/Contact/{made}", {"Visa__c": "F-1"}).status_code == 204
    assert org.query("SELECT Visa__c FROM Contact WHERE Visa__c = 'f-1'") == [{"Visa__c": "F-1"}]
    assert described(org)["Visa__c"]["nillable"] is False
    org.create(LastName="C", Visa__c="J-1")
    sandbox.field("Contact", "Visa__c", nillable=True)
    org.create(LastName="D")


def test_a_field_that_is_there_becomes_required(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.field("Contact", "Title", nillable=False)
    assert org.error(LastName="B")["fields"] == ["Title"]


def test_fields_changed_wrongly_say_what_is_wrong(sandbox: RunningSandbox) -> None:
    with pytest.raises(ValueError, match="has a field title already"):
        sandbox.field("Contact", "title", add={})
    with pytest.raises(ValueError, match="a field has no colour"):
        sandbox.field("Contact", "Visa__c", add={"colour": "red"})
    with pytest.raises(ValueError, match="no field can get the type address"):
        sandbox.field("Contact", "Title", type="address")


def test_a_hidden_field_of_element451_is_nowhere_and_comes_back_with_its_values(
    account: Account, sandbox: RunningSandbox
) -> None:
    slug = "user-custom-high-school"
    made = account.add(custom_high_school="Central")
    sandbox.field_element451("hide", slug)
    assert slug not in {row["slug"] for row in account.get("mappings?limit=500").json()["data"]}
    refused = account.post("users/export", {"item": {**columns(slug), "users": [made]}})
    assert (refused.status_code, refused.json()) == (
        400,
        {"message": f"columns[0]: there is no user field '{slug}'."},
    )
    given = [import_column("user-elementid", unique=True), import_column(slug)]
    assert account.post("users/import", import_body(given, (made, "West"))).status_code == 400
    sandbox.field_element451("show", slug)
    assert account.export([slug], users=[made])["data"][0][slug] == "Central"


def test_a_search_brings_names_and_addresses_where_its_projection_says_so(account: Account) -> None:
    made = account.add(first_name="Ann", last_name="Lee", email_address="ann@school.example")
    item = {"segment": EVERYBODY, "project": ["_id", "first_name", "last_name", "email"]}
    assert account.post("users/export/search", {"item": item}).json()["data"] == [
        {"_id": made, "first_name": "Ann", "last_name": "Lee", "email": "ann@school.example"}
    ]
    item = {"segment": EVERYBODY, "project": ["_id", "user-gender"]}
    refused = account.post("users/export/search", {"item": item})
    assert refused.json() == {
        "message": "project must be a list of _id and any of first_name, last_name, email."
    }
