"""What both in-memory systems share: a clock that a test moves, a journal of the API's writes, and faults
that a test asks for."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from syncer.connectors.errors import Fault, FieldRefused, Refusal, Result, Unreachable, refused
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Field
from syncer.core.records import System, Value
from syncer.core.values import is_whole, read, send

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERYTHING = math.inf


class NotPossible(ValueError):
    """A person asked for something that the system does not allow (an edit that its own validation refuses,
    say)."""


@dataclass
class Clock:
    """The time of both systems. It stands still until a test moves it."""

    now: datetime = START

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now += timedelta(seconds=seconds)

    @property
    def stamp(self) -> datetime:
        """Now, to the second, as both systems stamp their records."""
        return self.now.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record written through the API: never what a person did, never a refused row."""

    system: System
    action: str  # insert, update, upsert (Salesforce); create, update (Element451)
    id: str
    values: Mapping[str, Value]

    @property
    def fields(self) -> tuple[str, ...]:
        """The keys of the fields that were written, empty ones too."""
        return tuple(sorted(self.values))


@dataclass
class _Failure:
    after: float
    fault: BaseException
    times: int


@dataclass
class Faults:
    """The troubles that a test asks for. All off at first.

    ``delay``: how long after its stamp a change becomes visible to readers. ``unknown``: fields that the
    system no longer knows. ``refusals``: records that are refused, by their id or by any text value that is
    written to them. ``trigger``: an automation that gets a record's values after each save and returns the
    values that it changes.
    """

    system: System
    delay: timedelta = timedelta(0)
    unknown: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """Fields that the system describes, but does not answer for."""
    refusals: dict[str, Refusal] = field(default_factory=dict)
    trigger: Callable[[dict[str, Value]], Mapping[str, Value]] | None = None
    hidden: set[str] = field(default_factory=set)
    """Records that no read by ID brings and no update may touch, as if they were not there. In Salesforce no
    list names them either (sharing); Element451's searches still do."""
    silent: set[str] = field(default_factory=set)
    """Fields of Element451 that are gone from the catalogue, and that it answers with nothing all the
    same."""
    nameless: set[str] = field(default_factory=set)
    """Records whose rows come without an id in every reply."""
    date_off: timedelta = timedelta(0)
    """By how much the system's dates are ahead, while its stamps are right."""
    unlisted: bool = False
    """Whether every list and search succeeds with nothing."""
    reads_nothing: bool = False
    """Whether every read by ID succeeds with nothing."""
    before_find: Callable[[], None] | None = None
    _failures: dict[str, list[_Failure]] = field(default_factory=dict)
    _lost: int = 0
    _unanswered_from: int | None = None

    def fail(
        self, call: str, *, after: float = 0, fault: BaseException | None = None, times: int = 1
    ) -> None:
        """Let the next ``times`` calls of the method ``call`` fail with ``fault`` (Unreachable unless said)
        after ``after`` rows or pages: 0 is before anything is done, `EVERYTHING` after all is written, so
        that only the reply is lost. The fault is raised, except where writing fails midway: then it is kept
        as `write_fault`, and the rows without an answer are refused as passing. What is no `Fault` (a kill,
        say) is raised in any case."""
        unreachable = Unreachable(self.system, f"{self.system.label} could not be reached.", code="NETWORK")
        self._failures.setdefault(call, []).append(_Failure(after, fault or unreachable, times))

    def lag(self, seconds: float) -> None:
        """Let changes become visible ``seconds`` after their stamp."""
        self.delay = timedelta(seconds=seconds)

    def lose_reply(self, times: int = 1) -> None:
        """Let the reply of the next ``times`` writes be lost and the adapter repeat them, as the real ones
        do."""
        self._lost += times

    def leave_unanswered(self, after: int) -> None:
        """Let the next write carry out all of its rows, but answer only the first ``after`` of them."""
        self._unanswered_from = after

    def take_unanswered(self) -> int | None:
        """From which row on the write that begins now is not answered; None where all are."""
        after, self._unanswered_from = self._unanswered_from, None
        return after

    def refuse(
        self,
        key: str,
        *,
        code: str = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        cause: Cause = Cause.LASTING,
        fields: tuple[str, ...] = (),
    ) -> None:
        """Refuse the record that has the id ``key``, or that is written with the text ``key`` in any field,
        until `forgive`. The refusal names the ``fields``."""
        self.refusals[key] = Refusal(
            code, f"{self.system.label} refused this record.", cause, "A rule of the school's own.", fields
        )

    def forgive(self) -> None:
        """Take back every trouble."""
        self.delay, self.trigger, self._lost = timedelta(0), None, 0
        self.unknown.clear()
        self.nameless.clear()
        self.silent.clear()
        self.refused.clear()
        self.refusals.clear()
        self._failures.clear()

    def refusal(self, record_id: str | None, values: Mapping[str, Value]) -> Refusal | None:
        """Why the test wants this record refused, if it does."""
        if not self.refusals:
            return None
        keys = [record_id or "", *(value for value in values.values() if isinstance(value, str))]
        return next((self.refusals[key] for key in keys if key in self.refusals), None)

    def failure(self, call: str) -> tuple[float, BaseException | None]:
        """After how many rows or pages the call that begins now fails, and with what."""
        waiting = self._failures.get(call)
        if not waiting:
            return EVERYTHING, None
        failure = waiting[0]
        failure.times -= 1
        if failure.times < 1:
            waiting.pop(0)
        return failure.after, failure.fault

    def take_lost_reply(self) -> bool:
        """Whether the reply of the write that begins now is lost."""
        self._lost, lost = max(self._lost - 1, 0), self._lost > 0
        return lost

    def check_known(self, known: Mapping[str, Field], keys: list[str]) -> None:
        """Raise `FieldRefused` for a field that the system does not know, or no longer."""
        for key in keys:
            if key not in known or key in self.unknown | self.refused:
                sentence = f"{self.system.label} does not know the field {key}."
                raise FieldRefused(
                    self.system,
                    sentence,
                    code="INVALID_FIELD",
                    detail=f"No such column '{key}'",
                    fields=(key,),
                )


class Sending:
    """One piece of writing: its rows one after another, with the troubles that the test asked for.
    ``write_fault`` is the fault that ended it midway; where no row got an answer, the fault is raised."""

    def __init__(self, faults: Faults, call: str, before_send: Callable[[], None], pack: int) -> None:
        self._after, self._fault = faults.failure(call)
        self._lost = faults.take_lost_reply()
        self._unanswered_from = faults.take_unanswered()
        self._system = faults.system
        self._before_send, self._pack = before_send, pack
        self.write_fault: Fault | None = None

    def send(self, rows: Sequence[T], write: Callable[[T], Result]) -> list[Result]:
        """Write the rows; one result for each."""
        results = [self._one(number, row, write) for number, row in enumerate(rows)]
        if self._fault and rows and (self._after == 0 or self._after >= len(rows)):
            raise self._fault
        return results

    def _one(self, number: int, row: T, write: Callable[[T], Result]) -> Result:
        if self._fault and number >= self._after:
            if not isinstance(self._fault, Fault):
                raise self._fault
            self.write_fault = self._fault
            return unsent(self._fault)
        if number % self._pack == 0:
            self._before_send()
        try:
            result = write(row)
        except Fault as fault:  # a field that is unknown by now, say: the call fails as a whole
            self.write_fault, self._fault, self._after = fault, fault, number
            return unsent(fault)
        if self._unanswered_from is not None and number >= self._unanswered_from:
            self.write_fault = Unreachable(
                self._system, f"{self._system.label} gave no answer.", code="NETWORK"
            )
            return unsent(self.write_fault)
        return replace(write(row), uncertain=True, before=None) if self._lost else result


def unsent(fault: Fault) -> Result:
    """The result of a row without an answer because ``fault`` ended the sending."""
    return Result(
        refusal=Refusal(fault.code or type(fault).__name__, fault.sentence, Cause.PASSING, fault.detail)
    )


def damage(values: Mapping[str, Value]) -> frozenset[str]:
    """The keys of the values that no adapter could decode: they hold half a surrogate pair."""
    return frozenset(key for key, value in values.items() if not is_whole(value))


def unsendable(values: Mapping[str, Value], record_id: str | None) -> Result | None:
    """The result of a row that no adapter could encode."""
    return Result(record_id, refused("DAMAGED_TEXT")) if damage(values) else None


def normal(field: Field, value: Value) -> Value:
    """``value`` as it reads after a journey over the wire."""
    return read(field, send(field.system, value))


def nothing() -> None:
    """What is done before a request is sent, unless a test says otherwise."""


def rest_of(values: Mapping[str, Value], refusal: Refusal | None) -> dict[str, Value]:
    """What is left of an update that was refused for fields that the refusal names; nothing where it names
    none of them, or all."""
    if refusal is None or not refusal.fields or not set(refusal.fields) <= set(values):
        return {}
    return {key: value for key, value in values.items() if key not in refusal.fields}
