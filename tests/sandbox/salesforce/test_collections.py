"""sObject Collections: many records a call, results in order."""

import pytest

from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox

ROLLED_BACK = (
    "Record rolled back because not all records were valid and the request was using AllOrNone header"
)


def codes(results: list[dict[str, list[dict[str, str]]]]) -> list[list[str]]:
    return [[error["statusCode"] for error in item["errors"]] for item in results]


def test_results_come_in_order_and_a_bad_record_spoils_only_itself(org: Org) -> None:
    reply = org.post("composite/sobjects", typed({"LastName": "A"}, {"FirstName": "B"}, {"LastName": "C"}))
    first, second, third = reply.json()
    assert reply.status_code == 200
    assert second == {
        "success": False,
        "errors": [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [LastName]",
                "fields": ["LastName"],
            }
        ],
    }
    assert (first["success"], third["success"], "created" in first) == (True, True, False)
    assert org.read(third["id"], "LastName") == {"LastName": "C"}


def test_all_failed_is_still_200(org: Org) -> None:
    reply = org.post("composite/sobjects", typed({}, {}))
    assert (reply.status_code, codes(reply.json())) == (200, [["REQUIRED_FIELD_MISSING"]] * 2)


def test_all_or_none_rolls_the_good_ones_back(org: Org, sandbox: RunningSandbox) -> None:
    reply = org.post("composite/sobjects", typed({"LastName": "A"}, {"FirstName": "B"}, allOrNone=True))
    assert codes(reply.json()) == [["ALL_OR_NONE_OPERATION_ROLLED_BACK"], ["REQUIRED_FIELD_MISSING"]]
    assert reply.json()[0]["errors"][0]["message"] == ROLLED_BACK
    assert sandbox.records("Contact") == []
    assert sandbox.journal() == []


def test_updates_go_by_id_in_any_spelling_and_each_failure_has_its_reason(
    org: Org, sandbox: RunningSandbox
) -> None:
    kept, gone = org.create(LastName="A"), org.create(LastName="B")
    sandbox.delete("Contact", gone)
    body = typed(
        {"Id": kept[:15], "LastName": "New"},
        {"id": gone, "LastName": "x"},
        {"id": "0035f00000ZZZZZ", "LastName": "x"},
        {"id": "0015f0000000001", "LastName": "x"},
        {"LastName": "x"},
        {"id": kept, "LastName": "twice"},
    )
    reply = org.patch("composite/sobjects", body).json()
    assert codes(reply) == [
        [],
        ["ENTITY_IS_DELETED"],
        ["INVALID_CROSS_REFERENCE_KEY"],
        ["MALFORMED_ID"],
        ["MISSING_ARGUMENT"],
        ["DUPLICATE_VALUE"],
    ]
    assert reply[0] == {"id": kept, "success": True, "errors": []}
    assert reply[3]["errors"][0]["message"] == "Contact ID: id value of incorrect type: 0015f0000000001"
    assert org.read(kept, "LastName") == {"LastName": "New"}


def test_null_clears_and_an_absent_key_leaves(org: Org) -> None:
    made = org.create(LastName="A", Title="Dean", Department="Physics", hed__Race__c="Asian")
    org.patch("composite/sobjects", typed({"id": made, "Title": None, "hed__Race__c": ""}))
    assert org.read(made, "Title", "Department", "hed__Race__c") == {
        "Title": None,
        "Department": "Physics",
        "hed__Race__c": None,
    }


def test_upsert_by_external_id_tells_which_were_created(org: Org) -> None:
    known = org.create(LastName="A", Element451_ID__c="one")
    reply = org.patch(
        "composite/sobjects/Contact/Element451_ID__c",
        typed(
            {"Element451_ID__c": "ONE", "LastName": "B"},
            {"Element451_ID__c": "two", "LastName": "C"},
            {"LastName": "D"},
        ),
    ).json()
    assert [(item["success"], item.get("created")) for item in reply] == [
        (True, False),
        (True, True),
        (False, None),
    ]
    assert reply[0]["id"] == known
    assert org.read(known, "LastName", "Element451_ID__c") == {"LastName": "B", "Element451_ID__c": "one"}
    assert org.read(reply[1]["id"], "Element451_ID__c") == {"Element451_ID__c": "two"}
    assert codes(reply)[2] == ["MISSING_ARGUMENT"]


def test_upsert_fails_where_a_key_comes_twice_or_matches_several(org: Org) -> None:
    ids = [org.create(LastName=name, Email="same@school.example") for name in ("A", "B")]
    reply = org.patch(
        "composite/sobjects/Contact/Email", typed({"Email": "same@school.example", "LastName": "C"})
    ).json()
    assert reply[0]["errors"] == [
        {
            "statusCode": "DUPLICATE_EXTERNAL_ID",
            "message": f"Email: more than one record found for external id field: [{ids[0]}, {ids[1]}]",
            "fields": ["Email"],
        }
    ]
    twice = typed(*({"Element451_ID__c": key, "LastName": "A"} for key in ("x", "y", "X")))
    assert codes(org.patch("composite/sobjects/Contact/Element451_ID__c", twice).json()) == [
        ["DUPLICATE_VALUE"],
        [],
        ["DUPLICATE_VALUE"],
    ]


def test_upsert_by_id_with_null_creates(org: Org) -> None:
    known = org.create("Account", Name="A")
    reply = org.patch(
        "composite/sobjects/Account/Id",
        typed({"Id": None, "Name": "New"}, {"Id": known, "Name": "B"}, object="Account"),
    ).json()
    assert [(item["success"], item["created"]) for item in reply] == [(True, True), (True, False)]
    assert org.read(known, "Name", object="Account") == {"Name": "B"}


def test_upsert_by_a_plain_field_or_with_another_type_is_refused(org: Org) -> None:
    assert org.patch("composite/sobjects/Contact/Title", typed({"Title": "x"})).status_code == 404
    other = org.patch(
        "composite/sobjects/Contact/Element451_ID__c", typed({"Element451_ID__c": "x"}, object="Lead")
    )
    assert other.status_code == 400


def test_a_value_that_another_record_of_the_call_took_first_is_a_duplicate(org: Org) -> None:
    reply = org.post(
        "composite/sobjects",
        typed({"LastName": "A", "Element451_ID__c": "k"}, {"LastName": "B", "Element451_ID__c": "K"}),
    ).json()
    assert codes(reply) == [[], ["DUPLICATE_VALUE"]]
    assert reply[1]["errors"][0]["message"].endswith(f"duplicates value on record with id: {reply[0]['id']}")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_the_201st_record_is_refused(org: Org, method: str) -> None:
    body = typed(*({"LastName": f"L{number}"} for number in range(201)))
    reply = org.call(method, "composite/sobjects", body)
    assert (reply.status_code, reply.json()) == (
        400,
        [
            {
                "message": "record limit reached. cannot submit more than 200 records into this call",
                "errorCode": "EXCEEDED_ID_LIMIT",
            }
        ],
    )


def test_mixed_types_are_taken_in_up_to_ten_chunks(org: Org) -> None:
    people, firms = typed({"LastName": "A"})["records"], typed({"Name": "F"}, object="Account")["records"]
    assert codes(org.post("composite/sobjects", {"records": (people + firms) * 5}).json()) == [[]] * 10
    assert org.post("composite/sobjects", {"records": (people + firms) * 6}).status_code == 400


def test_an_unknown_field_or_type_refuses_the_whole_call(org: Org, sandbox: RunningSandbox) -> None:
    field = org.post("composite/sobjects", typed({"LastName": "A"}, {"LastName": "B", "Pet__c": "x"}))
    assert (field.status_code, field.json()[0]["message"]) == (
        400,
        "No such column 'Pet__c' on sobject of type Contact",
    )
    assert org.post("composite/sobjects", typed({"LastName": "A"}, object="Pet__c")).status_code == 400
    assert org.post("composite/sobjects", {"records": [{"LastName": "A"}]}).status_code == 400
    assert sandbox.records("Contact") == []


def test_delete_by_ids(org: Org) -> None:
    ids = [org.create(LastName=name) for name in ("A", "B")]
    reply = org.call(
        "DELETE", "composite/sobjects", params={"ids": ",".join([*ids, "0035f00000ZZZZZ", ids[0]])}
    )
    assert codes(reply.json()) == [[], [], ["INVALID_CROSS_REFERENCE_KEY"], ["ENTITY_IS_DELETED"]]
    assert [item.get("id") for item in reply.json()[:2]] == ids
    assert org.query("SELECT Id FROM Contact") == []


def test_delete_all_or_none(org: Org) -> None:
    made = org.create(LastName="A")
    reply = org.call(
        "DELETE", "composite/sobjects", params={"ids": f"{made},0035f00000ZZZZZ", "allOrNone": "true"}
    )
    assert codes(reply.json()) == [["ALL_OR_NONE_OPERATION_ROLLED_BACK"], ["INVALID_CROSS_REFERENCE_KEY"]]
    assert len(org.query("SELECT Id FROM Contact")) == 1


def test_retrieve_gives_rows_in_order_and_null_for_a_missing_one(org: Org, sandbox: RunningSandbox) -> None:
    ids = [org.create(LastName=name) for name in ("A", "B", "C")]
    sandbox.delete("Contact", ids[1])
    reply = org.post(
        "composite/sobjects/Contact",
        {"ids": [ids[2], ids[1], "0035f00000ZZZZZ", ids[0]], "fields": ["LastName"]},
    ).json()
    assert [row and row["LastName"] for row in reply] == ["C", None, None, "A"]
    assert reply[0]["Id"] == ids[2]
    again = org.get("composite/sobjects/Contact", ids=f"{ids[0]},{ids[2]}", fields="Id,Name").json()
    assert [row["Name"] for row in again] == ["A", "C"]


def test_retrieve_takes_two_thousand_ids_and_no_unknown_field(org: Org) -> None:
    made = org.create(LastName="A")
    assert (
        len(org.post("composite/sobjects/Contact", {"ids": [made] * 2000, "fields": ["Id"]}).json()) == 2000
    )
    assert org.post("composite/sobjects/Contact", {"ids": [made] * 2001, "fields": ["Id"]}).status_code == 400
    assert (
        org.post("composite/sobjects/Contact", {"ids": [made], "fields": ["Pet__c"]}).json()[0]["errorCode"]
        == "INVALID_FIELD"
    )
    assert org.post("composite/sobjects/Contact", {"ids": [made], "fields": []}).status_code == 400
