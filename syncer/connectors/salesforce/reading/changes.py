"""What changed: pages in the order of (SystemModstamp, Id), and up to when that is complete
(contracts/salesforce.md A5)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

from syncer.connectors.errors import Fault, Unexpected
from syncer.connectors.protocol import Page
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.describe import object_of
from syncer.connectors.salesforce.reading.queries import Queries, QueryPage
from syncer.connectors.salesforce.reading.soql import Position
from syncer.connectors.salesforce.record_mapper import RecordMapper, Row
from syncer.connectors.salesforce.responses import QUERY_TOO_HEAVY
from syncer.connectors.salesforce.session import OrgSession
from syncer.core.fields import Entity
from syncer.core.records import System

_SMALLER_LIMIT: dict[int | None, int] = {None: 2000, 2000: 200}
"""The row limit to go on with when a query took too long, by the one it had."""
MAX_STALLS = 3
T = TypeVar("T")


def pages(
    queries: Queries, mapper: RecordMapper, since: datetime | None, cursor: str | None
) -> Iterator[Page]:
    """See `syncer.connectors.protocol.Salesforce.changed`.

    One query and its locator usually do. Where that is lost, times out, or ends before ``totalSize`` rows,
    the reading goes on behind the last row by key set. Raises `Unexpected` where that brings nothing new
    several times. The next page is fetched while the caller handles the current one.
    """
    position = Position.parse(cursor) if cursor else None
    started: datetime | None = None
    limit: int | None = None
    stalled = 0
    while True:
        where = position.behind() if position else f"SystemModstamp >= {soql.moment(since)}" if since else ""
        try:
            page = queries.first_page(mapper.changed(where, limit))
        except Fault as fault:
            if fault.code not in QUERY_TOO_HEAVY or limit not in _SMALLER_LIMIT:
                raise
            limit = _SMALLER_LIMIT[limit]
            continue
        first = started is None
        started, before, total, seen = started or page.asked_at, position, page.total, 0
        for rows, reliable_until in _ahead(_by_locator(queries, page)):
            seen += len(rows)
            position = _furthest(rows, reliable_until) or position
            if rows or first:
                first = False
                yield Page(mapper.records(rows, queries.retrieve), str(position or ""), started)
        if seen >= total and (limit is None or seen < limit):
            return
        stalled = stalled + 1 if position == before else 0
        if stalled >= MAX_STALLS:
            raise Unexpected(System.SALESFORCE, "Salesforce's list of changes does not come to an end.")


def _by_locator(queries: Queries, page: QueryPage) -> Iterator[tuple[list[Row], datetime | None]]:
    """The pages of one query, as far as its locator leads, each with the time up to which its stamps tell the
    order.

    The order is fixed when the query starts, but later pages are read later: a record that changed meanwhile
    shows a newer stamp than the one it is ordered by, which would lead the position past records that were
    not read yet.
    """
    asked_at, visited = page.asked_at, set[str]()
    yield page.rows, None
    while not page.done and page.next and page.next not in visited:
        visited.add(page.next)
        try:
            page = queries.next_page(page.next)
        except Fault as fault:
            if fault.code not in QUERY_TOO_HEAVY | {"INVALID_QUERY_LOCATOR"}:
                raise
            return
        if not page.rows and not page.done:
            return
        yield page.rows, asked_at


def _furthest(rows: list[Row], reliable_until: datetime | None) -> Position | None:
    for row in reversed(rows):
        found = Position.of_row(row.get("SystemModstamp"), row.get("Id"))
        if reliable_until is None or found.stamp < reliable_until:
            return found
    return None


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """``items``, the next one always being fetched by a thread meanwhile."""

    def step() -> list[T]:
        return list(islice(items, 1))

    with ThreadPoolExecutor(1, thread_name_prefix="salesforce-ahead") as pool:
        coming = pool.submit(step)
        while item := coming.result():
            coming = pool.submit(step)
            yield item[0]


def complete_until(session: OrgSession, entity: Entity, until: datetime) -> datetime:
    """See `syncer.connectors.protocol.Salesforce.complete_until`. Seconds are ignored by Salesforce, and
    ``start`` must lie before ``end`` (A5.1)."""
    if not entity.replicateable:
        return until
    until = until.astimezone(UTC)
    start = until - timedelta(minutes=10)
    for minutes in (10, 2):
        try:
            answer = object_of(session, entity.name).updated(until - timedelta(minutes=minutes), until)
        except Fault as fault:
            if fault.code not in ("INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"):
                raise
            continue
        return (
            min(_moment(answer.get("latestDateCovered")) or start, until)
            if isinstance(answer, dict)
            else start
        )
    return start


def _moment(raw: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else None
