"""Reading from Element451: the catalogue, records by id, by value, and what changed since a moment."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from more_itertools import chunked

from syncer.connectors.element451 import contract
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.element451.segments import (
    SegmentPage,
    exporting,
    meta_of,
    rows_of,
    searching,
    walk,
)
from syncer.connectors.errors import Fault, FieldRefused
from syncer.connectors.protocol import Page
from syncer.core.field_types.field_type import quoted
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, RecordState
from syncer.core.values import is_whole

CONTACTS_PER_PAGE = 1000
Reads = list[Future[dict[str, Record]]]
"""Reads under way, each of some records by id."""


class Reader:
    """Reads through ``http``, up to ``threads`` requests at once."""

    def __init__(self, http: ApiSession, threads: int, salesforce_id_slug: str) -> None:
        self._http, self._threads, self._salesforce_id_slug = http, threads, salesforce_id_slug

    def catalogue(self) -> list[Field]:
        """Every field, page by page until a page brings nothing new."""
        rows: dict[str, dict[str, Any]] = {}
        while True:
            response = self._http.get(
                contract.MAPPINGS, {"limit": self._http.account.field_list_size, "offset": len(rows)}
            )
            page = rows_of(self._http, response, "slug")
            new = {row["slug"]: row for row in page if row["slug"] not in rows}
            rows.update(new)
            total = meta_of(response).get("total")
            if not new or (isinstance(total, int) and len(rows) >= total):
                return contract.fields_of(rows.values(), self._salesforce_id_slug)

    def changed_contacts(
        self, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """Ids first, 5,000 a request, then the contacts by 50 ids, while the caller handles the page
        before."""
        fetch = searching(self._http, contract.since_segment(Kind.CONTACT, since))
        with _pool(self._threads) as pool:
            # The first page is fetched here, for its time.
            segment = walk(fetch, cursor, pool)
            first = next(segment)
            id_pages = _id_pages(first, segment)
            reading: deque[tuple[list[str], Reads]] = deque()
            failed: Fault | None = None
            # The page that is handed out, and the next one under way: no more is held, however much changed.
            while True:
                try:
                    while len(reading) < 2 and (ids := next(id_pages, None)):
                        reading.append((ids, self._start_reads(pool, Kind.CONTACT, ids, fields)))
                except Fault as fault:  # what was read before it is handed out first
                    failed, id_pages = fault, iter(())
                if not reading:
                    break
                ids, reads = reading.popleft()
                found = self._with_missing_reread(Kind.CONTACT, ids, _merged(reads), fields)
                yield Page(list(map(_listed, found.values())), ids[-1], first.time)
            if failed:
                raise failed
        if not first.ids:
            yield Page([], cursor or "", first.time)

    def changed_conversations(
        self, fields: Sequence[Field], since: datetime | None, cursor: str | None
    ) -> Iterator[Page]:
        """Page by page of 50, the next one under way while the caller handles the one before."""
        kind = Kind.CONVERSATION
        fetch = exporting(self._http, kind, contract.since_segment(kind, since), fields)
        began: datetime | None = None
        mapper = contract.RowMapper(kind, fields)
        with _pool(1) as pool:
            for page in walk(fetch, cursor, pool):
                if page.ids or began is None:
                    began = began or page.time
                    records = list(map(mapper.record, page.rows))
                    yield Page(records, page.ids[-1] if page.ids else cursor or "", began)

    def names(self, fields: Sequence[Field]) -> Iterator[list[Record]]:
        """Every contact with what a search gives along of these fields, a search at a time."""
        given = [field for field in fields if field.key in contract.PROJECTED]
        segment = contract.since_segment(Kind.CONTACT, None)
        for page in walk(searching(self._http, segment, given), None):
            yield [contract.projected(row, given) for row in page.rows]

    def members(self, segment: str) -> Iterator[list[str]]:
        """The ids of everybody in a stored segment, a search at a time. Raises `FieldRefused` where there is
        none (contracts/element451.md F12)."""
        try:
            for page in walk(searching(self._http, segment), None):
                yield page.ids
        except Fault as fault:
            if fault.code != "HTTP 404":
                raise
            sentence = f"Element451 has no segment {quoted(segment)}."
            raise FieldRefused(fault.system, sentence, code=fault.code, detail=fault.detail) from fault

    def read(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Record]:
        """The records by id. What is missing is asked for once more, and is then `RecordState.ABSENT`, or
        left out where the response does not tell. Raises a `Fault`."""
        found, fault = self.read_until_fault(kind, ids, fields)
        if fault:
            raise fault
        return found

    def read_live(
        self, pool: ThreadPoolExecutor, kind: Kind, ids: Sequence[str], fields: Sequence[Field]
    ) -> dict[str, Record]:
        """The records by id, as far as one reading brings them, in the threads of ``pool``. Raises a
        `Fault`."""
        return _merged(self._start_reads(pool, kind, ids, fields))

    def read_until_fault(
        self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]
    ) -> tuple[dict[str, Record], Fault | None]:
        """As `read`, but a fault is handed over with what could be read in spite of it; then nothing is said
        to be gone."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Record] = {}
        first_fault: Fault | None = None
        with _pool(self._threads) as pool:
            for read in self._start_reads(pool, kind, wanted, fields):
                try:
                    found.update(read.result())
                except Fault as fault:
                    first_fault = first_fault or fault
        if first_fault:
            return found, first_fault
        try:
            return self._with_missing_reread(kind, wanted, found, fields), None
        except Fault as fault:
            return found, fault

    def find(self, field: Field, values: Sequence[str], fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` equals one of ``values``, each once."""
        wanted = [value for value in dict.fromkeys(values) if value.strip() and is_whole(value)]

        def search(some: Sequence[str]) -> dict[str, Record]:
            return self._all(contract.any_of_segment(field.key, some), fields)

        with _pool(self._threads) as pool:
            reads = [pool.submit(search, some) for some in chunked(wanted, self._http.account.read_size)]
            return list(_merged(reads).values())

    def find_alike(self, field: Field, value: str, fields: Sequence[Field]) -> list[Record]:
        """Contacts whose ``field`` has this text, whatever its case and outer blanks."""
        if not value.strip() or not is_whole(value):
            return []
        return list(self._all(contract.alike_segment(field.key, value), fields).values())

    def _all(self, segment: contract.Body, fields: Sequence[Field]) -> dict[str, Record]:
        """Every contact of a segment, by id."""
        pages = walk(exporting(self._http, Kind.CONTACT, segment, fields), None)
        mapper = contract.RowMapper(Kind.CONTACT, fields)
        records = (mapper.record(row) for page in pages for row in page.rows)
        return {record.id: record for record in records}

    def _start_reads(
        self, pool: ThreadPoolExecutor, kind: Kind, ids: Sequence[str], fields: Sequence[Field]
    ) -> Reads:
        # An id of another form names nobody, and would have the whole request refused.
        possible = [id for id in ids if contract.is_id(id)]
        return [
            pool.submit(self._read_chunk, kind, chunk, fields)
            for chunk in chunked(possible, self._http.account.read_size)
        ]

    def _read_chunk(self, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Record]:
        response = self._http.post(contract.EXPORT[kind], contract.ids_body(kind, ids, fields))
        rows = rows_of(self._http, response, contract.ID_SLUG[kind])
        return {record.id: record for record in map(contract.RowMapper(kind, fields).record, rows)}

    def _with_missing_reread(
        self, kind: Kind, ids: Sequence[str], found: dict[str, Record], fields: Sequence[Field]
    ) -> dict[str, Record]:
        """The records of ``ids``; those not among ``found`` are asked for a second time. Where rows without
        an id came then, one of them may be the record that is missing: it is left out, and not gone."""
        missing = [id for id in ids if id not in found and contract.is_id(id)]
        unclear = set[str]()
        for chunk in chunked(missing, self._http.account.read_size):
            skipped = self._http.skipped.count
            found.update(self._read_chunk(kind, chunk, fields))
            unclear.update(chunk if self._http.skipped.count > skipped else ())
        absent = {id: Record(id, {}, RecordState.ABSENT) for id in ids if id not in unclear}
        return {id: found.get(id) or absent[id] for id in ids if id in found or id in absent}


def _id_pages(first: SegmentPage, following: Iterator[SegmentPage]) -> Iterator[list[str]]:
    """The ids of a segment, a page for the caller at a time. The next search runs while these are read."""
    yield from chunked(first.ids, CONTACTS_PER_PAGE)
    for page in following:
        yield from chunked(page.ids, CONTACTS_PER_PAGE)


def _listed(record: Record) -> Record:
    """A record that a search named: where the read does not bring it, the two contradict each other."""
    return replace(record, listed=True) if record.state is RecordState.ABSENT else record


def _merged(reads: Reads) -> dict[str, Record]:
    return {id: record for read in reads for id, record in read.result().items()}


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that take nothing new once the reading ends, or the caller stops listening."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="element451")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
