"""A run's detail holds the reason of a failure, and nobody's values (rule 22)."""

from pathlib import Path

import pytest

from syncer.connectors.errors import Fault
from syncer.connectors.protocol import Write
from syncer.connectors.system_text import without_values
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, System, Value
from tests.connectors.element451.scripted_server import Says, answering
from tests.connectors.salesforce.replying_org import CONTACT, error, org
from tests.connectors.salesforce.scripted_server import Reply

STUDENT = "Anna.Smith@example.edu"
FIELD = Field(System.ELEMENT451, "user-email-address", "E-mail", TEXT, Kind.CONTACT)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "\nSELECT Id FROM Contact WHERE Email = 'anna@x.edu'\n   ^\nERROR at Row:1:Column:12\n"
            "No such column 'Foo__c' on entity 'Contact'.",
            "ERROR at Row:1:Column:12 No such column 'Foo__c' on entity 'Contact'.",
        ),
        ("unexpected token: 'O Neil'", "unexpected token: …"),
        ("invalid ID field: Anna Smith", "invalid ID field: …"),
        (
            "Cannot deserialize double from VALUE_STRING value Anna Smith or request may be missing",
            "Cannot deserialize double from VALUE_STRING value … or request may be missing",
        ),
        ("anna@x.edu or +1 (555) 123-4567 is taken", "… or … is taken"),
        ('got length b\'{"first": "Anna"}\'', "got length b…"),
        ("Your query request was running for too long.", "Your query request was running for too long."),
        ("", ""),
    ],
)
def test_the_reason_stays_and_values_go(text: str, kept: str) -> None:
    assert without_values(text) == kept


def part(status: int, body: object) -> Reply:
    """The reply to a composite call of one part."""
    return Reply({"compositeResponse": [{"referenceId": "p0", "httpStatusCode": status, "body": body}]})


@pytest.mark.parametrize(
    "reply",
    [
        Reply(f"<p>{STUDENT}</p>", 200),
        Reply(f"<p>{STUDENT}</p>", 400),
        Reply(f"<p>{STUDENT}</p>", 503),
        Reply({"surprise": [STUDENT]}, 404),
        Reply(
            {"compositeResponse": [{"referenceId": "p0", "httpStatusCode": 200, "body": {"Email": STUDENT}}]}
        ),
        Reply({"compositeResponse": [{"referenceId": "p0", "httpStatusCode": 500, "body": STUDENT}]}),
        Reply({"compositeResponse": [{"referenceId": "p0", "httpStatusCode": 200, "body": [STUDENT]}]}),
        error(
            "MALFORMED_QUERY", f"\nWHERE Email = '{STUDENT}'\n ^\nERROR at Row:1:Column:1\nunexpected token"
        ),
        error("ODD", f"unexpected value {STUDENT}"),
    ],
    ids=repr,
)
def test_no_failure_of_salesforce_tells_of_a_student(tmp_path: Path, reply: Reply) -> None:
    writes = [Write("update", {"Email": "x"}, "003xx000004TmiQAAS")]
    with org(tmp_path, reply) as (_, client):
        try:
            told = [str(result.refusal) for result in client.write(CONTACT, writes)]
        except Fault as fault:
            told = [fault.detail, fault.sentence]
    assert told
    assert "Anna" not in " ".join(told)


@pytest.mark.parametrize(
    "says",
    [
        Says(f"<p>{STUDENT}</p>".encode(), headers={"Content-Type": "text/html"}),
        Says(f"<p>{STUDENT}</p>".encode(), 400),
        Says([STUDENT]),
        Says({"message": f"'{STUDENT}' is odd"}, 418),
        Says({"error": f"value {STUDENT}"}, 422),
        Says({"data": {"error": f"what is “{STUDENT}”"}}),
        Says({"data": {"result": {}, "warnings": [{"index": STUDENT}]}}),
    ],
    ids=repr,
)
@pytest.mark.parametrize("writing", [False, True])
def test_no_failure_of_element451_tells_of_a_student(says: Says, writing: bool) -> None:
    row: dict[str, Value] = {"user-email-address": "x"}
    with answering(lambda asked: says) as server, server.client() as client:
        try:
            told = [str(result.refusal) for result in client.update([("0" * 24, row)])] if writing else []
            told += [] if writing else [str(client.find(FIELD, ["x"], [FIELD]))]
        except Fault as fault:
            told = [fault.detail, fault.sentence]
    assert told
    assert "Anna" not in " ".join(told)
