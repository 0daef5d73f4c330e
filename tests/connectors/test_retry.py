"""The retry policy of both connectors: how often, how long between, and what is never repeated."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncer.connectors.errors import LimitReached, NotAllowed, Unreachable
from syncer.connectors.retry import RetryPolicy, TransientFault
from syncer.core.records import System


def failing(*faults: Exception) -> Callable[[], int]:
    """A function that raises these in turn, then returns how often it was called."""
    calls = 0

    def function() -> int:
        nonlocal calls
        calls += 1
        if calls <= len(faults):
            raise faults[calls - 1]
        return calls

    return function


def transient(code: str = "busy", **more: Any) -> TransientFault:
    return TransientFault(System.SALESFORCE, "Try again.", code=code, **more)


def quick(max_attempts: int = 4, waits: list[float] | None = None) -> RetryPolicy:
    return RetryPolicy(max_attempts, 0.5, 5.0, sleep=(waits if waits is not None else []).append)


def test_a_passing_failure_is_repeated_until_it_passes() -> None:
    assert quick().call(failing(transient(), transient(), transient())) == 4


def test_the_last_failure_is_raised_when_the_attempts_are_used_up() -> None:
    last = transient("last")
    with pytest.raises(Unreachable) as raised:
        quick(3).call(failing(transient(), transient(), last, transient()))
    assert raised.value is last


@pytest.mark.parametrize("fault", [NotAllowed(System.SALESFORCE, "No."), ValueError("no fault at all")])
def test_what_does_not_pass_is_not_repeated(fault: Exception) -> None:
    waits: list[float] = []
    with pytest.raises(type(fault)):
        quick(waits=waits).call(failing(fault))
    assert waits == []


def test_what_may_have_been_carried_out_is_repeated_only_where_that_does_no_harm() -> None:
    assert quick().call(failing(transient(executed=False)), repeatable=False) == 2
    with pytest.raises(TransientFault):
        quick().call(failing(transient(executed=True)), repeatable=False)


def test_a_kind_of_failure_with_its_own_bound_counts_only_itself() -> None:
    other = transient("odd", max_attempts=2)
    assert quick(5).call(failing(transient(), other, transient())) == 4
    with pytest.raises(TransientFault) as raised:
        quick(5).call(failing(other, transient(), other, transient()))
    assert raised.value is other


def test_a_wait_that_is_asked_for_is_kept_and_a_longer_one_ends_the_attempts() -> None:
    waits: list[float] = []
    assert quick(waits=waits).call(failing(transient(retry_after=4.0), transient())) == 3
    assert waits[0] == 4.0
    assert waits[1] <= 1.0
    with pytest.raises(LimitReached) as raised:
        quick(waits=waits).call(failing(transient(retry_after=3600)))
    assert raised.value.until > datetime.now(UTC) + timedelta(minutes=59)
    assert len(waits) == 2
