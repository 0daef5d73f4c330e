"""When a call is tried again: the one place of both connectors that decides it (contracts/salesforce.md A2,
table A8)."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from syncer.connectors.errors import LimitReached, Unreachable
from syncer.connectors.response_headers import utc_now
from syncer.core.records import System

T = TypeVar("T")


class TransientFault(Unreachable):
    """A failed attempt that may succeed when repeated.

    ``executed``: the system may have acted upon it all the same. ``retry_after``: the seconds that it asks to
    wait. ``max_attempts``: so many failures with this code end the attempts, whatever the policy allows.
    """

    def __init__(
        self,
        system: System,
        sentence: str,
        *,
        code: str = "",
        detail: str = "",
        executed: bool = True,
        retry_after: float | None = None,
        max_attempts: int | None = None,
    ) -> None:
        super().__init__(system, sentence, code=code, detail=detail)
        self.executed, self.retry_after, self.max_attempts = executed, retry_after, max_attempts


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``max_attempts`` in all, with a random wait between them that doubles from ``base_delay`` seconds up to
    ``max_delay``. A server that asks for more than ``max_delay`` seconds ends the attempts at once: that is a
    limit, which the next run keeps too."""

    max_attempts: int = 4
    base_delay: float = 0.5
    max_delay: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def call(self, function: Callable[[], T], *, repeatable: bool = True) -> T:
        """What ``function`` returns, repeated while it raises a `TransientFault`; the last one is raised, or
        `LimitReached` where it asks for a longer wait than ours. ``repeatable`` false: only attempts that the
        system cannot have acted upon are repeated."""
        failures: Counter[str] = Counter()

        def counted() -> T:
            try:
                return function()
            except TransientFault as fault:
                failures[fault.code] += 1
                raise

        def enough(state: RetryCallState) -> bool:
            fault = _fault_of(state)
            if fault is None or state.attempt_number >= self.max_attempts:
                return True
            if fault.max_attempts is not None and failures[fault.code] >= fault.max_attempts:
                return True
            return self._asks_too_much(fault) or (fault.executed and not repeatable)

        attempts = Retrying(
            retry=retry_if_exception_type(TransientFault),
            stop=enough,
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return attempts(counted)
        except TransientFault as fault:
            if self._asks_too_much(fault):
                raise _limit(fault) from fault
            raise

    def _asks_too_much(self, fault: TransientFault) -> bool:
        return fault.retry_after is not None and fault.retry_after > self.max_delay

    def pause(self, attempt: int) -> None:
        """Wait after attempt number ``attempt`` at something that is repeated in part."""
        state = RetryCallState(retry_object=Retrying(), fn=None, args=(), kwargs={})
        state.attempt_number = attempt
        self.sleep(self._wait(state))

    def _wait(self, state: RetryCallState) -> float:
        fault = _fault_of(state)
        asked = fault.retry_after if fault is not None and fault.retry_after is not None else 0.0
        return max(asked, wait_random_exponential(multiplier=self.base_delay, max=self.max_delay)(state))


def _fault_of(state: RetryCallState) -> TransientFault | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, TransientFault) else None


def _limit(fault: TransientFault) -> LimitReached:
    until = utc_now() + timedelta(seconds=fault.retry_after or 0)
    sentence = f"{fault.system.label} takes no more requests until {until:%Y-%m-%d %H:%M} UTC."
    return LimitReached(fault.system, sentence, until=until, code=fault.code, detail=fault.detail)
