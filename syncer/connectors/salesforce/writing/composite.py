"""One part of a composite call: a collection of records of one action. Its request, and the result of each
record. No I/O (A4.1, A4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from syncer.connectors.errors import Result
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.record_errors import duplicate, passes, refusal, unclear
from syncer.connectors.salesforce.responses import ApiError, errors_in
from syncer.connectors.salesforce.session import DATA_PATH
from syncer.core.fields import Entity
from syncer.core.records import System
from syncer.core.values import send


@dataclass(frozen=True, slots=True)
class Target:
    """Where a write goes: the object, and the field that holds our id (for upserts, and to recognise a
    repeated creation)."""

    entity: Entity
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """Writes of one action, by their places in the caller's order."""

    action: str
    places: Sequence[int]


@dataclass(slots=True)
class Read:
    """What the answer to a part says: results by place, places to send again, and the errors with which it
    failed as a whole."""

    results: dict[int, Result] = field(default_factory=dict)
    again: dict[int, Result] = field(default_factory=dict)
    failed: list[ApiError] = field(default_factory=list)
    status: int = 200


def request(target: Target, writes: Sequence[Write], part: Part, reference: str) -> dict[str, Any]:
    """The part's entry in a composite request."""
    address = f"{DATA_PATH}composite/sobjects"
    method = "POST" if part.action == "insert" else "PATCH"
    if part.action == "upsert":
        address += f"/{target.entity.name}/{target.external_id}"
    records = [_record(target.entity.name, writes[place]) for place in part.places]
    return {
        "method": method,
        "url": address,
        "referenceId": reference,
        "body": {"allOrNone": False, "records": records},
    }


def _record(name: str, write: Write) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": name}}
    record.update((key, send(System.SALESFORCE, value)) for key, value in write.values.items() if key != "Id")
    if write.action == "update":
        record["id"] = write.id
    return record


def read(
    target: Target, writes: Sequence[Write], part: Part, answer: Mapping[str, Any] | None, uncertain: bool
) -> Read:
    """Read a part's answer. Results count only where there is exactly one for each record: none is ever
    guessed by its place."""
    found = Read()
    body = answer.get("body") if answer else None
    status = answer.get("httpStatusCode") if answer else None
    found.status = status if isinstance(status, int) else 0
    if found.status >= 400:
        found.failed = errors_in(body) or [ApiError(f"HTTP {found.status}", str(body)[:200])]
        return found
    if not isinstance(body, list) or len(body) != len(part.places):
        detail = (
            f"{len(body)} results for {len(part.places)} records"
            if isinstance(body, list)
            else str(body)[:200]
        )
        found.results = {place: Result(refusal=unclear(detail), uncertain=True) for place in part.places}
        return found
    for place, item in zip(part.places, body, strict=True):
        result = _result(target, writes[place], item, uncertain)
        # Only a refusal that a short wait may cure is sent again.
        errors = _errors(item)
        (found.again if errors and passes(errors[0]) else found.results)[place] = result
    return found


def _errors(item: Any) -> list[ApiError]:
    return (
        errors_in(item.get("errors") or []) if isinstance(item, dict) and item.get("success") is False else []
    )


def _result(target: Target, write: Write, item: Any, uncertain: bool) -> Result:
    if not isinstance(item, dict):
        return Result(refusal=unclear(str(item)[:200]), uncertain=True)
    if item.get("success") is True:
        known = soql.id18(str(item.get("id"))) if item.get("id") else None
        if write.action == "update" and known is not None and write.id and known[:15] != write.id[:15]:
            return Result(refusal=unclear(f"{known} answered for {write.id}"), uncertain=True)
        if known is None and write.action != "update":
            return Result(refusal=unclear("no id in the answer"), uncertain=True)
        return Result(
            id=known or write.id,
            created=write.action == "insert" or item.get("created") is True,
            uncertain=uncertain,
        )
    errors = _errors(item)
    if not errors:
        return Result(refusal=unclear(str(item)[:200]), uncertain=True)
    return _refused(target, write, errors, uncertain)


def _refused(target: Target, write: Write, errors: list[ApiError], uncertain: bool) -> Result:
    first, why = errors[0], refusal(errors, target.entity)
    if first.code == "DUPLICATE_VALUE" and write.action == "insert" and target.external_id:
        field, known = duplicate(first)
        # "<unknown>" is what Salesforce says when the other record is part of the same transaction; our own
        # key is the likely one.
        if field.lower() in ("", target.external_id.lower()):
            return Result(id=soql.id18(known or ""), refusal=why, existing=True, uncertain=uncertain)
    return Result(id=write.id, refusal=why, uncertain=uncertain)
