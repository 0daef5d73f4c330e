"""Reading a segment of Element451 page by page, each page behind the last id of the one before
(contracts/element451.md A3)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from syncer.connectors.element451 import contract
from syncer.connectors.element451.http import ApiResponse, ApiSession
from syncer.connectors.errors import Unexpected
from syncer.core.fields import Field
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """One response of a segment: its rows and their ids, behind which id the next page begins (None: this was
    the last), and the server's time."""

    rows: list[dict[str, Any]]
    ids: list[str]
    next: str | None
    time: datetime


Fetch = Callable[[str | None], SegmentPage]
"""Given an id: the page behind it; the first page for None."""


def searching(http: ApiSession, segment: contract.Body | str, fields: Sequence[Field] = ()) -> Fetch:
    """Pages of the segment's ids, with those of `contract.PROJECTED` that are asked for (contacts only)."""

    def fetch(after: str | None) -> SegmentPage:
        body = contract.search_body(segment, http.account.search_size, after, fields)
        return _page(http, http.post(contract.SEARCH, body), "_id", after)

    return fetch


def exporting(http: ApiSession, kind: Kind, segment: contract.Body, fields: Sequence[Field]) -> Fetch:
    """Pages of the segment's records with ``fields``."""

    def fetch(after: str | None) -> SegmentPage:
        body = contract.segment_body(kind, segment, fields, after, http.account.read_size)
        return _page(http, http.post(contract.EXPORT[kind], body), contract.ID_SLUG[kind], after)

    return fetch


def walk(fetch: Fetch, after: str | None, pool: ThreadPoolExecutor | None = None) -> Iterator[SegmentPage]:
    """The pages behind ``after``, at least one. A ``pool`` fetches the next page while the caller handles the
    one before."""
    page = fetch(after)
    while True:
        upcoming = pool.submit(fetch, page.next) if pool and page.next else None
        yield page
        if page.next is None:
            return
        page = upcoming.result() if upcoming else fetch(page.next)


def rows_of(http: ApiSession, response: ApiResponse, id_key: str) -> list[dict[str, Any]]:
    """The rows of a response that name a record by ``id_key``; what else it has is counted by ``http``.
    Raises `Unexpected` where it has no list."""
    answered = response.body.get("data")
    if not isinstance(answered, list):
        raise _contract_broken("Element451 sent no list of records.")
    rows = [row for row in answered if isinstance(row, dict) and contract.names_a_record(row.get(id_key))]
    http.skipped.add(len(answered) - len(rows))
    return rows


def meta_of(response: ApiResponse) -> dict[str, Any]:
    """What a response says about its rows."""
    meta = response.body.get("meta")
    return meta if isinstance(meta, dict) else {}


def _page(http: ApiSession, response: ApiResponse, id_key: str, after: str | None) -> SegmentPage:
    """A response as a page. Raises `Unexpected` where the ids do not go on behind ``after``: such a server
    would be read for ever."""
    rows = rows_of(http, response, id_key)
    ids = [row[id_key] for row in rows]
    if any(first >= second for first, second in pairwise([after or "", *ids])):
        raise _contract_broken(
            "Element451 did not send its records in the order of their ids, so that none of them can be taken"
            " for the last one."
        )
    # A page with no rows is the last one, whatever it says; what goes on does so behind the last id
    # (contracts/element451.md A3).
    follows = bool(response.body["data"]) and bool(meta_of(response).get("next_last_id"))
    if follows and not ids:
        raise _contract_broken("Element451 sent a page of records of which none has its id.")
    return SegmentPage(rows, ids, ids[-1] if follows else None, response.time)


def _contract_broken(sentence: str) -> Unexpected:
    return Unexpected(System.ELEMENT451, sentence, code="CONTRACT")
