"""What the org refuses, in its words, and what it alters without a word (contracts/salesforce.md A6, A8)."""

from typing import Any

import pytest

from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox

STUDENT = "E451_Student__c"
GONE = "0015f00000ZZZZZ"


@pytest.mark.parametrize(
    ("fields", "code", "message", "named"),
    [
        (
            {"FirstName": "A"},
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName]",
            ["LastName"],
        ),
        (
            {"LastName": "  "},
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName]",
            ["LastName"],
        ),
        (
            {"LastName": "x" * 81},
            "STRING_TOO_LONG",
            f"Last Name: data value too large: {'x' * 81} (max length=80)",
            ["LastName"],
        ),
        (
            {"LastName": "A", "Email": "not an address"},
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: not an address",
            ["Email"],
        ),
        (
            {"LastName": "A", "hed__Dual_Citizenship__c": "Atlantis"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Dual Citizenship: bad value for restricted picklist field: Atlantis",
            ["hed__Dual_Citizenship__c"],
        ),
        (
            {"LastName": "A", "Nickname__c": "x"},
            "INVALID_FIELD",
            "No such column 'Nickname__c' on sobject of type Contact",
            None,
        ),
        (
            {"LastName": "A", "Name": "x"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            (
                "Unable to create/update fields: Name. Please check the security settings of this field and"
                " verify that it is read/write for your profile or permission set."
            ),
            ["Name"],
        ),
        (
            {"LastName": "A", "AccountId": "nonsense"},
            "MALFORMED_ID",
            "Account ID: id value of incorrect type: nonsense",
            ["AccountId"],
        ),
        (
            {"LastName": "A", "AccountId": "0035f0000000001"},
            "FIELD_INTEGRITY_EXCEPTION",
            "Account ID: id value of incorrect type: 0035f0000000001",
            ["AccountId"],
        ),
        (
            {"LastName": "A", "AccountId": GONE},
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            ["AccountId"],
        ),
        (
            {"LastName": "A", "DoNotCall": None},
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "Do Not Call: value not of required type: ",
            ["DoNotCall"],
        ),
        (
            {"LastName": "A", "Id": "0035f0000000001AAA"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "cannot specify Id in an insert call",
            ["Id"],
        ),
    ],
)
def test_refusals_of_a_contact(
    org: Org, fields: dict[str, Any], code: str, message: str, named: list[str] | None
) -> None:
    error = org.error(**fields)
    assert (error["errorCode"], error["message"], error.get("fields")) == (code, message, named)


@pytest.mark.parametrize(
    ("field", "value", "token"),
    [
        ("LastName", 5, "string from VALUE_NUMBER_INT value 5"),
        ("LastName", ["A"], "string from START_ARRAY"),
        ("Birthdate", "23.11.2026", "date from VALUE_STRING value 23.11.2026"),
        ("Birthdate", "2026-02-30", "date from VALUE_STRING value 2026-02-30"),
        ("EmailBouncedDate", "2026-11-23T12:00:00", "datetime from VALUE_STRING value 2026-11-23T12:00:00"),
        ("DoNotCall", "yes", "boolean from VALUE_STRING value yes"),
        ("MailingLatitude", "north", "double from VALUE_STRING value north"),
    ],
)
def test_a_json_value_of_the_wrong_type_refuses_the_whole_call(
    org: Org, field: str, value: object, token: str
) -> None:
    sent: dict[str, Any] = {"LastName": "A", field: value}
    error = org.error(**sent)
    assert error["errorCode"] == "JSON_PARSER_ERROR"
    assert f"Cannot deserialize instance of {token}" in error["message"]
    both = org.post("composite/sobjects", typed({"LastName": "Good"}, sent))
    assert (both.status_code, both.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    assert org.sandbox.records("Contact") == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"GPA__c": 12.5}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"SAT_Score__c": 123456}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"Gender__c": "Unknown"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Race__c": "Asian;Martian"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Interests__c": ";".join(f"Interest {number}" for number in range(101))}, "TOO_MANY_ENUM_VALUE"),
        ({"Full_Name__c": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Name": "S-1"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Account__c": "x"}, "MALFORMED_ID"),
    ],
)
def test_refusals_of_a_student(org: Org, fields: dict[str, Any], code: str) -> None:
    assert org.error(STUDENT, Last_Name__c="A", **fields)["errorCode"] == code


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("First_Name__c", "  José \t", "José"),
        ("First_Name__c", "   ", None),
        ("First_Name__c", "", None),
        ("Gender__c", "Female ", "Female"),
        ("Race__c", "White; Asian ;White", "Asian;White"),
        ("Interests__c", "Chess;Sport;Arts", "Arts;Sport;Chess"),
        ("GPA__c", 3.456, 3.46),
        ("GPA__c", "3.444", 3.44),
        ("GPA__c", 2.675, 2.68),
        ("SAT_Score__c", 1400, 1400.0),
        ("Household_Income__c", -1234.005, -1234.01),
        ("Last_Visit_At__c", "2026-11-23T12:00:00.987Z", "2026-11-23T12:00:00.000+0000"),
        ("Last_Visit_At__c", "2026-11-23T12:00:00+05:30", "2026-11-23T06:30:00.000+0000"),
        ("Last_Visit_At__c", "2026-11-23T12:00:00.000-0500", "2026-11-23T17:00:00.000+0000"),
        ("Enrolled_On__c", "2026-02-28", "2026-02-28"),
        ("SMS_Opt_In__c", "true", True),
        ("Mailing_Postal_Code__c", "01234", "01234"),
        ("Notes__c", "two\nlines 😀", "two\nlines 😀"),
        ("Email__c", "Ann.O'Neil@School.EXAMPLE", "Ann.O'Neil@School.EXAMPLE"),
    ],
)
def test_what_is_stored_differs_from_what_was_sent_as_in_a_real_org(
    org: Org, field: str, sent: object, stored: object
) -> None:
    made = org.create(STUDENT, Last_Name__c="A", **{field: sent})
    assert org.read(made, field, object=STUDENT) == {field: stored}


def test_names_of_keys_are_case_insensitive(org: Org) -> None:
    made = org.create(lastname="A", FIRSTNAME="B")
    assert org.read(made, "Name") == {"Name": "B A"}


def test_computed_values_are_computed(org: Org) -> None:
    student = org.create(STUDENT, First_Name__c="Ada", Last_Name__c="Lovelace")
    row = org.read(student, "Full_Name__c", "Name", object=STUDENT)
    assert row["Full_Name__c"] == "Ada Lovelace"
    assert row["Name"].startswith("S-0")
    sale = org.create(
        "Opportunity", Name="Gift", StageName="Closed Won", CloseDate="2026-12-01", Amount=100, Probability=50
    )
    assert org.read(sale, "IsWon", "IsClosed", "ExpectedRevenue", object="Opportunity") == {
        "IsWon": True,
        "IsClosed": True,
        "ExpectedRevenue": 50.0,
    }


def test_defaults_fill_what_is_not_sent(org: Org) -> None:
    lead = org.create("Lead", LastName="A", Company="B")
    row = org.read(lead, "Status", "IsConverted", "OwnerId", object="Lead")
    assert (row["Status"], row["IsConverted"], row["OwnerId"][:3]) == ("Open - Not Contacted", False, "005")


def test_an_opportunity_needs_more_than_a_contact(org: Org) -> None:
    error = org.error("Opportunity", Amount=1)
    assert error["message"] == "Required fields are missing: [Name, StageName, CloseDate]"


def test_emptying_a_required_field_is_refused(org: Org) -> None:
    made = org.create(LastName="A")
    reply = org.patch(f"sobjects/Contact/{made}", {"LastName": None})
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "REQUIRED_FIELD_MISSING")
    assert (
        org.patch(f"sobjects/Contact/{made}", {"OwnerId": ""}).json()[0]["errorCode"]
        == "REQUIRED_FIELD_MISSING"
    )


def test_a_unique_value_is_held_by_one_live_record_in_any_case(org: Org, sandbox: RunningSandbox) -> None:
    first = org.create(LastName="A", Element451_ID__c="abcDEF")
    error = org.error(LastName="B", Element451_ID__c="ABCdef")
    assert error == {
        "message": f"duplicate value found: Element451_ID__c duplicates value on record with id: {first}",
        "errorCode": "DUPLICATE_VALUE",
    }
    assert org.patch(f"sobjects/Contact/{first}", {"Element451_ID__c": "ABCDEF"}).status_code == 204
    sandbox.delete("Contact", first)
    org.create(LastName="B", Element451_ID__c="abcdef")


def test_a_lookup_to_a_deleted_record_is_refused(org: Org, sandbox: RunningSandbox) -> None:
    account = org.create("Account", Name="A")
    sandbox.delete("Account", account)
    error = org.error(LastName="A", AccountId=account)
    assert (error["errorCode"], error["message"]) == ("ENTITY_IS_DELETED", "entity is deleted")


def test_several_faults_of_one_record_are_all_told(org: Org) -> None:
    reply = org.post("sobjects/Contact", {"LastName": "A", "Email": "x", "Title": "y" * 129})
    assert [error["errorCode"] for error in reply.json()] == ["INVALID_EMAIL_ADDRESS", "STRING_TOO_LONG"]


def test_an_update_that_changes_nothing_still_moves_the_stamp(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A")
    before = org.read(made, "SystemModstamp", "CreatedDate")
    sandbox.clock(advance=2)
    org.patch(f"sobjects/Contact/{made}", {"LastName": "A"})
    after = org.read(made, "SystemModstamp", "CreatedDate", "LastModifiedDate")
    assert after["SystemModstamp"] > before["SystemModstamp"]
    assert after["LastModifiedDate"] == after["SystemModstamp"]
    assert after["CreatedDate"] == before["CreatedDate"]
    assert after["SystemModstamp"].endswith(".000+0000")


def test_users_cannot_be_written(org: Org) -> None:
    (user,) = org.query("SELECT Id FROM User WHERE Name LIKE 'Robin%'")
    reply = org.patch(f"sobjects/User/{user['Id']}", {})
    assert reply.json()[0]["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
