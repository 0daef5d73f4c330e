"""Single records: create, read, update, delete, upsert by external id (contracts/salesforce.md A3)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from sandbox.salesforce.errors import SalesforceError, deleted, not_found
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.present import columns_of, present
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.saving.save import Saved
from sandbox.salesforce.visibility import quote

FILE_ENDING = re.compile(r"\.[A-Za-z]{2,}$")


def create(call: Call) -> Reply:
    """``POST /sobjects/T``."""
    item = call.org.schema.get(call.parts[1])
    drafts = call.org.saver.insert([(item, call.json_object())])
    return _created(call, item, call.org.saver.save(drafts, allow_duplicates=call.allows_duplicates)[0])


def create_by_id(call: Call) -> Reply:
    """``POST /sobjects/T/Id``: creates too."""
    if call.parts[2].lower() != "id":
        raise SalesforceError(
            405, "METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are DELETE,GET,PATCH"
        )
    return create(call)


def read(call: Call) -> Reply:
    """``GET /sobjects/T/{id}``."""
    item = call.org.schema.get(call.parts[1])
    return _read(call, item, _existing(call, item, call.parts[2]))


def update(call: Call) -> Reply:
    """``PATCH /sobjects/T/{id}``."""
    item = call.org.schema.get(call.parts[1])
    id = _existing(call, item, call.parts[2])
    _check_unmodified(call, item, id)
    _save_one(call, item, id)
    return Reply(204)


def delete(call: Call) -> Reply:
    """``DELETE /sobjects/T/{id}``."""
    item = call.org.schema.get(call.parts[1])
    _delete(call, item, _existing(call, item, call.parts[2]))
    return Reply(204)


def read_by_key(call: Call) -> Reply:
    """``GET /sobjects/T/Field__c/{value}``."""
    item, key, value = _keyed(call)
    return _read_or_several(call, item, _matches(call, item, key, value))


def delete_by_key(call: Call) -> Reply:
    """``DELETE /sobjects/T/Field__c/{value}``."""
    item, key, value = _keyed(call)
    ids = _matches(call, item, key, value)
    if len(ids) == 1:
        _delete(call, item, ids[0])
        return Reply(204)
    return _read_or_several(call, item, ids)


def upsert(call: Call) -> Reply:
    """``PATCH /sobjects/T/Field__c/{value}``."""
    item, key, value = _keyed(call)
    body = call.json_object()
    if any(name.lower() == key.name.lower() for name in body):
        text = f"The {key.name} field should not be specified in the sobject data."
        raise SalesforceError(400, "INVALID_FIELD", text, (key.name,))
    ids = _matches(call, item, key, value)
    if len(ids) > 1:
        return _several(call, item, ids)
    if ids:
        _save_one(call, item, ids[0])
        return Reply(200, {"id": ids[0], "success": True, "errors": [], "created": False})
    if call.params.get("updateOnly", "").lower() == "true":
        raise not_found()
    drafts = call.org.saver.upsert(item, [{**body, key.name: value}], key)
    reply = _created(call, item, call.org.saver.save(drafts, allow_duplicates=call.allows_duplicates)[0])
    reply.body["created"] = True
    return reply


def _created(call: Call, item: SObject, saved: Saved) -> Reply:
    if saved.errors:
        raise SalesforceError.of(400, saved.errors)
    body = {"id": saved.id, "success": True, "errors": []}
    return Reply(201, body, {"Location": f"{call.base}/sobjects/{item.name}/{saved.id}"})


def _save_one(call: Call, item: SObject, id: str) -> None:
    body = call.json_object()
    if any(name.lower() == "id" for name in body):
        text = "The Id field should not be specified in the sobject data."
        raise SalesforceError(400, "INVALID_FIELD", text, ("Id",))
    saved = call.org.saver.save(call.org.saver.update([(item, {**body, "Id": id})]))[0]
    if saved.errors:
        raise SalesforceError.of(400, saved.errors)


def _delete(call: Call, item: SObject, id: str) -> None:
    with call.org.world.transaction():
        call.org.store.delete(item, [id], "api")
    call.org.world.counters.written("salesforce", 1)


def _existing(call: Call, item: SObject, given: str) -> str:
    id = normal_id(given)
    if id is None or not id.startswith(item.keyPrefix):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {given}")
    state = call.org.store.states(item, [id]).get(id)
    if state is None or call.org.store.visibility.hidden(item, [id]):
        raise not_found()
    if state:
        raise deleted()
    return id


def _keyed(call: Call) -> tuple[SObject, Field, str]:
    item = call.org.schema.get(call.parts[1])
    key = item.field(call.parts[2])
    if key is None or not (key.externalId or key.idLookup) or FILE_ENDING.search(call.parts[3]):
        raise not_found()
    return item, key, call.parts[3]


def _matches(call: Call, item: SObject, key: Field, value: str) -> list[str]:
    live = " AND NOT IsDeleted" if item.soft_deletes else ""
    wanted: object = normal_id(value) if key.type == "id" else value.strip()
    source = call.org.store.visibility.source(item)
    rows = call.org.world.db.execute(
        f"SELECT Id FROM {source} WHERE {quote(key.column)} = ?{live} ORDER BY Id", (wanted,)
    )
    return [id for (id,) in rows]


def _several(call: Call, item: SObject, ids: Sequence[str]) -> Reply:
    return Reply(300, [f"{call.base}/sobjects/{item.name}/{id}" for id in ids])


def _read_or_several(call: Call, item: SObject, ids: Sequence[str]) -> Reply:
    if not ids:
        raise not_found()
    return _read(call, item, ids[0]) if len(ids) == 1 else _several(call, item, ids)


def _read(call: Call, item: SObject, id: str) -> Reply:
    fields = item.visible()
    if "fields" in call.params:
        names = [name.strip() for name in call.params["fields"].split(",") if name.strip()]
        wanted = [(name, item.field(name)) for name in names]
        for name, found in wanted:
            if found is None:
                raise SalesforceError(
                    400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {item.name}"
                )
        fields = [found for _, found in wanted if found is not None]
        if all(found.type != "id" for found in fields):
            fields = [*fields, item.by_name["id"]]
    selected = ", ".join([*columns_of(item, fields), "SystemModstamp"])
    row = call.org.world.db.execute(
        f"SELECT {selected} FROM {call.org.store.visibility.source(item)} WHERE Id = ?", (id,)
    ).fetchone()
    if row is None:
        raise not_found()
    modified = _moment(row[-1])
    headers = {"Last-Modified": format_datetime(modified, usegmt=True)}
    since = _date_header(call, "if-modified-since")
    if since is not None and modified <= since:
        return Reply(304, None, headers)
    call.org.world.counters.read("salesforce", 1)
    return Reply(200, present(call.base, item, fields, [row], [id])[0], headers)


def _check_unmodified(call: Call, item: SObject, id: str) -> None:
    since = _date_header(call, "if-unmodified-since")
    if since is not None:
        (modified,) = call.org.world.db.execute(
            f"SELECT SystemModstamp FROM {quote(item.name)} WHERE Id = ?", (id,)
        ).fetchone()
        if _moment(modified) > since:
            raise SalesforceError(
                412, "PRECONDITION_FAILED", "The precondition given in If-Unmodified-Since has failed."
            )


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _date_header(call: Call, name: str) -> datetime | None:
    text = call.headers.get(name)
    if text is None:
        return None
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        if call.method == "GET":
            return None
        raise SalesforceError(400, "INVALID_HEADER", f"Invalid {name} header: {text}") from None
