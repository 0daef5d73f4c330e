"""An org of one object whose answers a test can bend: it knows the queries of changes and of lists, and
nothing else."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from syncer.connectors.salesforce.field_types import field_type
from syncer.core.fields import Entity, Field
from syncer.core.records import System
from tests.connectors.salesforce.scripted_server import SECRET, Asked, FileStore, Reply, scripted, some_tokens

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Row = dict[str, Any]


def a_field(key: str, type: str = "string", **more: Any) -> Field:
    return Field(System.SALESFORCE, key, key, field_type(type), **more)


NAME, KEY = a_field("LastName"), a_field("Key__c")
SYSTEM = [
    a_field("Id", "id"),
    a_field("SystemModstamp", "datetime"),
    a_field("IsDeleted", "boolean"),
    a_field("MasterRecordId", "reference"),
]
ALL = [*SYSTEM, a_field("AccountId", "reference"), NAME, KEY, a_field("Parent__c", "reference")]
CONTACT = Entity("Contact", "Contact", {one.key: one for one in ALL}, key_prefix="003")


def id_of(number: int) -> str:
    return f"003{number:012d}AAA"


def stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def a_row(number: int, when: datetime, **more: Any) -> Row:
    return {
        "Id": id_of(number),
        "SystemModstamp": stamp(when),
        "IsDeleted": False,
        "MasterRecordId": None,
        "AccountId": None,
        "LastName": f"n{number}",
        **more,
    }


@dataclass
class Table:
    """An org of one object that answers queries of changes and by lists. ``before`` may answer a request in
    its stead."""

    rows: list[Row]
    page: int = 3
    before: Callable[[Asked], Reply | None] = lambda asked: None
    statements: list[str] = field(default_factory=list)
    cursors: dict[str, list[Row]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        self.calls.append(asked.path)
        reply = self.before(asked) or self._answer(asked)
        reply.headers.setdefault("Date", format_datetime(NOW, usegmt=True))
        return reply

    def _answer(self, asked: Asked) -> Reply:
        if "/query/" in asked.path:
            name, at = asked.path.rsplit("/", 1)[1].split("-")
            return Reply(self._page(name, int(at)))
        if "/queryAll" in asked.path:
            return Reply(self._query(asked.query["q"]))
        if asked.path.endswith("/composite"):
            parts = asked.json["compositeRequest"]
            assert len(parts) <= 5
            bodies = [self._query(parse_qs(urlsplit(part["url"]).query)["q"][0]) for part in parts]
            answers = [
                {"referenceId": part["referenceId"], "httpStatusCode": 200, "body": body}
                for part, body in zip(parts, bodies, strict=True)
            ]
            return Reply({"compositeResponse": answers})
        by_id = {row["Id"]: row for row in self.rows if not row["IsDeleted"]}
        return Reply(
            [
                by_id.get(id) and {name: by_id[id].get(name) for name in asked.json["fields"]}
                for id in asked.json["ids"]
            ]
        )

    def _query(self, statement: str) -> Row:
        self.statements.append(statement)
        by_id = " ORDER BY Id" in statement
        found = sorted(
            (row for row in self.rows if matches(statement, row)),
            key=lambda row: ("" if by_id else row["SystemModstamp"], row["Id"]),
        )
        if limit := re.search(r" LIMIT (\d+)$", statement):
            found = found[: int(limit[1])]
        columns = statement.split(" ")[1].split(",")
        name = f"01g{len(self.cursors)}"
        self.cursors[name], self.columns = found, columns
        return self._page(name, 0)

    def _page(self, name: str, at: int) -> Row:
        found, until = self.cursors[name], at + self.page
        more = {} if until >= len(found) else {"nextRecordsUrl": f"/services/data/v66.0/query/{name}-{until}"}
        rows = [{column: row.get(column) for column in self.columns} for row in found[at:until]]
        return {"totalSize": len(found), "done": not more, **more, "records": rows}


def matches(statement: str, row: Row) -> bool:
    when = datetime.fromisoformat(row["SystemModstamp"])
    if found := re.search(r"SystemModstamp >= (\S+)", statement):
        return when >= datetime.fromisoformat(found[1])
    if found := re.search(
        r"SystemModstamp = (\S+) AND Id > '(\w+)'\) OR SystemModstamp > (\S+)\)", statement
    ):
        assert found[1] == found[3]
        return (when, row["Id"]) > (datetime.fromisoformat(found[1]), found[2])
    if found := re.search(
        r" WHERE (\w+) IN \((.*)\)(?: AND Id > '(\w+)')? ORDER BY Id(?: LIMIT \d+)?$", statement
    ):
        return f"'{row.get(found[1])}'" in found[2].split(",") and row["Id"] > (found[3] or "")
    return "WHERE" not in statement


@contextmanager
def reading(table: Table, tmp_path: Path) -> Iterator[SalesforceClient]:
    with scripted(table) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address))
        yield SalesforceClient(
            store,
            client_id="client",
            client_secret=SECRET,
            allowed_hosts=[server.host],
            retry=RetryPolicy(base_delay=0.001, sleep=lambda seconds: None),
            clock=lambda: NOW,
        )


def rows_of(count: int, when: datetime = NOW - timedelta(hours=1), apart: int = 1) -> list[Row]:
    return [a_row(number, when + timedelta(seconds=number * apart)) for number in range(count)]
