"""Sending rows to Element451 in imports of up to 500, several at once, until something goes wrong."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from more_itertools import chunked

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ImportResponse
from syncer.connectors.element451.http import ApiSession
from syncer.connectors.errors import Fault, Refusal, Unexpected, refused
from syncer.connectors.system_text import without_values
from syncer.core.records import Record, System, Value

MAX_CONCURRENT_IMPORTS = 4  # imports, however many reads may run: each carries 500 rows
HOPELESS = 10
"""So many rows refused alone, before any was taken, end the writing."""
_REFUSED_WHOLE = frozenset(f"HTTP {status}" for status in (400, contract.TOO_LARGE, 422))
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row to import, its place in what the caller asked for, and the value that it matches by."""

    place: int
    key: str
    values: Row


ReadBefore = Callable[[Sequence[ImportRow]], Mapping[str, Record]]
"""Returns the contacts that rows are about to overwrite, by key. Raises a `Fault`."""


@dataclass(frozen=True, slots=True)
class SentImport:
    """The rows of one import and Element451's response to it, or the fault that came instead (both for a
    response that must not be). ``repeated``: it was sent more than once, so that what it says may be the echo
    of the first time. ``before``: the contacts by key, as they were right before. ``refusal``: why an import
    of this one row was refused as a whole. ``held_back``: nothing was sent (`Result.held_back`)."""

    rows: list[ImportRow]
    response: ImportResponse | None = None
    fault: Fault | None = None
    repeated: bool = False
    before: Mapping[str, Record] = field(default_factory=dict)
    refusal: Refusal | None = None
    held_back: bool = False


class ImportSender:
    """Sends imports that match on the column ``unique`` and whose other empty cells do ``empty``. After a
    fault nothing more is sent: ``write_fault`` is that fault. With ``creating`` off, a response that names a
    created contact is such a fault (contracts/element451.md A8).

    ``read_before`` is called right before each import (rule 16). Of what it gives, a contact that holds a
    value in one of its columns in ``believed_empty`` is held back.

    An import that is refused as a whole because of what it carries is halved down to the one row (rule 22).
    Where `HOPELESS` rows were refused so, and none was ever taken, it is not the rows: that is a fault too.
    """

    def __init__(
        self,
        http: ApiSession,
        threads: int,
        before_send: Callable[[], None],
        unique: str,
        *,
        empty: str,
        creating: bool,
        believed_empty: Mapping[str, Collection[str]],
        read_before: ReadBefore = lambda rows: {},
    ) -> None:
        self._http, self._threads, self._before_send = http, min(threads, MAX_CONCURRENT_IMPORTS), before_send
        self._unique, self._empty, self._creating = unique, empty, creating
        self._read_before, self._believed_empty = read_before, believed_empty
        self._refused_alone, self._taken = 0, False
        self.write_fault: Fault | None = None

    def send(self, rows: Sequence[ImportRow], *, same_columns: bool) -> list[SentImport]:
        """Send every row. With ``same_columns`` the rows of one call all have the same columns, so that no
        cell is empty by accident. Raises the fault where no call got a response, and what ``before_send``
        raises."""
        sent: list[SentImport] = []
        for calls in _import_rounds(rows, same_columns, self._http.account.import_size):
            with ThreadPoolExecutor(self._threads, thread_name_prefix="element451") as pool:
                sent.extend(chain.from_iterable(pool.map(self._send_import, calls)))
        if self.write_fault and not any(call.response for call in sent):
            raise self.write_fault
        return sent

    def _send_import(self, rows: list[ImportRow]) -> list[SentImport]:
        if self.write_fault:
            return [SentImport(rows, fault=self.write_fault)]
        try:
            before = self._read_before(rows)
        except Fault as fault:
            # What would be overwritten cannot be seen, so that nothing is.
            self.write_fault = self.write_fault or fault
            return [SentImport(rows, fault=fault)]
        held_back = [row for row in rows if self._holds_what_it_should_not(row, before)]
        rest = [row for row in rows if row not in held_back]
        left = [SentImport(held_back, before=before, held_back=True)] if held_back else []
        return [*left, *self._post(rest, before)] if rest else left

    def _holds_what_it_should_not(self, row: ImportRow, before: Mapping[str, Record]) -> bool:
        empty = self._believed_empty.get(row.key, ())
        held = before[row.key].values if empty and row.key in before else {}
        return any(key in row.values and held.get(key) is not None for key in empty)

    def _post(self, rows: list[ImportRow], before: Mapping[str, Record]) -> list[SentImport]:
        try:
            body = contract.import_body([row.values for row in rows], self._unique, self._empty)
            sent = self._http.post(contract.IMPORT, body, self._before_send)
            response = _import_response(sent.body)
        except Fault as fault:
            if isinstance(fault, Unexpected) and fault.code in _REFUSED_WHOLE:
                return self._halved(rows, fault)
            self.write_fault = self.write_fault or fault
            return [SentImport(rows, fault=fault)]
        self._taken = True
        stray = response.created - {row.key for row in rows}
        if stray and not self._creating:
            sentence = (
                "Element451 created a contact where one was to be updated, so that nothing more was sent"
                " to it."
            )
            created_fault = Unexpected(
                System.ELEMENT451, sentence, code="CREATED", detail=", ".join(sorted(stray))
            )
            self.write_fault = self.write_fault or created_fault
            return [SentImport(rows, response, created_fault, sent.repeated, before)]
        return [SentImport(rows, response, None, sent.repeated, before)]

    def _halved(self, rows: list[ImportRow], fault: Fault) -> list[SentImport]:
        if len(rows) > 1:
            half = len(rows) // 2
            return [*self._send_import(rows[:half]), *self._send_import(rows[half:])]
        self._refused_alone += 1
        if self._refused_alone >= HOPELESS and not self._taken:
            self.write_fault = self.write_fault or fault
            return [SentImport(rows, fault=fault)]
        return [SentImport(rows, refusal=refused("IMPORT_WARNING", fault.detail))]


def _import_response(body: Mapping[str, Any]) -> ImportResponse:
    try:
        return contract.import_response(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        sentence = "Element451 did not say what became of the contacts that were sent."
        raise Unexpected(
            System.ELEMENT451,
            sentence,
            code="CONTRACT",
            detail=without_values(f"{type(error).__name__}: {error}"),
        ) from error


def _import_rounds(rows: Iterable[ImportRow], same_columns: bool, size: int) -> list[list[list[ImportRow]]]:
    """The calls of at most ``size`` rows, in rounds to be sent one after another: what repeats a key waits
    for the next round, so that no call has a key twice."""
    seen: Counter[str] = Counter()
    rounds: dict[int, dict[frozenset[str], list[ImportRow]]] = {}
    for row in rows:
        seen[row.key] += 1
        columns = frozenset(row.values) if same_columns else frozenset()
        rounds.setdefault(seen[row.key], {}).setdefault(columns, []).append(row)
    return [
        [call for alike in groups.values() for call in chunked(alike, size)] for groups in rounds.values()
    ]
