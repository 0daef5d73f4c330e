"""When a call is tried again: the only place of the Salesforce adapter that does (contracts/salesforce.md A2,
A8)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from syncer.connectors.errors import Unreachable
from syncer.core.records import System


class Passing(Unreachable):
    """A failed try that may succeed when repeated. ``executed`` says that Salesforce may have acted upon it
    all the same."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "",
        detail: str = "",
        executed: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(System.SALESFORCE, sentence, code=code, detail=detail)
        self.executed, self.retry_after = executed, retry_after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``tries`` in all, waiting a random time that doubles from ``base`` seconds up to ``longest``; a
    Retry-After beyond ``longest`` ends the tries at once. An UNKNOWN_EXCEPTION is repeated three times at
    most (A8)."""

    tries: int = 4
    base: float = 0.5
    longest: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def pause(self, attempt: int) -> None:
        """Wait before try number ``attempt`` + 1 of something that is repeated in part."""
        self.sleep(wait_random_exponential(multiplier=self.base, max=self.longest)(_state(attempt)))

    def tries_of(self, repeatable: bool) -> Retrying:
        """Something to call a function with. ``repeatable`` false: only tries that Salesforce cannot have
        acted upon are repeated."""
        return Retrying(
            retry=retry_if_exception_type(Passing),
            stop=lambda state: self._enough(state, repeatable),
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )

    def _enough(self, state: RetryCallState, repeatable: bool) -> bool:
        failed = _failure(state)
        if failed is None:
            return True
        most = min(self.tries, 4) if failed.code == "UNKNOWN_EXCEPTION" else self.tries
        too_long = failed.retry_after is not None and failed.retry_after > self.longest
        return state.attempt_number >= most or too_long or (failed.executed and not repeatable)

    def _wait(self, state: RetryCallState) -> float:
        failed = _failure(state)
        asked = failed.retry_after if failed is not None and failed.retry_after is not None else 0.0
        return max(asked, wait_random_exponential(multiplier=self.base, max=self.longest)(state))


def _failure(state: RetryCallState) -> Passing | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, Passing) else None


def _state(attempt: int) -> RetryCallState:
    state = RetryCallState(retry_object=Retrying(), fn=None, args=(), kwargs={})
    state.attempt_number = attempt
    return state
