"""Sending rows to Element451 in imports of up to 500, several at once, until something goes wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from syncer.connectors.element451 import contract
from syncer.connectors.element451.contract import ROWS_AN_IMPORT, Answer
from syncer.connectors.element451.http import Http
from syncer.connectors.errors import Fault, Unexpected
from syncer.core.records import System, Value

AT_ONCE = 4  # imports, however many reads may run: each carries 500 rows
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Item:
    """A row to import, its place in what the caller asked for, and the value that it matches by."""

    place: int
    key: str
    row: Row


@dataclass(frozen=True, slots=True)
class Sent:
    """The items of one import and Element451's answer to it, or the fault that came instead (both for an
    answer that must not be). ``repeated``: it was sent more than once, so that what it says may be the echo
    of the first time."""

    items: list[Item]
    answer: Answer | None = None
    fault: Fault | None = None
    repeated: bool = False


class Imports:
    """Sends imports that match on the column ``unique`` and whose other empty cells do ``empty``. After a
    fault nothing more is sent: ``stopped`` is that fault. With ``creating`` off, an answer that names a
    created contact is such a fault (contracts/element451.md A8)."""

    def __init__(
        self,
        http: Http,
        threads: int,
        before_send: Callable[[], None],
        unique: str,
        *,
        empty: str,
        creating: bool,
    ) -> None:
        self._http, self._threads, self._before_send = http, min(threads, AT_ONCE), before_send
        self._unique, self._empty, self._creating = unique, empty, creating
        self.stopped: Fault | None = None

    def send(self, items: Sequence[Item], *, columns_alike: bool) -> list[Sent]:
        """Send every item. With ``columns_alike`` the rows of one call all have the same columns, so that no
        cell is empty by accident. Raises the fault where no call got an answer, and what ``before_send``
        raises."""
        sent: list[Sent] = []
        for calls in _rounds(items, columns_alike):
            with ThreadPoolExecutor(self._threads, thread_name_prefix="element451") as pool:
                sent.extend(chain.from_iterable(pool.map(self._call, calls)))
        if self.stopped and not any(call.answer for call in sent):
            raise self.stopped
        return sent

    def _call(self, items: list[Item]) -> list[Sent]:
        if self.stopped:
            return [Sent(items, fault=self.stopped)]
        try:
            body = contract.import_body([item.row for item in items], self._unique, self._empty)
            reply = self._http.post(contract.IMPORT, body, self._before_send)
            answer = _answer(reply.body)
        except Fault as fault:
            if fault.code == f"HTTP {contract.TOO_LARGE}" and len(items) > 1:
                half = len(items) // 2
                return [*self._call(items[:half]), *self._call(items[half:])]
            self.stopped = self.stopped or fault
            return [Sent(items, fault=fault)]
        stray = answer.created - {item.key for item in items}
        if stray and not self._creating:
            sentence = (
                "Element451 created a contact where one was to be updated, so that nothing more was sent"
                " to it."
            )
            must_not_be = Unexpected(
                System.ELEMENT451, sentence, code="CREATED", detail=", ".join(sorted(stray))
            )
            self.stopped = self.stopped or must_not_be
            return [Sent(items, answer, must_not_be, reply.repeated)]
        return [Sent(items, answer, None, reply.repeated)]


def _answer(body: Mapping[str, Any]) -> Answer:
    try:
        return contract.answer_of(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        sentence = "Element451 did not say what became of the contacts that were sent."
        raise Unexpected(System.ELEMENT451, sentence, code="CONTRACT", detail=f"{error!r}") from error


def _rounds(items: Iterable[Item], columns_alike: bool) -> list[list[list[Item]]]:
    """The calls, in rounds to be sent one after another: what repeats a key waits for the next round, so that
    no call has a key twice."""
    seen: Counter[str] = Counter()
    rounds: dict[int, dict[frozenset[str], list[Item]]] = {}
    for item in items:
        seen[item.key] += 1
        columns = frozenset(item.row) if columns_alike else frozenset()
        rounds.setdefault(seen[item.key], {}).setdefault(columns, []).append(item)
    return [[call for alike in groups.values() for call in _calls(alike)] for groups in rounds.values()]


def _calls(items: list[Item]) -> list[list[Item]]:
    return [items[start : start + ROWS_AN_IMPORT] for start in range(0, len(items), ROWS_AN_IMPORT)]
