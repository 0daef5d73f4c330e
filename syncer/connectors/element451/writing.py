"""Finding out what became of each contact that was sent: an import's answer is not tied to its rows.

A created contact is recognised by the Salesforce ID that it holds; an update whose Element ID is missing from
the answer did not happen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ELEMENT_ID
from syncer.connectors.element451.http import Http
from syncer.connectors.element451.imports import Imports, Item, Row, Sent
from syncer.connectors.element451.reading import Reader
from syncer.connectors.errors import Fault, Refusal, Result, refused
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, State, System, Value

_ID_FIELD = Field(System.ELEMENT451, ELEMENT_ID, "Element ID", TEXT, Kind.CONTACT)


class Writer:
    """Writes contacts. ``stopped`` is the fault that stopped the last piece of writing, if one did: rows that
    had been sent have their results, the others are refused as passing."""

    def __init__(self, http: Http, reader: Reader, threads: int, before_send: Callable[[], None]) -> None:
        self._http, self._reader, self._threads, self._before_send = http, reader, threads, before_send
        self.stopped: Fault | None = None

    def create(self, rows: Sequence[Row], unique: str, fields: Sequence[Field]) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.create`. ``existing``: a contact with this Salesforce ID
        was there, and took the values."""
        results = {
            place: Result(refusal=refused("NO_KEY"))
            for place, row in enumerate(rows)
            if not _key(row, unique)
        }
        items = [
            Item(place, _key(row, unique), row) for place, row in enumerate(rows) if place not in results
        ]
        sent = self._send(items, unique, empty="skip", creating=True)
        key = Field(System.ELEMENT451, unique, unique, TEXT, Kind.CONTACT)
        asked = list({field.key: field for field in (*fields, key)}.values())
        written = [
            id for call in sent if call.answer for id in sorted(call.answer.created | call.answer.updated)
        ]
        holders = _holders(self._read(written, asked), key)
        unclear: list[Item] = []
        for call in sent:
            for index, item in enumerate(call.items):
                result = _created(call, index, holders[item.key])
                if result:
                    results[item.place] = result
                else:
                    unclear.append(item)
        holders = _holders(self._find(key, [item.key for item in unclear], asked), key)
        results.update({item.place: _looked_up(holders[item.key]) for item in unclear})
        return [results[place] for place in range(len(rows))]

    def update(self, rows: Sequence[tuple[str, Row]]) -> list[Result]:
        """See `syncer.connectors.protocol.Element451.update`."""
        results = {place: _gone(id) for place, (id, _) in enumerate(rows) if not contract.is_id(id)}
        items = [
            Item(place, id, {ELEMENT_ID: id, **row})
            for place, (id, row) in enumerate(rows)
            if place not in results
        ]
        missing: list[tuple[Item, Refusal]] = []
        for call in self._send(items, ELEMENT_ID, empty="null", creating=False):
            for index, item in enumerate(call.items):
                if call.answer and item.key in call.answer.updated:
                    results[item.place] = Result(id=item.key, uncertain=call.repeated)
                elif call.fault:
                    # An answer that must not be would come again: these rows are not sent again by
                    # themselves.
                    cause = Cause.LASTING if call.answer else Cause.PASSING
                    results[item.place] = Result(id=item.key, refusal=_of_fault(call.fault, cause))
                else:
                    missing.append((item, _warning(call, index) or refused("SKIPPED")))
        found = {record.id: record for record in self._read([item.key for item, _ in missing], [_ID_FIELD])}
        for item, refusal in missing:
            record = found.get(item.key)
            if record is None:
                results[item.place] = Result(id=item.key, refusal=refused("NO_ANSWER"))
            elif record.state is State.GONE:
                results[item.place] = _gone(item.key)
            else:
                results[item.place] = Result(id=item.key, refusal=refusal)
        return [results[place] for place in range(len(rows))]

    def _send(self, items: Sequence[Item], unique: str, *, empty: str, creating: bool) -> list[Sent]:
        imports = Imports(
            self._http, self._threads, self._before_send, unique, empty=empty, creating=creating
        )
        try:
            return imports.send(items, columns_alike=not creating)
        finally:
            self.stopped = imports.stopped

    def _read(self, ids: Sequence[str], fields: Sequence[Field]) -> Iterable[Record]:
        """The contacts, as far as they can be read; a fault is remembered, for what has been written has its
        results all the same."""
        found, fault = self._reader.read_until_fault(Kind.CONTACT, ids, fields)
        self.stopped = self.stopped or fault
        return found.values()

    def _find(self, key: Field, values: Sequence[str], fields: Sequence[Field]) -> Iterable[Record]:
        try:
            return self._reader.find(key, values, fields)
        except Fault as fault:
            self.stopped = self.stopped or fault
            return []


def _holders(records: Iterable[Record], key: Field) -> dict[str, list[Record]]:
    """The live records by the Salesforce ID that they hold."""
    holders: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.state is State.LIVE:
            holders[_key(record.values, key.key)].append(record)
    return holders


def _created(call: Sent, index: int, holders: Sequence[Record]) -> Result | None:
    """What became of a creation, None where only a look-up can tell."""
    if call.answer:
        for record in holders:
            if record.id in call.answer.created:
                return Result(id=record.id, created=True, uncertain=call.repeated, record=record)
            if record.id in call.answer.updated:
                return Result(id=record.id, existing=True, uncertain=call.repeated, record=record)
    if call.fault:
        return Result(refusal=_of_fault(call.fault))
    refusal = _warning(call, index)
    return Result(refusal=refusal) if refusal else None


def _looked_up(holders: Sequence[Record]) -> Result:
    if len(holders) > 1:
        return Result(refusal=refused("AMBIGUOUS", ", ".join(record.id for record in holders)))
    if not holders:
        return Result(refusal=refused("NO_ANSWER"))
    return Result(id=holders[0].id, existing=True, record=holders[0])


def _warning(call: Sent, index: int) -> Refusal | None:
    """The refusal for a row that the answer warns about."""
    errors = call.answer.warnings.get(index) if call.answer else None
    if errors is None:
        return None
    told = "; ".join(f"{slug}: {text}" if slug else text for slug, texts in errors.items() for text in texts)
    return refused("IMPORT_WARNING", told, tuple(slug for slug in errors if slug))


def _of_fault(fault: Fault, cause: Cause = Cause.PASSING) -> Refusal:
    """The refusal for a row of a call that failed."""
    return Refusal(fault.code or type(fault).__name__, fault.sentence, cause, fault.detail)


def _gone(element_id: str) -> Result:
    return Result(id=element_id, refusal=refused("GONE"), deleted=True)


def _key(row: Mapping[str, Value], unique: str) -> str:
    value = row.get(unique)
    return value.strip() if isinstance(value, str) else ""
