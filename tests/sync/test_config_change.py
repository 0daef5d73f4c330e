"""What has to be done when the configuration is another one than that of the run before."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from syncer.infra.database import key_value
from syncer.sync.config_change import apply_changes
from syncer.sync.pair_rows import APPLIED
from tests.support.configured_world import School, edited, prefer, settled, turn


def as_before(applied: dict[str, Any]) -> dict[str, Any]:
    """What was applied, in the shape in which earlier versions stored it: modes and fields as lists, without
    what is known of them since."""
    keys = ("element451", "salesforce", "owner", "values")
    return {
        "entity": applied["entity"],
        "match_on": applied["match_on"],
        "modes": list(applied["modes"].values()),
        "fields": [[field[key] for key in keys] for field in applied["fields"]],
    }


def store(school: School, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with school.engine.begin() as connection:
        stored = key_value.read(connection, APPLIED)
        key_value.write(connection, APPLIED, {kind: change(applied) for kind, applied in stored.items()})


def due_after_apply(school: School) -> int:
    apply_changes(school.context())
    return school.due()


def test_a_database_of_an_earlier_version_goes_on_without_making_everything_due(engine: Engine) -> None:
    school = settled(engine)
    store(school, as_before)
    assert due_after_apply(school) == 0
    with engine.connect() as connection:
        assert isinstance(key_value.read(connection, APPLIED)["contact"]["modes"], dict)
    assert school.sync().state == "done"
    assert school.due() == 0


def test_a_change_made_together_with_the_new_version_still_makes_everything_due(engine: Engine) -> None:
    school = settled(engine)
    store(school, as_before)
    school.save(edited(school.document, turn("user-custom-notes")))
    assert due_after_apply(school) == 8, "the contacts; of conversations nothing changed"


def test_a_mode_concerns_the_pairs_of_every_kind(engine: Engine) -> None:
    school = settled(engine)
    school.save(
        edited(school.document, prefer(**{"import": {"update_existing": False, "create_new": False}}))
    )
    assert due_after_apply(school) == 10


def test_a_preference_that_decides_no_plan_makes_nothing_due(engine: Engine) -> None:
    school = settled(engine)
    school.save(edited(school.document, prefer(batch_size=50, interval_minutes=30)))
    assert due_after_apply(school) == 0
