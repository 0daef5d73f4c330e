"""What the org makes of values by its own ways, as controls: none of it is there unless it is asked for."""

import pytest

from tests.sandbox.account import Account, import_column
from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox

STUDENT = "E451_Student__c"


def test_addresses_are_stored_in_lower_case_on_demand(org: Org, sandbox: RunningSandbox) -> None:
    before = org.create(LastName="A", Email="Ann@School.EXAMPLE")
    sandbox.options(lowercase_emails=True)
    after = org.create(LastName="A", Email="Ann@School.EXAMPLE")
    assert org.read(before, "Email") == {"Email": "Ann@School.EXAMPLE"}
    assert org.read(after, "Email") == {"Email": "ann@school.example"}
    org.patch("composite/sobjects", typed({"id": before, "Email": "BEN@School.example"}))
    assert org.read(before, "Email") == {"Email": "ben@school.example"}


def test_an_unrestricted_picklist_stores_the_listed_spelling_on_demand(
    org: Org, sandbox: RunningSandbox
) -> None:
    sandbox.field("Contact", "LeadSource", values=["Web", "Trade Show"])
    sandbox.options(listed_spelling=True)
    made = org.create(LastName="A", LeadSource="trade show")
    assert org.read(made, "LeadSource") == {"LeadSource": "Trade Show"}
    other = org.create(LastName="A", LeadSource="word of mouth")
    assert org.read(other, "LeadSource") == {"LeadSource": "word of mouth"}


def test_rich_text_is_stored_encoded(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.field("Contact", "Description", htmlFormatted=True)
    made = org.create(LastName="A", Description="<b>Arts</b> & Crafts &amp; R&D &#39;")
    assert org.read(made, "Description") == {"Description": "<b>Arts</b> &amp; Crafts &amp; R&amp;D &#39;"}
    described = org.get("sobjects/Contact/describe").json()["fields"]
    assert [field["name"] for field in described if field["htmlFormatted"]] == ["Description"]


def test_numbers_keep_fifteen_digits_on_demand(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.field(STUDENT, "Household_Income__c", precision=18, scale=0)
    sandbox.options(significant_digits=15)
    made = org.create(STUDENT, Last_Name__c="A", Household_Income__c=123456789012345678)
    assert org.read(made, "Household_Income__c", object=STUDENT) == {
        "Household_Income__c": 123456789012346000.0
    }


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("Enrolled_On__c", "1699-12-31", "Thu Dec 31 00:00:00 GMT 1699"),
        ("Enrolled_On__c", "4001-01-01", "Mon Jan 01 00:00:00 GMT 4001"),
        ("Last_Visit_At__c", "0020-05-06T07:08:09Z", "Wed May 06 07:08:09 GMT 20"),
    ],
)
def test_years_that_salesforce_does_not_know_are_refused(
    org: Org, field: str, value: str, shown: str
) -> None:
    error = org.error(STUDENT, Last_Name__c="A", **{field: value})
    assert (error["errorCode"], error["fields"]) == ("FIELD_INTEGRITY_EXCEPTION", [field])
    assert error["message"].endswith(f": invalid date: {shown}")
    for year in (1700, 4000):
        org.create(STUDENT, Last_Name__c="A", Enrolled_On__c=f"{year}-12-31")


def test_a_value_that_was_deactivated_stays_and_is_refused_only_where_it_is_sent(
    org: Org, sandbox: RunningSandbox
) -> None:
    made = org.create(LastName="A", hed__Dual_Citizenship__c="Albania", hed__Race__c="White;Asian")
    sandbox.field("Contact", "hed__Dual_Citizenship__c", inactive=["Albania"])
    sandbox.field("Contact", "hed__Race__c", inactive=["Asian"], restrictedPicklist=True)
    assert org.read(made, "hed__Dual_Citizenship__c") == {"hed__Dual_Citizenship__c": "Albania"}
    assert org.patch(f"sobjects/Contact/{made}", {"LastName": "B"}).status_code == 204
    for name, value in (("hed__Dual_Citizenship__c", "Albania"), ("hed__Race__c", "Asian;White")):
        refused = org.patch(f"sobjects/Contact/{made}", {"LastName": "C", name: value}).json()[0]
        assert (refused["errorCode"], refused["fields"]) == (
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            [name],
        )
    (field,) = (
        field
        for field in org.get("sobjects/Contact/describe").json()["fields"]
        if field["name"] == "hed__Dual_Citizenship__c"
    )
    assert [entry["value"] for entry in field["picklistValues"] if not entry["active"]] == ["Albania"]


def test_a_value_that_no_longer_passes_a_check_is_refused_only_where_it_is_sent(
    org: Org, sandbox: RunningSandbox
) -> None:
    made = org.create(LastName="A", Title="Dean")
    rule = {"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "No deans.", "fields": ["Title"]}
    sandbox.fault("record", object="Contact", where={"Title": "Dean"}, error=rule, times=-1)
    refused = org.patch("composite/sobjects", typed({"id": made, "LastName": "B", "Title": "Dean"}))
    assert refused.json()[0]["errors"] == [rule]
    taken = org.patch("composite/sobjects", typed({"id": made, "LastName": "B"}))
    assert taken.json()[0]["success"]


def test_an_option_of_element451_may_end_in_a_blank(account: Account, sandbox: RunningSandbox) -> None:
    options = [{"name": "Female ", "value": "Female "}, {"name": "Male", "value": "Male"}]
    sandbox.field_element451("options", "user-gender", options=options)
    sandbox.field_element451(
        "options", "user-race-categories", options=[{"name": "White ", "value": "White "}]
    )
    made = account.add(gender="Female ", race_categories=["White "])
    sandbox.options(element451_checkboxes="objects")
    (row,) = account.export(["user-gender", "user-race-categories"], users=[made])["data"]
    assert row["user-gender"] == "Female "
    assert row["user-race-categories"] == [{"checked": True, "text": "White "}]
    given = [import_column("user-elementid", unique=True), import_column("user-gender")]
    assert account.load(given, (made, "Female"))["warnings"] == [
        {"index": 0, "errors": {"user-gender": ["Gender 'Female' is not an option"]}}
    ]
    assert account.load(given, (made, "Female "))["warnings"] == []


def test_active_duplicate_rules_can_be_queried(org: Org, sandbox: RunningSandbox) -> None:
    query = {"q": "SELECT DeveloperName FROM DuplicateRule WHERE SobjectType = 'Contact' AND IsActive = true"}
    assert org.get("query", **query).json()["records"] == []
    sandbox.options(duplicate_rules=[{"object": "Contact", "fields": ["Email"], "action": "block"}])
    found = org.get("query", **query).json()["records"]
    assert [row["DeveloperName"] for row in found] == ["Contact_Duplicate_Rule"]
