"""Parts and bodies that are too large, locators of ended sessions, duplicate rules, and stamps that are
off."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.account import Account, import_body, import_column
from tests.sandbox.client import V66, Org, run, sub, typed
from tests.support.sandbox import RunningSandbox

CPU = "ContactTrigger: System.LimitException: Apex CPU time limit exceeded"


def people(count: int) -> dict[str, object]:
    return typed(*({"LastName": f"L{number}"} for number in range(count)))


def test_triggers_run_out_of_cpu_above_so_many_records_a_part(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(part_limits=[{"object": "Contact", "most": 50}])
    results = org.post("composite/sobjects", people(51)).json()
    assert {(item["errors"][0]["statusCode"], item["errors"][0]["message"]) for item in results} == {
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", CPU)
    }
    replies = run(
        org,
        sub("small", "POST", "composite/sobjects", people(50)),
        sub("large", "POST", "composite/sobjects", people(60)),
    )
    assert all(item["success"] for item in replies[0]["body"])
    assert not any(item["success"] for item in replies[1]["body"])
    assert len(sandbox.records("Contact")) == 50


def test_a_limit_may_concern_updates_only(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.options(part_limits=[{"object": "Contact", "most": 1, "operation": "update"}])
    ids = [item["id"] for item in org.post("composite/sobjects", people(2)).json()]
    results = org.patch("composite/sobjects", typed(*({"id": id, "Title": "Dean"} for id in ids))).json()
    assert [item["success"] for item in results] == [False, False]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("TXN_SECURITY_METERING_ERROR", "enabled transaction security policies took too long"),
        ("OPERATION_TOO_LARGE", "exceeded 2 distinct"),
        ("EXCEEDED_ID_LIMIT", "cannot submit more than 2 records"),
    ],
)
def test_a_part_may_be_refused_as_a_whole(org: Org, sandbox: RunningSandbox, code: str, words: str) -> None:
    limit = {"object": "Contact", "most": 2, "code": code}
    sandbox.options(part_limits=[limit, {**limit, "operation": "retrieve"}, {**limit, "operation": "query"}])
    refused = org.post("composite/sobjects", people(3))
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, code)
    assert words in refused.json()[0]["message"]
    assert sandbox.records("Contact") == []
    made = [org.create(LastName=name) for name in "ABC"]
    for ids, status in ((made, 400), (made[:2], 200)):
        body = {"ids": ids, "fields": ["Id"]}
        assert org.post("composite/sobjects/Contact", body).status_code == status
    assert org.refused("SELECT Id FROM Contact")["errorCode"] == code
    assert len(org.query("SELECT Id FROM Contact LIMIT 2")) == 2


def test_four_updates_of_200_and_a_retrieve_of_800_ahead_of_them_are_one_call(
    org: Org, sandbox: RunningSandbox
) -> None:
    ids = [item["id"] for _ in range(4) for item in org.post("composite/sobjects", people(200)).json()]
    sandbox.reset_counters()
    parts = [ids[start : start + 200] for start in range(0, 800, 200)]
    replies = run(
        org,
        sub("before", "POST", "composite/sobjects/Contact", {"ids": ids, "fields": ["Id", "LastName"]}),
        *(
            sub(
                f"write{place}",
                "PATCH",
                "composite/sobjects",
                typed(*({"id": id, "LastName": "New"} for id in part)),
            )
            for place, part in enumerate(parts)
        ),
    )
    assert [reply["httpStatusCode"] for reply in replies] == [200] * 5
    assert {row["Id"]: row["LastName"][0] for row in replies[0]["body"]} == dict.fromkeys(ids, "L")
    assert {row["LastName"] for row in sandbox.records("Contact")} == {"New"}
    counted = sandbox.counters()
    assert counted["calls"]["salesforce"] == {"composite": 1, "total": 1}
    assert counted["records"]["salesforce"] == {"read": 800, "written": 800}


def test_a_sixth_query_or_collection_and_an_address_that_is_too_long_are_refused(org: Org) -> None:
    made = org.create(LastName="A")
    read = {"ids": [made], "fields": ["Id"]}
    parts = [sub(f"r{n}", "POST", "composite/sobjects/Contact", read) for n in range(6)]
    assert org.post("composite", {"compositeRequest": parts}).json()[0]["errorCode"] == "LIMIT_EXCEEDED"
    many = f"composite/sobjects/Contact?fields=Id&ids={','.join([made] * 870)}"
    (reply,) = run(org, sub("long", "GET", many))
    assert reply["httpStatusCode"] == 414


def test_a_body_may_be_so_large_and_no_larger(org: Org, account: Account, sandbox: RunningSandbox) -> None:
    assert sandbox.options()["most_request_bytes"] == 52_428_800
    sandbox.options(most_request_bytes=1000, element451_most_bytes=1000)
    assert org.post("composite/sobjects", people(2)).status_code == 200
    large = org.post("composite/sobjects", people(50))
    assert (large.status_code, large.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    assert large.json()[0]["message"].startswith("Maximum size of request reached")
    given = [import_column("user-email-address", unique=True)]
    body = import_body(given, *((f"{number}@example.org",) for number in range(50)))
    assert account.post("users/import", body).status_code == 413


@pytest.mark.parametrize(
    ("option", "status", "code"),
    [
        ("served", 200, None),
        ("invalid", 400, "INVALID_QUERY_LOCATOR"),
        ("forbidden", 403, "INSUFFICIENT_ACCESS"),
    ],
)
def test_a_locator_may_die_with_its_session(
    org: Org, sandbox: RunningSandbox, option: str, status: int, code: str | None
) -> None:
    sandbox.options(locators_of_other_sessions=option)
    for _ in range(2):
        org.post("composite/sobjects", people(200))
    headers = {"Sforce-Query-Options": "batchSize=200"}
    page = org.call("GET", "query", params={"q": "SELECT Id FROM Contact"}, headers=headers).json()
    sandbox.expire_tokens()
    assert org.get(page["nextRecordsUrl"]).status_code == 401
    reply = Org(sandbox).get(page["nextRecordsUrl"])
    assert reply.status_code == status
    assert code is None or reply.json()[0]["errorCode"] == code


def test_duplicate_rules_refuse_what_the_api_inserts(org: Org, sandbox: RunningSandbox) -> None:
    known = org.create(LastName="A", FirstName="B", Email="a@example.org")
    sandbox.options(
        duplicate_rules=[{"object": "Contact", "fields": ["LastName", "Email"], "action": "allow"}]
    )
    twin = {"LastName": "a", "Email": "A@example.org"}
    error = org.error(**twin)
    assert (error["errorCode"], error["message"]) == ("DUPLICATES_DETECTED", "Use one of these records?")
    match = error["duplicateResult"]["matchResults"][0]["matchRecords"][0]
    assert (match["record"]["Id"], error["duplicateResult"]["allowSave"]) == (known, True)
    (item,) = org.post("composite/sobjects", typed(twin)).json()
    assert item["errors"] == [
        {"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": []}
    ]
    org.create(LastName="A", Email="other@example.org")
    allow = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    assert org.call("POST", "composite/sobjects", typed(twin), headers=allow).json()[0]["success"]
    part = {**sub("r", "POST", "composite/sobjects", typed(twin)), "httpHeaders": allow}
    assert run(org, part)[0]["body"][0]["success"]
    sandbox.options(duplicate_rules=[{"object": "Contact", "fields": ["Email"], "action": "block"}])
    assert not org.call("POST", "composite/sobjects", typed(twin), headers=allow).json()[0]["success"]
    assert org.patch(f"sobjects/Contact/{known}", twin).status_code == 204


def test_the_stamps_of_either_system_may_be_off(org: Org, account: Account, sandbox: RunningSandbox) -> None:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    sandbox.options(salesforce_stamps_off=86_400, element451_stamps_off=-3600)
    stamp = org.read(org.create(LastName="A"), "SystemModstamp")["SystemModstamp"]
    assert stamp.startswith("2026-11-24T12:00:")
    updated = account.contact(account.add(first_name="A"))["user-updated-at"]
    moment = datetime.fromisoformat(updated)
    assert abs(moment - datetime(2026, 11, 23, 11, tzinfo=UTC)) < timedelta(seconds=20)
    window = {"start": "2026-11-24T11:00:00Z", "end": "2026-11-24T12:30:00Z"}
    reply = org.get("sobjects/Contact/updated", **window).json()
    assert len(reply["ids"]) == 1
    assert reply["latestDateCovered"].startswith("2026-11-24T12:00:")


def test_errors_of_the_whole_org_come_up_on_single_records(org: Org, sandbox: RunningSandbox) -> None:
    for code in ("API_DISABLED_FOR_ORG", "STORAGE_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED"):
        sandbox.fault("record", object="Contact", index=1, error={"statusCode": code, "message": "No."})
        results = org.post("composite/sobjects", people(2)).json()
        assert [[error["statusCode"] for error in item["errors"]] for item in results] == [[], [code]]


def test_ids_of_another_object_and_a_record_created_again_while_the_first_is_in_the_bin(
    org: Org, sandbox: RunningSandbox
) -> None:
    account = org.create("Account", Name="A")
    (item,) = org.patch("composite/sobjects", typed({"id": account, "LastName": "B"})).json()
    assert item["errors"][0]["statusCode"] == "MALFORMED_ID"
    assert org.post("composite/sobjects/Contact", {"ids": [account], "fields": ["Id"]}).json() == [None]
    first = org.create(LastName="A", Element451_ID__c="a" * 24)
    sandbox.delete("Contact", first)
    second = sandbox.create("Contact", LastName="A", Element451_ID__c="a" * 24)
    soql = "SELECT Id, IsDeleted FROM Contact"
    assert {row["Id"]: row["IsDeleted"] for row in org.query(soql, "queryAll")} == {
        first: True,
        second: False,
    }
    assert [row["Id"] for row in org.query(soql)] == [second]
    address = f"{V66}/sobjects/Contact/{first}"
    assert org.patch(address, {"Title": "Dean"}).json()[0]["errorCode"] == "ENTITY_IS_DELETED"
