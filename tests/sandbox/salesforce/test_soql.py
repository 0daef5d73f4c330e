"""Queries: what they find, in what order, and how wrong ones are refused."""

import pytest

from tests.sandbox.client import Org, Row, typed
from tests.support.sandbox import RunningSandbox

PEOPLE: list[Row] = [
    {
        "LastName": "Ånström",
        "FirstName": "Åsa",
        "Email": "asa@school.example",
        "hed__Race__c": "White;Asian",
        "DoNotCall": True,
    },
    {
        "LastName": "O'Neil",
        "FirstName": "Ann",
        "Birthdate": "2000-02-29",
        "hed__Race__c": "Asian",
        "MailingCity": "Rome",
    },
    {"LastName": "smith", "FirstName": None, "Birthdate": "1999-12-31", "MailingCity": "100% city"},
    {"LastName": "Smith", "FirstName": "Bob", "Email": "BOB@school.example", "MailingLatitude": 12.5},
]


@pytest.fixture
def people(org: Org) -> Org:
    """Four people, stamped at noon of 23 November 2026."""
    org.sandbox.clock(now="2026-11-23T12:00:00Z")
    assert all(item["success"] for item in org.post("composite/sobjects", typed(*PEOPLE)).json())
    return org


def found(org: Org, condition: str) -> list[str]:
    rows = org.query("SELECT FirstName, LastName FROM Contact WHERE " + condition + " ORDER BY Id")
    return [row["FirstName"] or row["LastName"] for row in rows]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("LastName = 'SMITH'", ["smith", "Bob"]),
        ("LastName != 'smith'", ["Åsa", "Ann"]),
        ("LastName = 'O\\'Neil'", ["Ann"]),
        ("FirstName = null", ["smith"]),
        ("FirstName != null", ["Åsa", "Ann", "Bob"]),
        ("FirstName = ''", ["smith"]),
        ("FirstName != 'Bob'", ["Åsa", "Ann", "smith"]),
        ("NOT FirstName = 'Bob'", ["Åsa", "Ann", "smith"]),
        ("NOT (FirstName LIKE 'a%')", ["Åsa", "smith", "Bob"]),
        ("LastName LIKE 'sm_th'", ["smith", "Bob"]),
        ("LastName LIKE 'sm\\_th'", []),
        ("MailingCity LIKE '100\\% c%'", ["smith"]),
        ("LastName > 'o' AND LastName <= 'smith'", ["Ann", "smith", "Bob"]),
        ("FirstName IN ('ann', 'Bob', 'nobody')", ["Ann", "Bob"]),
        ("FirstName IN ('Ann', null)", ["Ann", "smith"]),
        ("FirstName NOT IN ('Ann', 'Bob')", ["Åsa", "smith"]),
        ("hed__Race__c INCLUDES ('Asian')", ["Åsa", "Ann"]),
        ("hed__Race__c INCLUDES ('Asian;White')", ["Åsa"]),
        ("hed__Race__c INCLUDES ('White', 'Asian')", ["Åsa", "Ann"]),
        ("hed__Race__c EXCLUDES ('White')", ["Ann", "smith", "Bob"]),
        ("hed__Race__c = 'White;Asian'", ["Åsa"]),
        ("hed__Race__c INCLUDES ('')", ["smith", "Bob"]),
        ("DoNotCall = true", ["Åsa"]),
        ("DoNotCall != TRUE", ["Ann", "smith", "Bob"]),
        ("Birthdate = 2000-02-29", ["Ann"]),
        ("Birthdate < 2000-01-01", ["smith"]),
        ("Birthdate = null AND MailingLatitude = 12.5", ["Bob"]),
        ("MailingLatitude > 12 AND MailingLatitude <= +12.50", ["Bob"]),
        ("(FirstName = 'Ann' OR FirstName = 'Bob') AND Email = null", ["Ann"]),
        ("FirstName = 'Ann' OR (FirstName = 'Bob' AND Email LIKE 'bob@%')", ["Ann", "Bob"]),
        ("Account.Name = null", ["Åsa", "Ann", "smith", "Bob"]),
        ("Owner.Name = 'Element451 Integration' AND Contact.FirstName = 'Bob'", ["Bob"]),
        ("CreatedDate = TODAY", ["Åsa", "Ann", "smith", "Bob"]),
        ("CreatedDate < TODAY", []),
        ("CreatedDate = LAST_N_DAYS:3", ["Åsa", "Ann", "smith", "Bob"]),
        ("CreatedDate = YESTERDAY OR CreatedDate > TODAY", []),
        ("CreatedDate = THIS_WEEK AND CreatedDate = THIS_MONTH AND CreatedDate = THIS_QUARTER", ["Åsa", "Ann", "smith", "Bob"]),
        ("CreatedDate = THIS_YEAR AND CreatedDate = NEXT_N_DAYS:5", []),
        ("CreatedDate = LAST_MONTH OR CreatedDate = NEXT_WEEK OR CreatedDate = LAST_N_MONTHS:2", []),
        ("Birthdate < N_YEARS_AGO:20", ["Ann", "smith"]),
        ("SystemModstamp >= 2026-11-23T12:00:00Z AND SystemModstamp < 2026-11-23T13:00:00+01:00", []),
        ("SystemModstamp >= 2026-11-23T13:00:00.000+01:00", ["Åsa", "Ann", "smith", "Bob"]),
        ("Id IN (SELECT Contact__c FROM E451_Conversation__c)", []),
        ("Id NOT IN (SELECT Contact__c FROM E451_Conversation__c WHERE Contact__c != null)", ["Åsa", "Ann", "smith", "Bob"]),
    ],
)  # fmt: skip
def test_conditions(people: Org, condition: str, names: list[str]) -> None:
    assert found(people, condition) == names


def test_order_by_several_keys_with_empties_first_unless_asked_otherwise(people: Org) -> None:
    def order(keys: str) -> list[str | None]:
        return [row["FirstName"] for row in people.query("SELECT FirstName FROM Contact ORDER BY " + keys)]

    assert order("FirstName") == [None, "Ann", "Bob", "Åsa"]
    assert order("FirstName DESC") == [None, "Åsa", "Bob", "Ann"]
    assert order("FirstName ASC NULLS LAST") == ["Ann", "Bob", "Åsa", None]
    assert order("LastName DESC, FirstName DESC NULLS LAST") == ["Åsa", "Bob", None, "Ann"]
    assert order("FirstName LIMIT 2 OFFSET 1") == ["Ann", "Bob"]


def test_counting_gives_a_total_and_no_records(people: Org) -> None:
    assert people.get("query", q="SELECT COUNT() FROM Contact WHERE Email != null").json() == {
        "totalSize": 2,
        "done": True,
        "records": [],
    }


def test_parents_come_nested_and_a_missing_one_is_null(people: Org) -> None:
    account = people.create("Account", Name="Brakebills")
    inside = people.create(LastName="Inside", AccountId=account)
    people.create(LastName="Boss", ReportsToId=inside)
    (row,) = people.query(
        "SELECT Id, Account.Name, ReportsTo.Account.Name, ReportsTo.LastName FROM Contact WHERE LastName ="
        " 'Boss'"
    )
    assert row["Account"] is None
    assert row["ReportsTo"]["Account"] == {
        "attributes": {"type": "Account", "url": f"/services/data/v66.0/sobjects/Account/{account}"},
        "Name": "Brakebills",
    }
    assert row["ReportsTo"]["LastName"] == "Inside"


def test_children_come_as_an_inner_result_and_null_when_there_are_none(people: Org) -> None:
    ids = [row["Id"] for row in people.query("SELECT Id FROM Contact ORDER BY Id LIMIT 2")]
    talk = people.create("E451_Conversation__c", Conversation_ID__c="c1", Contact__c=ids[0])
    rows = people.query(
        "SELECT Id, (SELECT Id, Conversation_ID__c FROM Conversations__r) FROM Contact ORDER BY Id LIMIT 2"
    )
    assert rows[0]["Conversations__r"]["totalSize"] == 1
    assert rows[0]["Conversations__r"]["records"][0]["Id"] == talk
    assert rows[1]["Conversations__r"] is None


def test_deleted_rows_are_found_by_query_all_only(people: Org, sandbox: RunningSandbox) -> None:
    first = people.query("SELECT Id FROM Contact ORDER BY Id")[0]["Id"]
    sandbox.delete("Contact", first)
    assert len(people.query("SELECT Id FROM Contact")) == 3
    assert people.query("SELECT Id FROM Contact WHERE IsDeleted = true") == []
    assert people.query("SELECT Id, IsDeleted FROM Contact WHERE IsDeleted = true", "queryAll") == [
        {"Id": first, "IsDeleted": True}
    ]


def test_compound_fields_are_read_as_one(people: Org) -> None:
    (row,) = people.query("SELECT MailingAddress, OtherAddress FROM Contact WHERE MailingCity = 'Rome'")
    assert row["MailingAddress"]["city"] == "Rome"
    assert row["MailingAddress"]["postalCode"] is None
    assert row["OtherAddress"] is None


def test_all_fields_need_a_small_limit(people: Org) -> None:
    (row,) = people.query("SELECT FIELDS(ALL) FROM Contact WHERE FirstName = 'Bob' LIMIT 200")
    assert {"Id", "hed__Race__c", "Element451_ID__c", "MailingAddress"} <= set(row)
    assert "hed__Race__c" not in people.query("SELECT FIELDS(STANDARD) FROM Contact")[0]
    for soql in ("SELECT FIELDS(ALL) FROM Contact", "SELECT FIELDS(CUSTOM) FROM Contact LIMIT 201"):
        assert people.refused(soql)["message"] == "The SOQL FIELDS function must have a LIMIT of at most 200"


def test_a_keyset_of_stamp_and_id_walks_every_row_once(people: Org, sandbox: RunningSandbox) -> None:
    sandbox.clock(advance=10)
    people.create(LastName="Later")
    seen: list[str] = []
    condition = "SystemModstamp >= 2026-11-23T00:00:00Z"
    while rows := people.query(
        "SELECT Id, SystemModstamp FROM Contact WHERE " + condition + " ORDER BY SystemModstamp, Id LIMIT 2"
    ):
        seen += [row["Id"] for row in rows]
        stamp, id = rows[-1]["SystemModstamp"], rows[-1]["Id"]
        condition = f"(SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > '{id}'))"
    assert (len(seen), len(set(seen))) == (5, 5)


@pytest.mark.parametrize(
    ("soql", "code", "message"),
    [
        ("", "MALFORMED_QUERY", "A query string has to be specified"),
        ("SELECT FROM Contact", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY", "unexpected token: <EOF>"),
        ("SELECT Id FROM Contact WHERE Id IN ()", "MALFORMED_QUERY", "unexpected token: ')'"),
        (
            "SELECT Id FROM Contact WHERE DoNotCall = true AND Email = null OR Phone = null",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Contact LIMIT ten", "MALFORMED_QUERY", "unexpected token: 'ten'"),
        (
            "SELECT Id FROM Contact ORDER BY Description",
            "MALFORMED_QUERY",
            "field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Id FROM Contact WHERE SystemModstamp = SOMEDAY",
            "MALFORMED_QUERY",
            "unexpected token: 'SOMEDAY'",
        ),
        ("SELECT Id, Id FROM Contact", "INVALID_FIELD", "duplicate field selected: Id"),
        (
            "SELECT Id FROM Contact WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Contact WHERE MailingAddress = 'x'",
            "INVALID_FIELD",
            "field 'MailingAddress' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Contact WHERE Boss.Name = 'x'",
            "INVALID_FIELD",
            "Didn't understand relationship 'Boss' in field path.",
        ),
        (
            "SELECT Id FROM Contact WHERE Birthdate = '2000-01-01'",
            "INVALID_FIELD",
            (
                "value of filter criterion for field 'Birthdate' must be of type date and should not be"
                " enclosed in quotes"
            ),
        ),
        (
            "SELECT Id FROM Contact WHERE SystemModstamp > 2000-01-01",
            "INVALID_FIELD",
            (
                "value of filter criterion for field 'SystemModstamp' must be of type dateTime and should not"
                " be enclosed in quotes"
            ),
        ),
        (
            "SELECT Id FROM Contact WHERE LastName = 5",
            "INVALID_FIELD",
            (
                "value of filter criterion for field 'LastName' must be of type string and should be enclosed"
                " in quotes"
            ),
        ),
        ("SELECT Id FROM Contact WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc"),
        (
            "SELECT Id FROM Contact WHERE Id LIKE '003%'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on id field",
        ),
        (
            "SELECT Id FROM Contact WHERE LastName INCLUDES ('x')",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on string field",
        ),
        (
            "SELECT Id FROM Contact OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is 2000",
        ),
        (
            "SELECT Id, (SELECT Id FROM Pets) FROM Contact",
            "INVALID_TYPE",
            "Didn't understand relationship 'Pets' in FROM part of query call.",
        ),
    ],
)
def test_wrong_queries_are_refused_in_the_orgs_words(org: Org, soql: str, code: str, message: str) -> None:
    error = org.refused(soql)
    assert error["errorCode"] == code
    assert message in error["message"]


def test_conditions_beyond_all_measure_are_too_complicated(people: Org) -> None:
    many = " OR ".join(["Id=null"] * 1150)
    assert people.refused("SELECT Id FROM Contact WHERE " + many)["errorCode"] == "QUERY_TOO_COMPLICATED"
    assert len(people.query("SELECT Id FROM Contact LIMIT 1" + "0" * 30)) == 4


def test_the_place_of_a_mistake_is_shown_with_a_caret(org: Org) -> None:
    error = org.refused("SELECT Id, Nickname FROM Contact")
    assert error["message"].startswith(
        "\nSELECT Id, Nickname FROM Contact\n           ^\nERROR at Row:1:Column:12\nNo such column"
        " 'Nickname' on entity 'Contact'."
    )
    error = org.refused("select Id from XYZZY")
    assert error == {
        "message": (
            "\nselect Id from XYZZY\n               ^\nERROR at Row:1:Column:16\nsObject type 'XYZZY' is not"
            " supported. If you are attempting to use a custom object, be sure to append the '__c' after the"
            " entity name. Please reference your WSDL or the describe call for the appropriate names."
        ),
        "errorCode": "INVALID_TYPE",
    }
