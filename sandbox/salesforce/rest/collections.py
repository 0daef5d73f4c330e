"""sObject Collections: up to 200 records a call, results in order (contracts/salesforce.md A4.1)."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from sandbox.salesforce.errors import ROLLED_BACK, SalesforceError, not_found
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.present import columns_of, present
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.saving.part_limits import check_part
from sandbox.salesforce.saving.save import Saved

MOST_RECORDS = 200
MOST_RETRIEVED = 2000
MOST_CHUNKS = 10


def create(call: Call) -> Reply:
    """``POST /composite/sobjects``."""
    records, all_or_none = _records(call)
    drafts = call.org.saver.insert(_typed(call, records))
    saved = call.org.saver.save(drafts, all_or_none, allow_duplicates=call.allows_duplicates)
    return _results(saved, upserted=False)


def update(call: Call) -> Reply:
    """``PATCH /composite/sobjects``."""
    records, all_or_none = _records(call)
    saved = call.org.saver.save(call.org.saver.update(_typed(call, records)), all_or_none)
    return _results(saved, upserted=False)


def upsert(call: Call) -> Reply:
    """``PATCH /composite/sobjects/T/Field__c``."""
    item = call.org.schema.get(call.parts[2])
    key = item.field(call.parts[3])
    if key is None or not (key.externalId or key.idLookup):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {call.parts[3]}")
    records, all_or_none = _records(call)
    for found, _ in _typed(call, records):
        if found is not item:
            raise SalesforceError(
                400, "INVALID_INPUT", "All records of an upsert must have the type that the address names"
            )
    drafts = call.org.saver.upsert(item, records, key)
    saved = call.org.saver.save(drafts, all_or_none, allow_duplicates=call.allows_duplicates)
    return _results(saved, upserted=True)


def delete(call: Call) -> Reply:
    """``DELETE /composite/sobjects?ids=...``."""
    given = [id.strip() for id in call.params.get("ids", "").split(",") if id.strip()]
    if not given:
        raise SalesforceError(400, "MISSING_ARGUMENT", "The ids parameter is required")
    _check_count(len(given))
    results: list[Saved] = []
    gone: list[tuple[SObject, str]] = []
    for text in given:
        id = normal_id(text)
        item = call.org.schema.of_id(id) if id else None
        saved = Saved(id or text, [])
        if id is None or item is None:
            error = SalesforceError(400, "MALFORMED_ID", f"malformed id {text}")
            saved.errors = error.errors
        else:
            state = call.org.store.states(item, [id]).get(id)
            if state is None or call.org.store.visibility.hidden(item, [id]):
                saved.errors = SalesforceError(
                    400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"
                ).errors
            elif state or (item, id) in gone:
                saved.errors = SalesforceError(400, "ENTITY_IS_DELETED", "entity is deleted").errors
            else:
                gone.append((item, id))
        results.append(saved)
    if _flag(call.params.get("allOrNone")) and any(saved.errors for saved in results):
        return _results(
            [saved if saved.errors else Saved("", [ROLLED_BACK]) for saved in results], upserted=False
        )
    with call.org.world.transaction():
        for _, group in groupby(gone, key=lambda pair: pair[0].name):
            pairs = list(group)
            call.org.store.delete(pairs[0][0], [id for _, id in pairs], "api")
    call.org.world.counters.written("salesforce", len(gone))
    return _results(results, upserted=False)


def retrieve(call: Call) -> Reply:
    """``POST /composite/sobjects/T`` with ids and fields: the rows in order, null for one that is not
    there."""
    body = call.json_object()
    ids, names = body.get("ids"), body.get("fields")
    if (
        not isinstance(ids, list)
        or not isinstance(names, list)
        or not names
        or not all(isinstance(text, str) for text in [*ids, *names])
    ):
        raise SalesforceError(
            400, "MISSING_ARGUMENT", "The ids and fields properties are required and must be lists of text"
        )
    return _retrieve(call, ids, names)


def retrieve_by_address(call: Call) -> Reply:
    """``GET /composite/sobjects/T?ids=...&fields=...``."""
    ids, names = (
        [part.strip() for part in call.params.get(name, "").split(",") if part.strip()]
        for name in ("ids", "fields")
    )
    if not ids or not names:
        raise SalesforceError(400, "MISSING_ARGUMENT", "The ids and fields parameters are required")
    return _retrieve(call, ids, names)


def _retrieve(call: Call, ids: list[str], names: list[str]) -> Reply:
    item = call.org.schema.get(call.parts[2])
    check_part(call.org.options.part_limits, item, "retrieve", len(ids))
    if len(ids) > MOST_RETRIEVED:
        raise SalesforceError(
            400,
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot retrieve more than {MOST_RETRIEVED} records in this call",
        )
    fields: list[Field] = []
    for name in names:
        found = item.field(name)
        if found is None:
            raise SalesforceError(
                400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {item.name}"
            )
        if found not in fields:
            fields.append(found)
    full: list[str] = []
    for text in ids:
        id = normal_id(text)
        if id is None:
            raise SalesforceError(400, "MALFORMED_ID", f"malformed id {text}")
        full.append(id)
    if item.by_name["id"] not in fields:
        fields.append(item.by_name["id"])
    place = fields.index(item.by_name["id"])
    live = " AND NOT IsDeleted" if item.soft_deletes else ""
    rows = call.org.world.db.execute(
        f"SELECT {', '.join(columns_of(item, fields))} FROM {call.org.store.visibility.source(item)}"
        f" WHERE Id IN ({', '.join('?' * len(full))}){live}",
        full,
    ).fetchall()
    found_ids = [row[place] for row in rows]
    records = dict(zip(found_ids, present(call.base, item, fields, rows, found_ids), strict=True))
    call.org.world.counters.read("salesforce", len(records))
    return Reply(200, [records.get(id) for id in full])


def _records(call: Call) -> tuple[list[dict[str, Any]], bool]:
    body = call.json_object()
    records = body.get("records")
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(record, dict) for record in records)
    ):
        raise SalesforceError(
            400, "INVALID_INPUT", "The records property is required and must be a list of objects"
        )
    _check_count(len(records))
    return records, _flag(body.get("allOrNone"))


def _check_count(count: int) -> None:
    if count > MOST_RECORDS:
        raise SalesforceError(
            400,
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call",
        )


def _flag(value: object) -> bool:
    return value is True or str(value).lower() == "true"


def _typed(call: Call, records: list[dict[str, Any]]) -> list[tuple[SObject, Mapping[str, Any]]]:
    typed: list[tuple[SObject, Mapping[str, Any]]] = []
    for record in records:
        attributes = record.get("attributes")
        name = attributes.get("type") if isinstance(attributes, dict) else None
        if not isinstance(name, str):
            raise SalesforceError(400, "INVALID_INPUT", "Each record needs attributes with a type")
        item = call.org.schema.find(name)
        if item is None:
            raise SalesforceError(400, "INVALID_TYPE", f"sObject type '{name}' is not supported.")
        typed.append((item, record))
    if sum(1 for _ in groupby(typed, key=lambda pair: pair[0].name)) > MOST_CHUNKS:
        raise SalesforceError(
            400,
            "LIMIT_EXCEEDED",
            f"Cannot have more than {MOST_CHUNKS} chunks in a single operation. Please rearrange the data by"
            " type.",
        )
    return typed


def _results(saved: list[Saved], upserted: bool) -> Reply:
    return Reply(
        200,
        [
            {**result.as_item(), **({"created": result.created} if upserted and not result.errors else {})}
            for result in saved
        ],
    )
