"""What a person or an administrator does while a client is at work: controls set off by its calls."""

import pytest

from tests.sandbox.account import EVERYBODY, Account, import_column
from tests.sandbox.client import Org, run, sub, typed
from tests.support.sandbox import RunningSandbox


def test_somebody_edits_right_before_the_second_write_is_handled(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A", Title="Read")
    sandbox.meanwhile(kind="write", system="salesforce", skip=1).edit("Contact", made, Title="Human")
    org.patch("composite/sobjects", typed({"id": made, "LastName": "B"}))
    assert org.read(made, "Title") == {"Title": "Read"}
    replies = run(
        org,
        sub("before", "POST", "composite/sobjects/Contact", {"ids": [made], "fields": ["Title"]}),
        sub("write", "PATCH", "composite/sobjects", typed({"id": made, "Title": "Ours"})),
    )
    assert replies[0]["body"][0]["Title"] == "Human"
    assert org.read(made, "Title") == {"Title": "Ours"}


def test_somebody_edits_right_after_the_second_read_was_answered(
    account: Account, sandbox: RunningSandbox
) -> None:
    made = account.add(first_name="Before")
    later = sandbox.meanwhile(kind="read", system="element451", skip=1, moment="after")
    later.edit_element451("contact", {made: {"user-first-name": "After"}})
    names = [
        account.export(["user-first-name"], users=[made])["data"][0]["user-first-name"] for _ in range(3)
    ]
    assert names == ["Before", "Before", "After"]


def test_somebody_creates_the_same_person_right_before_the_insert(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.meanwhile(kind="write").create("Contact", LastName="Twin", Email="twin@example.org")
    assert org.query("SELECT Id FROM Contact") == []
    org.post("composite/sobjects", typed({"LastName": "Twin", "Email": "twin@example.org"}))
    assert [row["Email"] for row in sandbox.records("Contact")] == ["twin@example.org"] * 2


def test_somebody_creates_the_same_person_right_before_the_import(
    account: Account, sandbox: RunningSandbox
) -> None:
    sandbox.meanwhile(kind="write").create_element451("contact", user_first_name="Twin")
    given = [
        import_column("user-identities-salesforceid", unique=True),
        import_column("user-first-name"),
    ]
    account.load(given, ("0035f00000000ABAAZ", "Twin"))
    rows = account.export(["user-first-name"], segment=EVERYBODY)["data"]
    assert [row["user-first-name"] for row in rows] == ["Twin"] * 2


def test_a_session_ends_in_the_middle_of_paging(org: Org, sandbox: RunningSandbox) -> None:
    for part in range(3):
        org.post("composite/sobjects", typed(*({"LastName": f"L{part}{number}"} for number in range(200))))
    sandbox.meanwhile(path="/query/", moment="after").expire_tokens()
    headers = {"Sforce-Query-Options": "batchSize=200"}
    first = org.call("GET", "query", params={"q": "SELECT Id FROM Contact"}, headers=headers).json()
    second = org.get(first["nextRecordsUrl"]).json()
    assert len(second["records"]) == 200
    third = org.get(second["nextRecordsUrl"])
    assert (third.status_code, third.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")


def test_a_composite_call_that_only_reads_is_no_write(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A")
    sandbox.meanwhile(kind="write", name="edit").edit("Contact", made, Title="Dean")
    run(org, sub("r", "POST", "composite/sobjects/Contact", {"ids": [made], "fields": ["Title"]}))
    org.post("composite/sobjects/Contact", {"ids": [made], "fields": ["Title"]})
    org.query("SELECT Id FROM Contact")
    sandbox.sign_in()
    assert [rule["struck"] for rule in sandbox.faults("edit")] == [0]
    org.patch(f"sobjects/Contact/{made}", {"LastName": "B"})
    assert [rule["struck"] for rule in sandbox.faults("edit")] == [1]


def test_a_control_that_was_refused_when_its_time_came_says_why(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.meanwhile(name="edit").edit("Contact", "0035f00000000AB", Title="Dean")
    assert org.get("limits").status_code == 200
    (rule,) = sandbox.faults("edit")
    assert "INVALID_CROSS_REFERENCE_KEY" in rule["failure"]
    with pytest.raises(ValueError, match="act needs a control"):
        sandbox.fault("act", control={"method": "POST"})
