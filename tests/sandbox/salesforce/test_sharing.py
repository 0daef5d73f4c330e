"""Records that sharing hides for a while: absent from every read, refused in every write, and never
said to be deleted."""

import pytest

from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox

ELEMENT_ID = "Element451_ID__c"
WINDOW = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T13:00:00Z"}


@pytest.fixture
def hidden(org: Org, sandbox: RunningSandbox) -> str:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    org.create(LastName="Seen")
    made = org.create(LastName="Hidden", **{ELEMENT_ID: "a" * 24})
    sandbox.clock(advance=600)
    sandbox.hide("Contact", made)
    return made


def test_no_read_finds_a_hidden_record_and_nothing_says_that_it_was_deleted(org: Org, hidden: str) -> None:
    assert org.query("SELECT LastName FROM Contact") == [{"LastName": "Seen"}]
    assert org.query("SELECT LastName, IsDeleted FROM Contact", "queryAll") == [
        {"LastName": "Seen", "IsDeleted": False}
    ]
    body = {"ids": [hidden], "fields": ["LastName"]}
    assert org.post("composite/sobjects/Contact", body).json() == [None]
    assert org.get(f"sobjects/Contact/{hidden}").status_code == 404
    assert org.get(f"sobjects/Contact/{ELEMENT_ID}/{'a' * 24}").status_code == 404
    assert hidden not in org.get("sobjects/Contact/updated", **WINDOW).json()["ids"]
    assert org.get("sobjects/Contact/deleted", **WINDOW).json()["deletedRecords"] == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
        ("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"),
        (
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
            "insufficient access rights on cross-reference id",
        ),
    ],
)
def test_updates_of_a_hidden_record_are_refused(
    org: Org, sandbox: RunningSandbox, hidden: str, code: str, message: str
) -> None:
    sandbox.hide("Contact", hidden, error=code)
    (item,) = org.patch("composite/sobjects", typed({"id": hidden, "LastName": "New"})).json()
    assert item["errors"] == [{"statusCode": code, "message": message, "fields": []}]
    assert org.patch(f"sobjects/Contact/{hidden}", {"LastName": "New"}).status_code == 404
    (item,) = org.call("DELETE", f"composite/sobjects?ids={hidden}").json()
    assert item["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
    assert [row["LastName"] for row in sandbox.records("Contact")] == ["Seen", "Hidden"]


def test_a_unique_value_of_a_hidden_record_is_taken_by_nobody_knows_whom(org: Org, hidden: str) -> None:
    error = org.error(LastName="Again", **{ELEMENT_ID: "a" * 24})
    assert error == {
        "errorCode": "DUPLICATE_VALUE",
        "message": "duplicate value found: <unknown> duplicates value on record with id: <unknown>",
    }


def test_a_lookup_to_a_hidden_record_is_refused(org: Org, hidden: str) -> None:
    error = org.error("E451_Conversation__c", Conversation_ID__c="b" * 24, Contact__c=hidden)
    assert error["errorCode"] == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"


def test_hidden_records_are_shown_again_with_what_people_changed_meanwhile(
    org: Org, sandbox: RunningSandbox, hidden: str
) -> None:
    sandbox.edit("Contact", hidden, Title="Dean")
    sandbox.show("Contact", hidden)
    assert org.read(hidden, "Title") == {"Title": "Dean"}
    sandbox.hide("Contact", *(row["Id"] for row in sandbox.records("Contact")))
    assert org.query("SELECT Id FROM Contact") == []
    sandbox.show("Contact")
    assert len(org.query("SELECT Id FROM Contact")) == 2


def test_a_record_that_was_hidden_while_a_query_is_paged_is_missing_from_its_later_pages(
    org: Org, sandbox: RunningSandbox
) -> None:
    for part in range(2):
        org.post("composite/sobjects", typed(*({"LastName": f"L{part}{n:03}"} for n in range(200))))
    headers = {"Sforce-Query-Options": "batchSize=200"}
    soql = "SELECT Id FROM Contact ORDER BY LastName"
    page = org.call("GET", "query", params={"q": soql}, headers=headers).json()
    sandbox.hide("Contact", sandbox.records("Contact")[-1]["Id"])
    assert len(org.get(page["nextRecordsUrl"]).json()["records"]) == 199


def test_hiding_used_wrongly_says_what_is_wrong(sandbox: RunningSandbox) -> None:
    with pytest.raises(ValueError, match="error is one of INVALID_CROSS_REFERENCE_KEY"):
        sandbox.hide("Contact", "0035f00000ABCDE", error="OOPS")
