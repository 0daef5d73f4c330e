"""Every row of a query, whatever happens on its way: by its locator as far as that leads, and then on after
the last row, in the order of the query (contracts/salesforce.md A3, A5.2)."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from syncer.connectors.errors import Fault, Unexpected
from syncer.connectors.salesforce.record_mapper import Row
from syncer.connectors.salesforce.responses import QUERY_TOO_HEAVY
from syncer.core.records import System

_SMALLER_LIMIT: dict[int | None, int] = {None: 2000, 2000: 200}
"""The row limit to go on with when a query took too long, by the one it had."""
MAX_STALLS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QueryPage:
    """A page of rows, each with its id. ``count``: how many rows the reply had, those without an id too.
    ``total``: of the whole query. ``next``: the address of the page that follows, if ``done`` is false.
    ``asked_at``: Salesforce's clock when it was asked."""

    rows: Sequence[Row]
    count: int
    done: bool
    total: int
    next: str | None
    asked_at: datetime


class Source(Protocol):
    """What pages are fetched from (`syncer.connectors.salesforce.reading.queries`)."""

    def first_page(self, statement: str) -> QueryPage:
        """The first page of a query."""

    def next_page(self, address: str) -> QueryPage:
        """The page at a locator."""


class Order(Protocol):
    """The order of a query, and how far it has been read."""

    def statement(self, limit: int | None) -> str:
        """The query of what follows, of at most ``limit`` rows."""

    def advance(self, rows: Sequence[Row], reliable_until: datetime | None) -> bool:
        """Note rows that were read; whether that brought the reading on. Rows that changed at
        ``reliable_until`` or later may show a newer value than they are ordered by."""


def pages(source: Source, order: Order, first: QueryPage | None = None) -> Iterator[QueryPage]:
    """Every page of a query; ``first`` is its first one, where it was fetched already.

    One query and its locator usually do. Where that is lost (it dies with its session), times out, or ends
    before ``totalSize`` rows, the reading continues after the last row. Raises `Fault`s of queries, and
    `Unexpected` where they bring nothing new several times. The next page is fetched while the caller handles
    the current one.
    """
    limit: int | None = None
    stalled = 0
    while True:
        try:
            head, first = first or source.first_page(order.statement(limit)), None
        except Fault as fault:
            if fault.code not in QUERY_TOO_HEAVY or limit not in _SMALLER_LIMIT:
                raise
            limit = _SMALLER_LIMIT[limit]
            continue
        seen, moved, located = 0, False, _by_locator(source, head)
        for page in located if head.done else _ahead(located):
            seen += page.count
            moved = order.advance(page.rows, None if page is head else head.asked_at) or moved
            yield page
        if seen >= head.total and (limit is None or seen < limit):
            return
        stalled = 0 if moved else stalled + 1
        if stalled >= MAX_STALLS:
            raise Unexpected(System.SALESFORCE, "Salesforce's answer to a query does not come to an end.")


def _by_locator(source: Source, page: QueryPage) -> Iterator[QueryPage]:
    """The pages of one query, as far as its locator leads. Whatever lasting fault a locator answers, it is
    lost: what a query then says of itself counts."""
    visited = set[str]()
    yield page
    while not page.done and page.next and page.next not in visited:
        visited.add(page.next)
        try:
            page = source.next_page(page.next)
        except Fault as fault:
            if not fault.permanent and fault.code not in QUERY_TOO_HEAVY:
                raise
            return
        if not page.count and not page.done:
            return
        yield page


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """``items``, the next one always being fetched by a thread meanwhile."""

    def step() -> list[T]:
        return list(islice(items, 1))

    with ThreadPoolExecutor(1, thread_name_prefix="salesforce-ahead") as pool:
        coming = pool.submit(step)
        while item := coming.result():
            coming = pool.submit(step)
            yield item[0]


def every_row(source: Source, head: str, first: QueryPage | None = None) -> Iterator[Row]:
    """The rows of a query that ends with its condition, in the order of their ids."""
    for page in pages(source, _ById(head), first):
        yield from page.rows


def by_id(head: str) -> str:
    """The query of `every_row`, as its first page is asked for."""
    return _ById(head).statement(None)


@dataclass(slots=True)
class _ById:
    head: str
    last: str = ""

    def statement(self, limit: int | None) -> str:
        behind = f" AND Id > '{self.last}'" if self.last else ""
        return f"{self.head}{behind} ORDER BY Id" + (f" LIMIT {limit}" if limit else "")

    def advance(self, rows: Sequence[Row], reliable_until: datetime | None) -> bool:
        if not rows:
            return False
        self.last = str(rows[-1]["Id"])
        return True
