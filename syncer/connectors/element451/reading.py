"""Reading from Element451: the catalogue, records by id, by value, and what changed since a moment."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import IDS_A_READ
from syncer.connectors.element451.http import Http, Reply
from syncer.connectors.errors import Fault, Unexpected
from syncer.connectors.protocol import Page
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, State, System

CONTACTS_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One reply of a segment: its rows, behind which id the next part begins (None: this was the last), and
    the server's time."""

    rows: list[dict[str, Any]]
    ids: list[str]
    next: str | None
    time: datetime


class Reader:
    """Reads through ``http``, up to ``threads`` requests at once."""

    def __init__(self, http: Http, threads: int, salesforce_id_slug: str) -> None:
        self._http, self._threads, self._salesforce_id_slug = http, threads, salesforce_id_slug

    def catalogue(self) -> list[Field]:
        """Every field, page by page until a page brings nothing new."""
        rows: dict[str, dict[str, Any]] = {}
        while True:
            reply = self._http.get(contract.MAPPINGS, {"limit": contract.FIELDS_A_PAGE, "offset": len(rows)})
            page = [row for row in _rows(reply) if isinstance(row.get("slug"), str)]
            new = {row["slug"]: row for row in page if row["slug"] not in rows}
            rows.update(new)
            total = _meta(reply).get("total")
            if not new or (isinstance(total, int) and len(rows) >= total):
                return contract.fields_of(rows.values(), self._salesforce_id_slug)

    def changed_contacts(
        self, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """Ids first, 5,000 a request, then the contacts by 50 ids, while the caller handles the page
        before."""
        search = self._searching(contract.since_segment(Kind.CONTACT, since))
        with _pool(self._threads) as pool:
            first = search(cursor)
            waiting: deque[tuple[list[str], list[Future[dict[str, Record]]]]] = deque()
            chunks = _chunks(pool, search, first)
            failed: Fault | None = None
            # The page that is handed out, and the next one under way: no more is held, however much changed.
            while True:
                try:
                    while len(waiting) < 2 and (ids := next(chunks, None)):
                        waiting.append((ids, self._start(pool, Kind.CONTACT, ids, fields)))
                except Fault as fault:  # what was read before it is handed out first
                    failed, chunks = fault, iter(())
                if not waiting:
                    break
                ids, reads = waiting.popleft()
                found = self._again(Kind.CONTACT, ids, _joined(reads), fields)
                yield Page([found[wanted] for wanted in ids], ids[-1], first.time)
            if failed:
                raise failed
        if not first.ids:
            yield Page([], cursor or "", first.time)

    def changed_conversations(
        self, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """Page by page of 50, the next one under way while the caller handles the one before."""
        kind = Kind.CONVERSATION
        read = self._exporting(kind, contract.since_segment(kind, since), fields)
        with _pool(1) as pool:
            first = part = read(cursor)
            while part.ids:
                upcoming = pool.submit(read, part.next) if part.next else None
                yield Page([_record(kind, row, fields) for row in part.rows], part.ids[-1], first.time)
                if upcoming is None:
                    return
                part = upcoming.result()
        if not first.ids:
            yield Page([], cursor or "", first.time)

    def ids(self, kind: Kind) -> Iterator[list[str]]:
        """Every id, a search (contacts) or an export without columns (conversations) at a time."""
        segment = contract.since_segment(kind, None)
        step = self._searching(segment) if kind is Kind.CONTACT else self._exporting(kind, segment, ())
        part = step(None)
        while part.ids:
            yield part.ids
            if part.next is None:
                return
            part = step(part.next)

    def read(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Record]:
        """The records by id. What is missing is asked for once more, and is then `State.GONE`. Raises a
        `Fault`."""
        found, fault = self.read_until_fault(kind, ids, fields)
        if fault:
            raise fault
        return found

    def read_until_fault(
        self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]
    ) -> tuple[dict[str, Record], Fault | None]:
        """As `read`, but a fault is handed over with what could be read in spite of it; then nothing is said
        to be gone."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Record] = {}
        fault: Fault | None = None
        with _pool(self._threads) as pool:
            for part in self._start(pool, kind, wanted, fields):
                try:
                    found.update(part.result())
                except Fault as stopped:
                    fault = fault or stopped
        try:
            return (found, fault) if fault else (self._again(kind, wanted, found, fields), None)
        except Fault as stopped:
            return found, stopped

    def find(self, field: Field, values: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` equals one of ``values``, each once."""
        wanted = [value for value in dict.fromkeys(values) if value.strip()]

        def search(some: Sequence[str]) -> dict[str, Record]:
            return self._all(contract.any_of_segment(field.key, some), fields)

        with _pool(self._threads) as pool:
            return list(_joined([pool.submit(search, some) for some in _fifties(wanted)]).values())

    def alike(self, field: Field, value: str, fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` has this text, whatever its case and outer blanks."""
        return (
            list(self._all(contract.alike_segment(field.key, value), fields).values())
            if value.strip()
            else []
        )

    def _all(self, segment: contract.Body, fields: Sequence[Field]) -> dict[str, Record]:
        """Every contact of a segment, page by page."""
        read = self._exporting(Kind.CONTACT, segment, fields)
        found, part = dict[str, Record](), read(None)
        while part.ids:
            found.update(
                {id: _record(Kind.CONTACT, row, fields) for id, row in zip(part.ids, part.rows, strict=True)}
            )
            if not part.next:
                break
            part = read(part.next)
        return found

    def _start(
        self, pool: ThreadPoolExecutor, kind: Kind, ids: Sequence[str], fields: Sequence[Field]
    ) -> list[Future[dict[str, Record]]]:
        # An id of another form names nobody, and would have the whole request refused.
        possible = [id for id in ids if contract.is_id(id)]
        return [pool.submit(self._fifty, kind, some, fields) for some in _fifties(possible)]

    def _fifty(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Record]:
        reply = self._http.post(contract.EXPORT[kind], contract.ids_body(kind, ids, fields))
        records = [_record(kind, row, fields) for row in _rows(reply)]
        return {record.id: record for record in records}

    def _again(
        self, kind: Kind, ids: Sequence[str], found: dict[str, Record], fields: Sequence[Field]
    ) -> dict[str, Record]:
        """The records of ``ids``; those not among ``found`` are asked for a second time."""
        missing = [id for id in ids if id not in found and contract.is_id(id)]
        for some in _fifties(missing):
            found.update(self._fifty(kind, some, fields))
        return {id: found.get(id) or Record(id, {}, State.GONE) for id in ids}

    def _searching(self, segment: contract.Body) -> Callable[[str | None], Part]:
        def search(last: str | None) -> Part:
            reply = self._http.post(
                contract.SEARCH, contract.search_body(segment, contract.IDS_A_SEARCH, last)
            )
            return _part(reply, "_id", last)

        return search

    def _exporting(
        self, kind: Kind, segment: contract.Body, fields: Sequence[Field]
    ) -> Callable[[str | None], Part]:
        def read(last: str | None) -> Part:
            reply = self._http.post(contract.EXPORT[kind], contract.segment_body(kind, segment, fields, last))
            return _part(reply, contract.ID_SLUG[kind], last)

        return read


def _chunks(
    pool: ThreadPoolExecutor, search: Callable[[str | None], Part], part: Part
) -> Iterator[list[str]]:
    """The ids of ``part`` and of all that follow, a page at a time; the next search runs while these are
    read."""
    while True:
        upcoming = pool.submit(search, part.next) if part.next else None
        for start in range(0, len(part.ids), CONTACTS_A_PAGE):
            yield part.ids[start : start + CONTACTS_A_PAGE]
        if upcoming is None:
            return
        part = upcoming.result()


def _part(reply: Reply, id_key: str, last: str | None) -> Part:
    """A reply of a segment. Raises `Unexpected` where the ids do not go on behind ``last``: such a server
    would be read for ever."""
    rows = _rows(reply)
    ids = [str(row.get(id_key) or "") for row in rows]
    for before, after in pairwise([last or "", *ids]):
        if before >= after:
            raise _odd(
                "Element451 did not send its records in the order of their ids, so that none of them can be"
                " taken for the last one."
            )
    # A page with no rows is the last one, whatever it says; what goes on does so behind the last id
    # (contracts/element451.md A3).
    follows = bool(ids) and bool(_meta(reply).get("next_last_id"))
    return Part(rows, ids, ids[-1] if follows else None, reply.time)


def _rows(reply: Reply) -> list[dict[str, Any]]:
    rows = reply.body.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _odd("Element451 sent no list of records.")
    return rows


def _meta(reply: Reply) -> dict[str, Any]:
    meta = reply.body.get("meta")
    return meta if isinstance(meta, dict) else {}


def _record(kind: Kind, row: dict[str, Any], fields: Sequence[Field]) -> Record:
    try:
        return contract.record_of(kind, row, fields)
    except KeyError:
        raise _odd("Element451 sent a record without its id.") from None


def _odd(sentence: str) -> Unexpected:
    return Unexpected(System.ELEMENT451, sentence, code="CONTRACT")


def _fifties(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + IDS_A_READ] for start in range(0, len(items), IDS_A_READ))


def _joined(parts: Sequence[Future[dict[str, Record]]]) -> dict[str, Record]:
    return {id: record for part in parts for id, record in part.result().items()}


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that take nothing new once the reading ends, or the caller stops listening."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="element451")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
