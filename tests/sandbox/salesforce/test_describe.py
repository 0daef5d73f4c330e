"""Describe: every key of the real replies, what the user may see, and 304."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.salesforce.ids import id18, normal_id
from tests.sandbox.client import Org
from tests.support.sandbox import ROOT, RunningSandbox

REAL = ROOT.parent / "shared" / "salesforce" / "describe"
NAMES = {
    "Contact-eda.json": "Contact",
    "Contact.json": "Contact",
    "Account.json": "Account",
    "Lead.json": "Lead",
    "Opportunity.json": "Opportunity",
    "Custom__c.json": "E451_Student__c",
}


def fields(org: Org, object: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in org.get(f"sobjects/{object}/describe").json()["fields"]}


def real(file: str) -> dict[str, Any]:
    path: Path = REAL / file
    if not path.exists():
        pytest.skip(f"the real describe replies are not here: {path}")
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", NAMES)
def test_describe_has_every_key_of_the_real_reply(org: Org, file: str) -> None:
    recorded = real(file)
    ours = org.get(f"sobjects/{NAMES[file]}/describe").json()
    assert set(recorded) <= set(ours)
    assert set(recorded["urls"]) <= set(ours["urls"])
    for field in ours["fields"]:
        assert set(recorded["fields"][0]) <= set(field), field["name"]
        assert all(
            set(value) >= {"active", "defaultValue", "label", "validFor", "value"}
            for value in field["picklistValues"]
        )


@pytest.mark.parametrize("object", ["Contact", "Lead", "Opportunity"])
def test_fields_of_describe_say_what_the_real_ones_say(org: Org, object: str) -> None:
    recorded = real("Contact-eda.json" if object == "Contact" else f"{object}.json")
    ours = fields(org, object)
    shortened = ("picklistValues", "calculatedFormula")
    for field in recorded["fields"]:
        mine = ours[field["name"]]
        wrong = {
            key: (value, mine[key])
            for key, value in field.items()
            if key not in shortened and mine[key] != value
        }
        if field["name"] == "Fiscal":
            del wrong["byteLength"]  # the one text field whose bytes are not three a character
        assert not wrong, (field["name"], wrong)


def test_element_id_is_a_unique_external_id_of_every_object_that_can_stand_for_a_person(org: Org) -> None:
    for object in ("Contact", "Account", "Lead", "Opportunity", "E451_Student__c"):
        field = fields(org, object)["Element451_ID__c"]
        assert (field["externalId"], field["unique"], field["caseSensitive"], field["idLookup"]) == (
            True,
            True,
            False,
            True,
        )
    conversation = fields(org, "E451_Conversation__c")
    assert conversation["Conversation_ID__c"]["externalId"]
    assert conversation["Contact__c"]["referenceTo"] == ["Contact"]
    assert conversation["Transcript__c"]["length"] == 131_072


def test_the_student_object_has_fields_of_every_type(org: Org) -> None:
    types = {field["type"] for field in fields(org, "E451_Student__c").values()}
    assert types >= {
        "boolean",
        "currency",
        "date",
        "datetime",
        "double",
        "email",
        "multipicklist",
        "percent",
        "phone",
        "picklist",
    }
    assert types >= {"reference", "string", "textarea", "url", "id"}
    assert fields(org, "E451_Student__c")["Full_Name__c"]["calculated"]
    assert fields(org, "E451_Student__c")["Name"]["autoNumber"]


def test_global_describe_lists_the_objects(org: Org) -> None:
    reply = org.get("sobjects").json()
    listed = {item["name"]: item for item in reply["sobjects"]}
    assert set(listed) == {
        "Account",
        "Contact",
        "Lead",
        "Opportunity",
        "User",
        "DuplicateRule",
        "E451_Student__c",
        "E451_Conversation__c",
    }
    keys = {
        "name",
        "label",
        "custom",
        "createable",
        "updateable",
        "deletable",
        "queryable",
        "replicateable",
        "searchable",
        "retrieveable",
    }
    assert keys | {"mergeable", "triggerable", "keyPrefix", "urls"} <= set(listed["Contact"])
    assert not listed["User"]["createable"]


def test_an_unknown_object_is_not_found_and_names_are_case_insensitive(org: Org) -> None:
    assert org.get("sobjects/Person/describe").json() == [
        {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
    ]
    assert org.get("sobjects/cONTACT/describe").json()["name"] == "Contact"


def test_a_hidden_field_is_nowhere(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A", Title="Dean")
    sandbox.field("Contact", "Title", hidden=True)
    assert "Title" not in fields(org, "Contact")
    assert org.get(f"sobjects/Contact/{made}", fields="Title").json()[0]["errorCode"] == "INVALID_FIELD"
    assert "Title" not in org.get(f"sobjects/Contact/{made}").json()
    assert org.refused("SELECT Title FROM Contact")["errorCode"] == "INVALID_FIELD"
    assert (
        org.error(LastName="B", Title="x")["message"] == "No such column 'Title' on sobject of type Contact"
    )


def test_a_read_only_field_can_be_read_and_not_written(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A", Title="Dean")
    sandbox.field("Contact", "Title", read_only=True)
    described = fields(org, "Contact")["Title"]
    assert (described["createable"], described["updateable"]) == (False, False)
    assert org.read(made, "Title") == {"Title": "Dean"}
    assert org.error(LastName="B", Title="x")["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_an_administrator_renames_removes_shortens_and_restricts_fields(
    org: Org, sandbox: RunningSandbox
) -> None:
    made = org.create(LastName="A", hed__Former_Last_Name__c="Old")
    sandbox.field("Contact", "hed__Former_Last_Name__c", rename="Maiden_Name__c")
    assert org.read(made, "Maiden_Name__c") == {"Maiden_Name__c": "Old"}
    sandbox.field("Contact", "Maiden_Name__c", remove=True)
    assert "Maiden_Name__c" not in fields(org, "Contact")
    sandbox.field("Contact", "Title", length=3)
    assert org.error(LastName="A", Title="Dean")["errorCode"] == "STRING_TOO_LONG"
    sandbox.field("Contact", "LeadSource", values=["Web"], restrictedPicklist=True)
    assert org.error(LastName="A", LeadSource="Fax")["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_describe_answers_304_until_something_changed(org: Org, sandbox: RunningSandbox) -> None:
    address = f"{sandbox.url}/services/data/v66.0/sobjects/Contact/describe"
    first = org.http.get(address, timeout=10)
    asked = {"If-Modified-Since": first.headers["Last-Modified"]}
    unchanged = org.http.get(address, headers=asked, timeout=10)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    sandbox.clock(advance=60)
    sandbox.field("Contact", "Title", hidden=True)
    assert org.http.get(address, headers=asked, timeout=10).status_code == 200


def test_ids_have_valid_check_characters(org: Org) -> None:
    assert id18("003170000157vjA") == "003170000157vjAAAQ"
    made = org.create(LastName="A")
    assert id18(made[:15]) == made
    assert made.startswith("003")
    assert (normal_id(made[:15]), normal_id(made), normal_id(made[:-1] + "!")) == (made, made, None)
