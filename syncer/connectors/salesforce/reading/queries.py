"""Sending queries: pages by locator, several queries in one call, and columns by id (contracts/salesforce.md
A3, A4)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from more_itertools import chunked

from syncer.connectors.errors import Unexpected
from syncer.connectors.response_headers import server_time
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.record_mapper import Row
from syncer.connectors.salesforce.responses import subrequest_responses
from syncer.connectors.salesforce.session import DATA_PATH, ApiResponse, OrgSession
from syncer.core.records import System

MAX_QUERIES_PER_CALL = 5
MAX_RETRIEVED_PER_CALL = 2000


@dataclass(frozen=True, slots=True)
class QueryPage:
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

    def first_page(self, statement: str) -> QueryPage:
        """The first page of a query, deleted and merged records included."""
        return self._page_of(self._session.fetch(soql.path(statement)))

    def next_page(self, address: str) -> QueryPage:
        """The page at ``nextRecordsUrl``, taken verbatim (A3). Raises a fault with the code
        INVALID_QUERY_LOCATOR where it is lost."""
        if not address.startswith("/services/data/"):
            raise Unexpected(
                System.SALESFORCE,
                "Salesforce pointed to another address, which was not followed.",
                code="address",
                detail=address[:200],
            )
        return self._page_of(self._session.fetch(address))

    def rows(self, statements: Sequence[str]) -> list[Row]:
        """All rows of all the queries: up to five queries a call, several calls at once."""
        groups = list(chunked(statements, MAX_QUERIES_PER_CALL))
        if len(groups) <= 1:
            return [row for group in groups for row in self._group(group)]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="salesforce-read") as pool:
            return [row for found in pool.map(self._group, groups) for row in found]

    def retrieve(self, entity: str, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Row]:
        """The columns of live records by id, 2,000 a call (A4.1); records that are not there are left out.
        They are matched by their ids, not by place."""
        found: dict[str, Row] = {}
        for chunk in chunked(ids, MAX_RETRIEVED_PER_CALL):
            body = orjson.dumps({"ids": chunk, "fields": ["Id", *columns]})
            answer = self._session.call("POST", f"{DATA_PATH}composite/sobjects/{entity}", body).body
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
            return list(self._pages(self.first_page(statements[0])))
        subrequests = [
            {"method": "GET", "url": soql.path(one), "referenceId": f"q{number}"}
            for number, one in enumerate(statements)
        ]
        response = self._session.call(
            "POST",
            f"{DATA_PATH}composite",
            orjson.dumps({"allOrNone": False, "compositeRequest": subrequests}),
        )
        answered = subrequest_responses(response.body)
        found: list[Row] = []
        for number, statement in enumerate(statements):
            one = answered.get(f"q{number}", {})
            # A query that failed is sent alone: so it gets the attempts and the faults of any call.
            good = one.get("httpStatusCode") == 200 and isinstance(one.get("body"), dict)
            page = self._page_of(response, one["body"]) if good else self.first_page(statement)
            found.extend(self._pages(page))
        return found

    def _pages(self, page: QueryPage) -> Iterator[Row]:
        visited: set[str] = set()
        while True:
            yield from page.rows
            if page.done:
                return
            if not page.next or page.next in visited:
                raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query ended in the middle.")
            visited.add(page.next)
            page = self.next_page(page.next)

    def _page_of(self, response: ApiResponse, body: Any = None) -> QueryPage:
        """The page in ``body``, by default the whole response's."""
        body = response.body if body is None else body
        rows = body.get("records") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query was not understood.")
        total, following = body.get("totalSize"), body.get("nextRecordsUrl")
        return QueryPage(
            rows=rows,
            done=body.get("done") is True,
            total=total if isinstance(total, int) else len(rows),
            next=following if isinstance(following, str) else None,
            asked_at=server_time(response.http, self._clock),
        )
