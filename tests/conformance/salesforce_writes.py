"""How the tests write to a Salesforce org, and look at what is there then."""

from syncer.connectors.errors import Result
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from syncer.core.records import RecordState, Value
from tests.conformance.orgs import Org, fields
from tests.conformance.salesforce_reads import changed, only

KEY = "Element451_ID__c"
TALK = "Conversation_ID__c"


def write(org: Org, entity: Entity, *writes: Write) -> list[Result]:
    return org.api.write(entity, writes, TALK if entity.name == "E451_Conversation__c" else KEY)


def insert(**values: Value) -> Write:
    return Write("insert", {"LastName": "Lee", **values})


def code(result: Result) -> str | None:
    return result.refusal.code if result.refusal else None


def cause(result: Result) -> Cause | None:
    return result.refusal.cause if result.refusal else None


def values(org: Org, entity: Entity, record_id: str | None, *keys: str) -> list[Value]:
    record = only(org.api.read(entity, [record_id or ""], fields(entity, *keys)))
    assert record.state is RecordState.LIVE
    return [record.values[key] for key in keys]


def everyone(org: Org, entity: Entity) -> list[str]:
    return [record.id for record in changed(org, entity) if record.state is RecordState.LIVE]


def only_result(results: list[Result]) -> Result:
    (result,) = results
    return result
