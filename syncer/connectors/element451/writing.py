"""Finding out what became of each contact that was sent: an import's response is not tied to its rows.

A created contact is recognised by the Salesforce ID that it holds; an update whose Element ID is missing from
the response did not happen.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ELEMENT_ID
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.element451.imports import ImportRow, ImportSender, ReadBefore, Row, SentImport
from syncer.connectors.element451.reading import Reader
from syncer.connectors.errors import Fault, Refusal, Result, refused, refused_by
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, RecordState, System, Value, Values
from syncer.core.values import is_whole

_ID_FIELD = Field(System.ELEMENT451, ELEMENT_ID, "Element ID", TEXT, Kind.CONTACT)


class Writer:
    """Writes contacts. ``write_fault`` is the fault that ended the last `create` or `update`, if one did:
    rows that had been sent have their results, the others are refused as passing."""

    def __init__(
        self, http: ApiSession, reader: Reader, threads: int, before_send: Callable[[], None]
    ) -> None:
        self._http, self._reader, self._threads, self._before_send = http, reader, threads, before_send
        self.write_fault: Fault | None = None

    def create(self, rows: Sequence[Row], unique: str, fields: Sequence[Field]) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.create`. ``existing``: a contact with this Salesforce ID
        was there, and took the values."""
        results = {
            place: Result(refusal=refused(code))
            for place, row in enumerate(rows)
            if (code := _unsendable(row) or ("" if _key(row, unique) else "NO_KEY"))
        }
        items = [
            ImportRow(place, _key(row, unique), row) for place, row in enumerate(rows) if place not in results
        ]
        sent = self._send(items, unique, empty="skip", creating=True)
        key = Field(System.ELEMENT451, unique, unique, TEXT, Kind.CONTACT)
        asked = list({field.key: field for field in (*fields, key)}.values())
        written = [
            id
            for call in sent
            if call.response
            for id in sorted(call.response.created | call.response.updated)
        ]
        holders = _holders(self._read(written, asked), key)
        unclear: list[ImportRow] = []
        for call in sent:
            for index, item in enumerate(call.rows):
                result = _created(call, index, holders[item.key])
                if result:
                    results[item.place] = result
                else:
                    unclear.append(item)
        holders = _holders(self._find(key, [item.key for item in unclear], asked), key)
        results.update({item.place: _looked_up(holders[item.key]) for item in unclear})
        return [results[place] for place in range(len(rows))]

    def update(
        self,
        rows: Sequence[tuple[str, Row]],
        fields: Sequence[Field],
        believed_empty: Mapping[str, Collection[str]],
    ) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.update`."""
        results = {place: _gone(id) for place, (id, _) in enumerate(rows) if not contract.is_id(id)}
        results |= {
            place: Result(id=id, refusal=refused(code))
            for place, (id, row) in enumerate(rows)
            if (code := _unsendable(row))
        }
        items = [
            ImportRow(place, id, {ELEMENT_ID: id, **row})
            for place, (id, row) in enumerate(rows)
            if place not in results
        ]
        missing: list[tuple[ImportRow, Refusal]] = []
        calls = self._send_updates(items, fields, believed_empty)
        rests = _rests(calls)
        for call in calls + self._send_rests([rest for rest, _ in rests.values()], fields):
            for index, item in enumerate(call.rows):
                rest, left_out = rests.get(item.place, (item, None))
                if item is not rest:
                    continue  # it was sent again
                if told := _told(call, index, left_out):
                    results[item.place] = told
                else:
                    missing.append((item, _warning(call, index) or refused("SKIPPED")))
        found = {record.id: record for record in self._read([item.key for item, _ in missing], [_ID_FIELD])}
        for item, refusal in missing:
            record = found.get(item.key)
            if record is None:
                results[item.place] = Result(id=item.key, refusal=refused("NO_ANSWER"))
            elif record.state is RecordState.ABSENT:
                results[item.place] = _gone(item.key)
            else:
                results[item.place] = Result(id=item.key, refusal=refusal)
        return [results[place] for place in range(len(rows))]

    def _send_updates(
        self,
        items: Sequence[ImportRow],
        fields: Sequence[Field],
        believed_empty: Mapping[str, Collection[str]],
    ) -> list[SentImport]:
        """Send updates, each import right after its targets were read."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="element451-read") as pool:

            def read_before(rows: Sequence[ImportRow]) -> Mapping[str, Record]:
                asked = [one for one in fields if one.key in rows[0].values and one.key != ELEMENT_ID]
                ids = [row.key for row in rows]
                return self._reader.read_live(pool, Kind.CONTACT, ids, asked) if asked else {}

            return self._send(
                items,
                ELEMENT_ID,
                empty="null",
                creating=False,
                read_before=read_before,
                believed_empty=believed_empty,
            )

    def _send_rests(self, rests: Sequence[ImportRow], fields: Sequence[Field]) -> list[SentImport]:
        """Send rows once more, without the columns that were refused (rule 15). A fault is kept: what was
        sent before has its results."""
        if not rests or self.write_fault:
            return [SentImport(list(rests), fault=self.write_fault)]
        try:
            return self._send_updates(rests, fields, {})  # what they hold was just looked at
        except Fault as fault:
            self.write_fault = fault
            return [SentImport(list(rests), fault=fault)]

    def _send(
        self,
        items: Sequence[ImportRow],
        unique: str,
        *,
        empty: str,
        creating: bool,
        read_before: ReadBefore = lambda rows: {},
        believed_empty: Mapping[str, Collection[str]] | None = None,
    ) -> list[SentImport]:
        imports = ImportSender(
            self._http,
            self._threads,
            self._before_send,
            unique,
            empty=empty,
            creating=creating,
            read_before=read_before,
            believed_empty=believed_empty or {},
        )
        try:
            return imports.send(items, same_columns=not creating)
        finally:
            self.write_fault = imports.write_fault

    def _read(self, ids: Sequence[str], fields: Sequence[Field]) -> Iterable[Record]:
        """The contacts, as far as they can be read; a fault is remembered, since what has been written has
        its results all the same."""
        found, fault = self._reader.read_until_fault(Kind.CONTACT, ids, fields)
        self.write_fault = self.write_fault or fault
        return found.values()

    def _find(self, key: Field, values: Sequence[str], fields: Sequence[Field]) -> Iterable[Record]:
        try:
            return self._reader.find(key, values, fields)
        except Fault as fault:
            self.write_fault = self.write_fault or fault
            return []


def _holders(records: Iterable[Record], key: Field) -> dict[str, list[Record]]:
    """The live records by the Salesforce ID that they hold."""
    holders: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.state is RecordState.LIVE:
            holders[_key(record.values, key.key)].append(record)
    return holders


def _created(call: SentImport, index: int, holders: Sequence[Record]) -> Result | None:
    """What became of a creation, None where only a look-up can tell."""
    warning = _warning(call, index)
    if call.response:
        for record in holders:
            created, updated = record.id in call.response.created, record.id in call.response.updated
            if created or updated:
                return Result(
                    id=record.id,
                    created=created,
                    existing=not created,
                    uncertain=call.repeated,
                    record=record,
                    left_out=warning,
                )
    if call.fault:
        return Result(refusal=refused_by(call.fault))
    refusal = call.refusal or warning
    return Result(refusal=refusal) if refusal else None


def _looked_up(holders: Sequence[Record]) -> Result:
    if len(holders) > 1:
        return Result(refusal=refused("AMBIGUOUS", ", ".join(record.id for record in holders)))
    if not holders:
        return Result(refusal=refused("NO_ANSWER"))
    return Result(id=holders[0].id, existing=True, record=holders[0])


def _warning(call: SentImport, index: int) -> Refusal | None:
    """The refusal for a row that the response warns about."""
    errors = call.response.warnings.get(index) if call.response else None
    if errors is None:
        return None
    warned = "; ".join(
        f"{slug}: {text}" if slug else text for slug, texts in errors.items() for text in texts
    )
    return refused("IMPORT_WARNING", warned, tuple(slug for slug in errors if slug))


def _told(call: SentImport, index: int, left_out: Refusal | None) -> Result | None:
    """What became of the update in this row; None where the response does not tell."""
    item = call.rows[index]
    if call.held_back:
        return Result(id=item.key, held_back=True, record=call.before[item.key])
    if call.response and item.key in call.response.updated:
        return Result(
            id=item.key,
            uncertain=call.repeated,
            before=_overwritten(call, item),
            left_out=left_out or _warning(call, index),
        )
    if call.refusal:
        return Result(id=item.key, refusal=call.refusal)
    if call.fault:
        # A response that must not be would come again: these rows are not sent again automatically.
        cause = Cause.LASTING if call.response else Cause.PASSING
        return Result(id=item.key, refusal=refused_by(call.fault, cause))
    return None


def _rests(calls: Iterable[SentImport]) -> dict[int, tuple[ImportRow, Refusal]]:
    """The rows that were refused for columns that the response names, without these, by their places; those
    of which nothing else is left are not among them."""
    found = {}
    for call in calls:
        for index, item in enumerate(call.rows):
            why = _warning(call, index)
            if call.response and item.key in call.response.updated:
                continue  # it went as far as it could
            if why is None or not set(why.fields) <= set(item.values) - {ELEMENT_ID} or not why.fields:
                continue
            values = {slug: value for slug, value in item.values.items() if slug not in why.fields}
            if len(values) > 1:  # more than the Element ID
                found[item.place] = (replace(item, values=values), why)
    return found


def _overwritten(call: SentImport, item: ImportRow) -> Values | None:
    """What an update overwrote; None where that is not known. After a repetition, what was read before it may
    be what its first attempt wrote."""
    record = call.before.get(item.key)
    if record is None or call.repeated:
        return None
    return {slug: record.values[slug] for slug in item.values if slug in record.values}


def _gone(element_id: str) -> Result:
    return Result(id=element_id, refusal=refused("GONE"), deleted=True)


def _unsendable(row: Row) -> str:
    """The code of the refusal of a row that cannot be encoded; empty where it can."""
    return "" if all(map(is_whole, row.values())) else "DAMAGED_TEXT"


def _key(row: Mapping[str, Value], unique: str) -> str:
    value = row.get(unique)
    return value.strip() if isinstance(value, str) else ""
