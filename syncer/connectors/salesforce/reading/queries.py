"""Sending queries: pages by locator, several queries in one call, and columns by id (contracts/salesforce.md
A3, A4)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from more_itertools import chunked

from syncer.connectors import json_bodies
from syncer.connectors.errors import Unexpected
from syncer.connectors.response_headers import server_time
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.keyset import QueryPage, by_id, every_row
from syncer.connectors.salesforce.record_mapper import Row
from syncer.connectors.salesforce.responses import subrequest_responses
from syncer.connectors.salesforce.session import DATA_PATH, ApiResponse, OrgSession
from syncer.connectors.skipped_rows import SkippedRows
from syncer.core.records import System

MAX_QUERIES_PER_CALL = 5
MAX_RETRIEVED_PER_CALL = 2000


class Queries:
    """Queries of one org. All methods raise `Fault`s. ``skipped`` counts the rows without an id."""

    def __init__(self, session: OrgSession, clock: Callable[[], datetime], threads: int) -> None:
        self._session, self._clock, self._threads = session, clock, threads
        self.skipped = SkippedRows()
        self.asked_at: datetime | None = None
        """Salesforce's clock at the last query."""

    def first_page(self, statement: str) -> QueryPage:
        """The first page of a query, deleted and merged records included."""
        return self._page_of(self._session.fetch(soql.path(statement)))

    def next_page(self, address: str) -> QueryPage:
        """The page at ``nextRecordsUrl``, taken verbatim (A3). Raises a lasting fault where it is lost."""
        if not address.startswith("/services/data/"):
            raise Unexpected(
                System.SALESFORCE,
                "Salesforce pointed to another address, which was not followed.",
                code="address",
                detail=urlsplit(address).netloc,
            )
        return self._page_of(self._session.fetch(address))

    def rows(self, statements: Sequence[str]) -> list[Row]:
        """All rows of all the queries, each of which ends with its condition: up to five queries a call,
        several calls at once. A row may come twice."""
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
            body = json_bodies.encode({"ids": chunk, "fields": ["Id", *columns]})
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
            return list(every_row(self, statements[0]))
        subrequests = [
            {"method": "GET", "url": soql.path(by_id(one)), "referenceId": f"q{number}"}
            for number, one in enumerate(statements)
        ]
        response = self._session.call(
            "POST",
            f"{DATA_PATH}composite",
            json_bodies.encode({"allOrNone": False, "compositeRequest": subrequests}),
        )
        answered = subrequest_responses(response.body)
        found: list[Row] = []
        for number, statement in enumerate(statements):
            one = answered.get(f"q{number}", {})
            # A query that failed is sent alone: so it gets the attempts and the faults of any call.
            good = one.get("httpStatusCode") == 200 and isinstance(one.get("body"), dict)
            found.extend(every_row(self, statement, self._page_of(response, one["body"]) if good else None))
        return found

    def _page_of(self, response: ApiResponse, body: Any = None) -> QueryPage:
        """The page in ``body``, by default the whole response's."""
        body = response.body if body is None else body
        answered = body.get("records") if isinstance(body, dict) else None
        if not isinstance(answered, list):
            raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query was not understood.")
        rows = [row for row in answered if isinstance(row, dict) and soql.id18(str(row.get("Id")))]
        self.skipped.add(len(answered) - len(rows))
        self.asked_at = server_time(response.http, self._clock)
        total, following = body.get("totalSize"), body.get("nextRecordsUrl")
        return QueryPage(
            rows=rows,
            count=len(answered),
            done=body.get("done") is True,
            total=total if isinstance(total, int) else len(answered),
            next=following if isinstance(following, str) else None,
            asked_at=self.asked_at,
        )
