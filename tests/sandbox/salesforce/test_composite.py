"""Composite calls: references, limits, all or none, and batches."""

from tests.sandbox.client import Org, Row, run, sub, typed
from tests.support.sandbox import RunningSandbox


def test_later_parts_refer_to_earlier_ones(org: Org) -> None:
    replies = run(
        org,
        sub("account", "POST", "sobjects/Account", {"Name": "Brakebills"}),
        sub(
            "people", "POST", "composite/sobjects", typed({"LastName": "Quinn", "AccountId": "@{account.id}"})
        ),
        sub("found", "GET", "query?q=SELECT+Account.Name+FROM+Contact+WHERE+Id='@{people[0].id}'"),
    )
    assert [reply["httpStatusCode"] for reply in replies] == [201, 200, 200]
    assert [reply["referenceId"] for reply in replies] == ["account", "people", "found"]
    assert replies[0]["httpHeaders"]["Location"].endswith(replies[0]["body"]["id"])
    assert replies[2]["body"]["records"][0]["Account"]["Name"] == "Brakebills"


def test_a_failed_part_leaves_the_others_and_halts_those_that_refer_to_it(org: Org) -> None:
    replies = run(
        org,
        sub("bad", "POST", "sobjects/Contact", {"FirstName": "x"}),
        sub("needs", "PATCH", "sobjects/Contact/@{bad.id}", {"Title": "x"}),
        sub("good", "POST", "sobjects/Contact", {"LastName": "Good"}),
        sub("nowhere", "GET", "sobjects/Person/1"),
    )
    assert [reply["httpStatusCode"] for reply in replies] == [400, 400, 201, 404]
    assert replies[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert replies[3] == {
        "body": [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}],
        "httpHeaders": {},
        "httpStatusCode": 404,
        "referenceId": "nowhere",
    }
    assert len(org.query("SELECT Id FROM Contact")) == 1


def test_all_or_none_undoes_what_was_done(org: Org, sandbox: RunningSandbox) -> None:
    replies = run(
        org,
        sub("good", "POST", "sobjects/Contact", {"LastName": "Good"}),
        sub("bad", "POST", "sobjects/Contact", {"FirstName": "x"}),
        sub("later", "POST", "sobjects/Contact", {"LastName": "Later"}),
        allOrNone=True,
    )
    assert [reply["httpStatusCode"] for reply in replies] == [400, 400, 400]
    assert [reply["body"][0]["errorCode"] for reply in replies] == [
        "PROCESSING_HALTED",
        "REQUIRED_FIELD_MISSING",
        "PROCESSING_HALTED",
    ]
    assert sandbox.records("Contact") == []
    assert sandbox.journal() == []
    assert sandbox.counters()["records"]["salesforce"]["written"] == 0


def test_five_collections_of_two_hundred_are_one_call(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.reset_counters()
    used = int(org.get("limits").headers["Sforce-Limit-Info"].split("=")[1].split("/")[0])
    parts = [
        sub(
            f"part{part}",
            "POST",
            "composite/sobjects",
            typed(*({"LastName": f"L{part}-{number}"} for number in range(200))),
        )
        for part in range(5)
    ]
    replies = run(org, *parts)
    assert all(item["success"] for reply in replies for item in reply["body"])
    assert sandbox.counters()["records"]["salesforce"]["written"] == 1000
    assert org.get("limits").headers["Sforce-Limit-Info"] == f"api-usage={used + 2}/100000"


def test_limits_of_a_composite_call(org: Org) -> None:
    def status(*requests: Row) -> int:
        return org.post("composite", {"compositeRequest": list(requests)}).status_code

    assert status(*(sub(f"r{number}", "GET", "limits") for number in range(25))) == 200
    assert status(*(sub(f"r{number}", "GET", "limits") for number in range(26))) == 400
    assert status(*(sub(f"r{number}", "GET", "query?q=SELECT+Id+FROM+Contact") for number in range(5))) == 200
    assert status(*(sub(f"r{number}", "GET", "query?q=SELECT+Id+FROM+Contact") for number in range(6))) == 400
    assert status(sub("same", "GET", "limits"), sub("same", "GET", "limits")) == 400
    assert status(sub("not-a-name", "GET", "limits")) == 400
    assert status() == 400


def test_parts_may_be_conditional(org: Org) -> None:
    made = org.create(LastName="A")
    modified = org.get(f"sobjects/Contact/{made}").headers["Last-Modified"]
    (reply,) = run(
        org, {**sub("r", "GET", f"sobjects/Contact/{made}"), "httpHeaders": {"If-Modified-Since": modified}}
    )
    assert (reply["httpStatusCode"], reply["body"], reply["httpHeaders"]) == (
        304,
        None,
        {"Last-Modified": modified},
    )


def test_a_batch_counts_each_part_and_can_halt(org: Org) -> None:
    made = org.create(LastName="A")
    used = int(org.get("limits").headers["Sforce-Limit-Info"].split("=")[1].split("/")[0])
    parts = [
        {"method": "PATCH", "url": f"v66.0/sobjects/Contact/{made}", "richInput": {"Title": "Dean"}},
        {"method": "GET", "url": f"v66.0/sobjects/Contact/{made}?fields=Title"},
        {"method": "GET", "url": "v66.0/sobjects/Person"},
        {"method": "GET", "url": "v66.0/limits"},
    ]
    reply = org.post("composite/batch", {"batchRequests": parts, "haltOnError": True})
    results = reply.json()["results"]
    assert reply.json()["hasErrors"] is True
    assert [result["statusCode"] for result in results] == [204, 200, 404, 412]
    assert results[0]["result"] is None
    assert results[1]["result"]["Title"] == "Dean"
    assert results[3]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"
    assert reply.headers["Sforce-Limit-Info"] == f"api-usage={used + 4}/100000"
