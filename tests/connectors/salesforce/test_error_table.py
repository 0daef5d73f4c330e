"""Every error that Salesforce is known to answer with (contracts/salesforce.md A8), in every call of a sync:
what the call ends with, whether it is worth trying again, and the sentence for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    ReconnectNeeded,
    Refusal,
    Result,
    Unexpected,
    Unreachable,
)
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce import SalesforceClient
from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import find
from syncer.core.fields import Entity
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox

KEY = "Element451_ID__c"
TALK = "Conversation_ID__c"


@dataclass(frozen=True)
class Row:
    """One line of A8. ``call``: what a whole call ends with that is answered so for ever. ``record``: whether
    a record that is refused so is tried again; None where A8 knows the error of the other alone."""

    code: str
    status: int
    text: str
    call: type[Fault] | None
    record: Cause | None

    @property
    def body(self) -> object:
        """As a whole call answers."""
        return [{"errorCode": self.code, "message": self.text}]

    @property
    def error(self) -> dict[str, object]:
        """As a write answers for one record."""
        return {"statusCode": self.code, "message": self.text, "fields": []}


PASSING, LASTING = Cause.PASSING, Cause.LASTING
LIMIT = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
TABLE = [
    Row("REQUEST_LIMIT_EXCEEDED", 403, "TotalRequests Limit exceeded.", LimitReached, PASSING),
    Row("REQUEST_LIMIT_EXCEEDED", 403, LIMIT, Unreachable, PASSING),
    Row("UNABLE_TO_LOCK_ROW", 400, "unable to obtain exclusive access to this record", Unreachable, PASSING),
    Row("QUERY_TIMEOUT", 400, "Your query request was running for too long.", Unreachable, PASSING),
    Row("SERVER_UNAVAILABLE", 503, "Server temporarily unavailable", Unreachable, PASSING),
    Row("UNKNOWN_EXCEPTION", 500, "An unexpected error occurred.", Unreachable, PASSING),
    Row("TOO_MANY_APEX_REQUESTS", 400, "Too many requests", Unreachable, PASSING),
    Row("TOO_MANY_APEX_REQUESTS", 503, "Too many requests", Unreachable, PASSING),
    Row("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 400, "maintenance", LimitReached, PASSING),
    Row("TXN_SECURITY_METERING_ERROR", 400, "metering", Unreachable, PASSING),
    Row("OPERATION_TOO_LARGE", 400, "exceeded 100000 distinct who/what's", Unreachable, PASSING),
    Row("EXCEEDED_ID_LIMIT", 400, "record limit reached", Unreachable, PASSING),
    Row("DUPLICATES_DETECTED", 400, "Use one of these records?", Unexpected, LASTING),
    Row("DUPLICATE_EXTERNAL_ID", 400, "Ext__c: more than one record found", Unexpected, LASTING),
    Row("INSUFFICIENT_ACCESS_OR_READONLY", 403, "insufficient access rights", NotAllowed, LASTING),
    Row("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 400, "insufficient access", None, LASTING),
    Row("MALFORMED_ID", 400, "Contact ID: id value of incorrect type: x", Unexpected, LASTING),
    Row("REQUIRED_FIELD_MISSING", 400, "Required fields are missing: [LastName]", Unexpected, LASTING),
    Row("FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, "Graduates need a term", Unexpected, LASTING),
    Row("FIELD_INTEGRITY_EXCEPTION", 400, "There's a problem with this state", Unexpected, LASTING),
    Row("STRING_TOO_LONG", 400, "Last Name: data value too large: X (max length=80)", Unexpected, LASTING),
    Row("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", 400, "Race: bad value: X", Unexpected, LASTING),
    Row("INVALID_EMAIL_ADDRESS", 400, "Email: invalid email address: x", Unexpected, LASTING),
    Row("INVALID_FIELD", 400, "No such column 'X' on sobject of type Contact", FieldRefused, LASTING),
    Row("INVALID_FIELD_FOR_INSERT_UPDATE", 400, "Unable to create/update fields: Name.", None, LASTING),
    Row("INVALID_TYPE", 400, "sObject type 'XYZZY' is not supported.", FieldRefused, LASTING),
    Row("NOT_FOUND", 404, "The requested resource does not exist", FieldRefused, None),
    Row("MALFORMED_QUERY", 400, "unexpected token", Unexpected, LASTING),
    Row("API_DISABLED_FOR_ORG", 403, "API is disabled for this User", NotAllowed, PASSING),
    Row("API_CURRENTLY_DISABLED", 403, "API is currently disabled", NotAllowed, PASSING),
    Row("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "T: System.NullPointerException", None, LASTING),
    Row("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "T: UNABLE_TO_LOCK_ROW, unable to", None, PASSING),
    Row("STORAGE_LIMIT_EXCEEDED", 400, "storage limit exceeded", Unreachable, PASSING),
]

CALLS: dict[str, tuple[str, Callable[[SalesforceClient, Entity, str], object]]] = {
    "describe": ("/sobjects/Contact/describe", lambda client, entity, id: client.describe("Contact")),
    "query": (
        "/query",
        lambda client, entity, id: client.find(entity, entity.fields["LastName"], ["Lee"], []),
    ),
    "increment": (
        "/query",
        lambda client, entity, id: list(
            client.changed(entity, [entity.fields["LastName"]], datetime.now(UTC) - timedelta(days=1), None)
        ),
    ),
    "import": ("/composite|/query", lambda client, entity, id: client.read(entity, [id], [])),
}
WRITES: dict[str, Callable[[str], Write]] = {
    "export of a change": lambda id: Write("update", {"FirstName": "New"}, id=id),
    "export of a creation": lambda id: Write("insert", {"LastName": "Ray", KEY: "a" * 24}),
}
OF_CALLS = [row for row in TABLE if row.call is not None]
OF_RECORDS = [row for row in TABLE if row.record is not None]


def named(row: Row) -> str:
    """A row's name in a test's id."""
    return f"{row.code}-{row.status}-{row.text[:12]}"


@pytest.fixture(scope="module")
def contact(running: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Entity:
    """Contact as described."""
    running.reset()
    return client_of(running, tmp_path_factory.mktemp("first")).describe("Contact")


@pytest.fixture
def client(running: RunningSandbox, contact: Entity, tmp_path: Path) -> SalesforceClient:
    """A client that waits for nothing, of an org without errors."""
    running.clear_faults()
    return client_of(running, tmp_path)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("row", OF_CALLS, ids=named)
def test_a_call_ends_as_the_table_says(
    running: RunningSandbox, client: SalesforceClient, contact: Entity, row: Row, call: str
) -> None:
    assert row.call
    person = running.create("Contact", LastName="Lee")
    path, ask = CALLS[call]
    running.fault("status", system="salesforce", path=path, status=row.status, body=row.body, times=-1)
    with pytest.raises(row.call) as raised:
        ask(client, contact, person)
    running.clear_faults()
    fault = raised.value
    assert (fault.code, fault.permanent) == (row.code, row.call.permanent)
    _said(fault.sentence, row)
    ask(client, contact, person)  # and once the error is over, all is well


@pytest.mark.parametrize("row", OF_CALLS, ids=named)
def test_the_mark_of_an_increment_is_only_bounded_by_what_getupdated_says(
    running: RunningSandbox, client: SalesforceClient, contact: Entity, row: Row
) -> None:
    until = datetime.now(UTC)
    running.fault("status", path="/updated", status=row.status, body=row.body, times=-1)
    if row.call is LimitReached:
        with pytest.raises(LimitReached):
            client.complete_until(contact, until)
    else:
        assert client.complete_until(contact, until) <= until


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_no_error_of_the_table_ends_a_sign_in(
    running: RunningSandbox, client: SalesforceClient, row: Row
) -> None:
    running.expire_tokens()
    running.fault("status", path="/oauth2/token", status=row.status, body=row.body, times=-1)
    with pytest.raises(Fault) as raised:
        client.describe("Contact")
    assert not isinstance(raised.value, ReconnectNeeded)
    running.clear_faults()
    assert client.describe("Contact").name == "Contact"


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("row", OF_RECORDS, ids=named)
def test_a_refused_record_says_why_and_whether_it_is_tried_again(
    running: RunningSandbox, client: SalesforceClient, contact: Entity, row: Row, write: str
) -> None:
    person = running.create("Contact", LastName="Lee")
    running.fault("record", object="Contact", index=0, error=row.error, times=-1)
    (result,) = client.write(contact, [WRITES[write](person)], KEY)
    running.clear_faults()
    _refused(result, row)


@pytest.mark.parametrize("row", OF_RECORDS, ids=named)
def test_a_refused_conversation_says_why_and_whether_it_is_tried_again(
    running: RunningSandbox, client: SalesforceClient, contact: Entity, row: Row
) -> None:
    talk = client.describe("E451_Conversation__c")
    running.fault("record", object=talk.name, index=0, error=row.error, times=-1)
    (result,) = client.write(talk, [Write("upsert", {TALK: "b" * 24, "Subject__c": "Hello"})], TALK)
    running.clear_faults()
    _refused(result, row)


def _refused(result: Result, row: Row) -> None:
    refusal = result.refusal
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.cause) == (row.code, row.record)
    assert not result.deleted
    _said(refusal.sentence, row)
    known = find(row.code)
    assert known
    assert known.title
    assert known.remedy


def _said(sentence: str, row: Row) -> None:
    """A sentence for a person: a whole one, or one that quotes Salesforce's; not the code."""
    assert sentence.endswith((".", row.text))
    assert row.code not in sentence
