"""A new school is set up in the order in which it can be done, and no step fails for what only a later one
can decide."""

from typing import Any

from syncer.application.attention import Current, Views
from syncer.application.decisions.set_up import Step, steps
from syncer.core.records import System
from tests.application.test_attention import MAPPED, views
from tests.support.documents import document

NOTHING: dict[str, bool] = dict.fromkeys(("examined", "looked_at", "tried", "synced"), False)


def left(current: Current = None, connections: Views | None = None, **known: Any) -> list[Step]:
    done = steps(current, connections or views(), **{**NOTHING, "live": False, **known})
    return [step for step in Step if not done[step]]


def test_a_new_school_has_every_step_before_it() -> None:
    assert left(connections=dict.fromkeys(System), live=True) == list(Step)


def test_each_decision_takes_one_step_and_none_asks_for_a_later_one() -> None:
    assert left(examined=True)[0] is Step.OBJECTS
    assert left((1, document(contact=[])), examined=True)[0] is Step.MAPPINGS
    assert left(MAPPED, examined=True)[0] is Step.PREFERENCES
    assert left(MAPPED, examined=True, looked_at=True)[0] is Step.FORECAST
    assert left(MAPPED, examined=True, looked_at=True, tried=True) == [Step.SYNC, Step.LIVE]
    assert left(MAPPED, synced=True) == [Step.LIVE]


def test_who_imported_a_whole_configuration_is_live_and_has_only_to_look_and_sync() -> None:
    assert left(MAPPED, examined=True, live=True) == [Step.FORECAST, Step.SYNC]
