"""Sending queries: pages by locator, several queries in one call, and columns by id (contracts/salesforce.md
A3, A4)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from syncer.connectors.errors import Unexpected
from syncer.connectors.response_headers import server_time
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.record_mapper import Row
from syncer.connectors.salesforce.session import DATA_PATH, Delivery, OrgSession
from syncer.core.records import System

QUERIES_A_CALL = 5
RETRIEVED_A_CALL = 2000


@dataclass(frozen=True, slots=True)
class Reply:
    """A page of rows. ``total``: of the whole query. ``next``: the address of the page that follows, if
    ``done`` is false. ``asked_at``: Salesforce's clock when it was asked."""

    rows: list[Row]
    done: bool
    total: int
    next: str | None
    asked_at: datetime


class Queries:
    """Queries of one org. All methods raise `Fault`s."""

    def __init__(self, session: OrgSession, clock: Callable[[], datetime], threads: int) -> None:
        self._session, self._clock, self._threads = session, clock, threads

    def first(self, statement: str) -> Reply:
        """The first page of a query, deleted and merged records included."""
        return self._reply(self._session.ask(soql.path(statement)))

    def more(self, address: str) -> Reply:
        """The page at ``nextRecordsUrl``, taken verbatim (A3). Raises a fault with the code
        INVALID_QUERY_LOCATOR where it is lost."""
        if not address.startswith("/services/data/"):
            raise Unexpected(
                System.SALESFORCE,
                "Salesforce pointed to another address, which was not followed.",
                code="address",
                detail=address[:200],
            )
        return self._reply(self._session.ask(address))

    def rows(self, statements: Sequence[str]) -> list[Row]:
        """All rows of all the queries: up to five queries a call, several calls at once."""
        groups = [statements[at : at + QUERIES_A_CALL] for at in range(0, len(statements), QUERIES_A_CALL)]
        if len(groups) <= 1:
            return [row for group in groups for row in self._group(group)]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="salesforce-read") as pool:
            return [row for found in pool.map(self._group, groups) for row in found]

    def retrieve(self, entity: str, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Row]:
        """The columns of live records by id, 2,000 a call (A4.1); records that are not there are left out.
        Told by their ids, not places."""
        found: dict[str, Row] = {}
        for at in range(0, len(ids), RETRIEVED_A_CALL):
            body = orjson.dumps({"ids": list(ids[at : at + RETRIEVED_A_CALL]), "fields": ["Id", *columns]})
            answer = self._session.deliver("POST", f"{DATA_PATH}composite/sobjects/{entity}", body).body
            if not isinstance(answer, list):
                raise Unexpected(
                    System.SALESFORCE, "Salesforce's answer to a reading by ids was not understood."
                )
            for row in answer:
                known = soql.id18(str(row.get("Id"))) if isinstance(row, dict) else None
                if known:
                    found[known] = row
        return found

    def _group(self, statements: Sequence[str]) -> list[Row]:
        if len(statements) == 1:
            return list(self._pages(self.first(statements[0])))
        parts = [
            {"method": "GET", "url": soql.path(one), "referenceId": f"q{number}"}
            for number, one in enumerate(statements)
        ]
        delivery = self._session.deliver(
            "POST", f"{DATA_PATH}composite", orjson.dumps({"allOrNone": False, "compositeRequest": parts})
        )
        answered = composite_parts(delivery.body)
        found: list[Row] = []
        for number, statement in enumerate(statements):
            part = answered.get(f"q{number}", {})
            # A part that failed is asked alone: so it gets the tries and the faults of any call.
            good = part.get("httpStatusCode") == 200 and isinstance(part.get("body"), dict)
            found.extend(self._pages(self._page(part["body"], delivery) if good else self.first(statement)))
        return found

    def _pages(self, reply: Reply) -> Iterator[Row]:
        visited: set[str] = set()
        while True:
            yield from reply.rows
            if reply.done:
                return
            if not reply.next or reply.next in visited:
                raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query ended in the middle.")
            visited.add(reply.next)
            reply = self.more(reply.next)

    def _reply(self, delivery: Delivery) -> Reply:
        return self._page(delivery.body, delivery)

    def _page(self, body: Any, delivery: Delivery) -> Reply:
        rows = body.get("records") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query was not understood.")
        total, following = body.get("totalSize"), body.get("nextRecordsUrl")
        return Reply(
            rows=rows,
            done=body.get("done") is True,
            total=total if isinstance(total, int) else len(rows),
            next=following if isinstance(following, str) else None,
            asked_at=server_time(delivery.response, self._clock),
        )


def composite_parts(body: Any) -> dict[str, dict[str, Any]]:
    """The parts of a composite answer by their references (A4.2)."""
    parts = body.get("compositeResponse") if isinstance(body, dict) else None
    if not isinstance(parts, list):
        raise Unexpected(System.SALESFORCE, "Salesforce's answer to a composite request was not understood.")
    return {str(part.get("referenceId")): part for part in parts if isinstance(part, dict)}
