"""An org that takes composite calls of writes and answers each record, part or call as a test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncer.connectors.errors import Result
from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from syncer.connectors.salesforce.field_types import field_type
from syncer.core.fields import Entity, Field
from syncer.core.records import System
from tests.connectors.salesforce.scripted_server import (
    SECRET,
    Asked,
    FileStore,
    Reply,
    refused,
    scripted,
    some_tokens,
)

Item = dict[str, Any]
Judge = Callable[[str, Item], Item | None]
LOCKED = {
    "statusCode": "UNABLE_TO_LOCK_ROW",
    "message": "unable to obtain exclusive access to this record or 200 records: 001",
    "fields": [],
}


def a_field(key: str, type: str = "string", **more: Any) -> Field:
    return Field(System.SALESFORCE, key, key.replace("__c", "").replace("_", " "), field_type(type), **more)


FIELDS = [
    a_field("Id", "id"),
    a_field("LastName"),
    a_field("Title"),
    a_field("Extra__c"),
    a_field("Key__c", unique=True, external_id=True),
    a_field("Account__c", "reference"),
]
CONTACT = Entity("Contact", "Contact", {one.key: one for one in FIELDS})


def id_of(number: int) -> str:
    return f"003{number:012d}AAA"


def updates(count: int, **values: Any) -> list[Write]:
    return [
        Write("update", {"LastName": f"n{number}", **values}, id=id_of(number)) for number in range(count)
    ]


def inserts(count: int) -> list[Write]:
    return [Write("insert", {"LastName": f"n{number}", "Key__c": f"k{number}"}) for number in range(count)]


def failed(code: str, message: str = "", *fields: str) -> Item:
    return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": list(fields)}]}


def number_of(record: Item) -> int:
    return int(record["LastName"].removeprefix("n"))


@dataclass
class Org:
    """Takes composite calls of writes. ``judge`` refuses single records, ``part`` answers a whole part,
    ``reading`` what is read ahead of updates, ``call`` a whole call; None: all is well. ``rows`` answers
    queries, ``held`` the reading, by id; ``composites`` are the writes of each call, ``readings`` what was
    read ahead."""

    judge: Judge = lambda action, record: None
    part: Callable[[Item], Item | None] = lambda request: None
    reading: Callable[[Item], Item | None] = lambda request: None
    call: Callable[[int], Reply | None] = lambda number: None
    rows: list[Item] = field(default_factory=list)
    held: dict[str, Item] = field(default_factory=dict)
    composites: list[list[Item]] = field(default_factory=list)
    readings: list[Item] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.endswith("/token"):
            return refused("invalid_grant", "expired access/refresh token")
        if "/queryAll" in asked.path:
            return Reply({"totalSize": len(self.rows), "done": True, "records": self.rows})
        requests = asked.json["compositeRequest"]
        with self.guard:
            self.readings += [request for request in requests if "ids" in request["body"]]
            self.composites.append([request for request in requests if "ids" not in request["body"]])
            number = len(self.composites)
        reply = self.call(number)
        return reply or Reply({"compositeResponse": [self._part(request) for request in reversed(requests)]})

    def _part(self, request: Item) -> Item:
        if "ids" in request["body"]:
            body = [self.held.get(id) for id in request["body"]["ids"]]
            usual = {"referenceId": request["referenceId"], "httpStatusCode": 200, "body": body}
            return {**usual, **(self.reading(request) or {})}
        body = [self._item(request, record) for record in request["body"]["records"]]
        usual = {
            "referenceId": request["referenceId"],
            "httpStatusCode": 200,
            "httpHeaders": {},
            "body": body,
        }
        return {**usual, **(self.part(request) or {})}

    def _item(self, request: Item, record: Item) -> Item:
        action = "insert" if request["method"] == "POST" else "update" if "id" in record else "upsert"
        verdict = self.judge(action, record)
        if verdict is not None:
            return verdict
        created = {"created": True} if action == "upsert" else {}
        return {"id": record.get("id") or id_of(number_of(record)), "success": True, "errors": [], **created}


@contextmanager
def client_of(org: Org, tmp_path: Path, **options: Any) -> Iterator[SalesforceClient]:
    with scripted(org) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        quick = RetryPolicy(base_delay=0.001, sleep=lambda seconds: None)
        yield SalesforceClient(
            store,
            client_id="client",
            client_secret=SECRET,
            allowed_hosts=[server.host],
            **{"retry": quick, "threads": 1, **options},
        )


def write(org: Org, tmp_path: Path, writes: list[Write], **options: Any) -> list[Result]:
    with client_of(org, tmp_path, **options) as client:
        return client.write(CONTACT, writes, "Key__c")


def sizes(org: Org) -> list[list[int]]:
    return [[len(request["body"]["records"]) for request in composite] for composite in org.composites]


def codes(results: list[Result]) -> list[str]:
    return [result.refusal.code if result.refusal else "" for result in results]
