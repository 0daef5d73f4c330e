"""One subrequest of a composite call: a collection of records of one action. Its JSON, and the result of each
record. No I/O (A4.1, A4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from syncer.connectors import json_bodies
from syncer.connectors.errors import Result
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.record_errors import (
    duplicate,
    passes,
    refusal,
    refused_fields,
    too_large,
    unclear,
)
from syncer.connectors.salesforce.responses import ApiError, errors_in
from syncer.connectors.salesforce.session import DATA_PATH
from syncer.connectors.salesforce.writing.subrequests import UPDATE, Call, Subrequest
from syncer.core.fields import Entity
from syncer.core.records import System, Value
from syncer.core.values import read, send

Before = Mapping[str, Mapping[str, Value]]
READING = "before"
"""The reference of the subrequest that reads."""


@dataclass(frozen=True, slots=True)
class WriteTarget:
    """Where a write goes: the object, and the field that holds our id (for upserts, and to recognise a
    repeated creation)."""

    entity: Entity
    external_id: str | None


@dataclass(slots=True)
class SubrequestResult:
    """What the response to a subrequest says: results by place, places to send again (with the result if that
    does not help), those to send again among fewer, those to send again without the fields that their result
    names, and the errors with which it failed as a whole."""

    results: dict[int, Result] = field(default_factory=dict)
    again: dict[int, Result] = field(default_factory=dict)
    among_fewer: dict[int, Result] = field(default_factory=dict)
    without_fields: dict[int, Result] = field(default_factory=dict)
    failed: list[ApiError] = field(default_factory=list)
    status: int = 200


def to_json(
    target: WriteTarget, writes: Sequence[Write], subrequest: Subrequest, reference: str
) -> dict[str, Any]:
    """The subrequest as a composite request holds it."""
    address = f"{DATA_PATH}composite/sobjects"
    method = "POST" if subrequest.action == "insert" else "PATCH"
    if subrequest.action == "upsert":
        address += f"/{target.entity.name}/{target.external_id}"
    records = [_record(target.entity.name, writes[place]) for place in subrequest.places]
    return {
        "method": method,
        "url": address,
        "referenceId": reference,
        "body": {"allOrNone": False, "records": records},
    }


def reading(target: WriteTarget, writes: Sequence[Write], call: Call) -> list[dict[str, Any]]:
    """The subrequest that reads, ahead of the updates of a call, what they overwrite (rule 16); none where
    there are no updates."""
    updates = [writes[place] for part in call if part.action == UPDATE for place in part.places]
    ids = [known for write in updates if (known := soql.id18(write.id or ""))]
    fields = dict.fromkeys(key for write in updates for key in write.values if key != "Id")
    if not ids or not fields:
        return []
    return [
        {
            "method": "POST",
            "url": f"{DATA_PATH}composite/sobjects/{target.entity.name}",
            "referenceId": READING,
            "body": {"ids": ids, "fields": ["Id", *fields]},
        }
    ]


def parse_reading(target: WriteTarget, response: Mapping[str, Any] | None) -> Before:
    """What the reading brought, by the first 15 characters of the ids: nothing where it failed. A record that
    is missing from it may exist all the same."""
    body = response.get("body") if response and response.get("httpStatusCode") == 200 else None
    rows = [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []
    fields = target.entity.fields
    return {
        str(row.get("Id"))[:15]: {
            key: read(fields[key], value) for key, value in row.items() if key in fields
        }
        for row in rows
    }


def size(target: WriteTarget, write: Write) -> int:
    """The bytes of a record as the body holds it."""
    return len(json_bodies.encode(_record(target.entity.name, write)))


def _record(name: str, write: Write) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": name}}
    record.update((key, send(System.SALESFORCE, value)) for key, value in write.values.items() if key != "Id")
    if write.action == "update":
        record["id"] = write.id
    return record


def parse(
    target: WriteTarget,
    writes: Sequence[Write],
    subrequest: Subrequest,
    response: Mapping[str, Any] | None,
    uncertain: bool,
    before: Before,
) -> SubrequestResult:
    """Parse the response to a subrequest; ``before`` is what its targets held. Results count only where there
    is exactly one for each record: none is ever guessed by its place."""
    outcome = SubrequestResult()
    body = response.get("body") if response else None
    status = response.get("httpStatusCode") if response else None
    outcome.status = status if isinstance(status, int) else 0
    if outcome.status >= 400:
        outcome.failed = errors_in(body) or [ApiError(f"HTTP {outcome.status}", _shape(body))]
        return outcome
    if not isinstance(body, list) or len(body) != len(subrequest.places):
        detail = f"{_shape(body)} for {len(subrequest.places)} records"
        outcome.results = {
            place: Result(refusal=unclear(detail), uncertain=True) for place in subrequest.places
        }
        return outcome
    for place, item in zip(subrequest.places, body, strict=True):
        write = writes[place]
        result = _result(target, write, item, uncertain)
        if write.action == UPDATE and (held := before.get((write.id or "")[:15])) is not None:
            result = replace(result, before={key: held[key] for key in write.values if key in held})
        errors = _errors(item)
        if errors and too_large(errors[0]):
            outcome.among_fewer[place] = result
        elif errors and passes(errors[0]):
            outcome.again[place] = result
        elif write.action == UPDATE and _has_a_rest(errors, write, target):
            outcome.without_fields[place] = result
        else:
            outcome.results[place] = result
    return outcome


def _shape(body: object) -> str:
    """What stands in the place of a result, by its form: it may be anybody's data."""
    return f"{len(body)} results" if isinstance(body, list) else f"{type(body).__name__} without a result"


def _has_a_rest(errors: Sequence[ApiError], write: Write, target: WriteTarget) -> bool:
    """Whether an update may pass without the fields that its errors name, and has others (rule 15). Our own
    ID is never left out: it says who the record is."""
    fields = refused_fields(errors, write, target.entity)
    return bool(fields) and target.external_id not in fields and len(fields) < len(write.values)


def _errors(item: Any) -> list[ApiError]:
    return (
        errors_in(item.get("errors") or []) if isinstance(item, dict) and item.get("success") is False else []
    )


def _result(target: WriteTarget, write: Write, item: Any, uncertain: bool) -> Result:
    if not isinstance(item, dict):
        return Result(refusal=unclear(_shape(item)), uncertain=True)
    if item.get("success") is True:
        known = soql.id18(str(item.get("id"))) if item.get("id") else None
        if write.action == "update" and known is not None and write.id and known[:15] != write.id[:15]:
            return Result(refusal=unclear(f"{known} in the result for {write.id}"), uncertain=True)
        if known is None and write.action != "update":
            return Result(refusal=unclear("no id in the response"), uncertain=True)
        return Result(
            id=known or write.id,
            created=write.action == "insert" or item.get("created") is True,
            uncertain=uncertain,
        )
    errors = _errors(item)
    if not errors:
        return Result(refusal=unclear(_shape(item)), uncertain=True)
    return _refused(target, write, errors, uncertain)


def _refused(target: WriteTarget, write: Write, errors: list[ApiError], uncertain: bool) -> Result:
    first, why = errors[0], refusal(errors, target.entity)
    if first.code == "DUPLICATE_VALUE" and write.action == "insert" and target.external_id:
        field, known = duplicate(first)
        # "<unknown>" is what Salesforce says when the other record is subrequest of the same transaction; our
        # own key is the likely one.
        if field.lower() in ("", target.external_id.lower()):
            return Result(id=soql.id18(known or ""), refusal=why, existing=True, uncertain=uncertain)
    return Result(id=write.id, refusal=why, uncertain=uncertain)
