"""A process that syncs looks for garbage rarely, and never through what was there before its first run."""

import gc
from collections.abc import Iterator

import pytest

from syncer.infra.collector import OBJECTS, look_rarely


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_what_is_there_at_the_first_run_is_left_out_and_what_comes_later_is_not() -> None:
    look_rarely()
    left_out = gc.get_freeze_count()
    kept = [[number] for number in range(1000)]
    look_rarely()
    assert left_out > 1000
    assert gc.get_freeze_count() == left_out
    assert gc.get_threshold()[0] == OBJECTS
    assert any(each is kept for each in gc.get_objects())
