"""What somebody changes again and again where it is not owned is told by field and side; what its owner
changes is not (rule 1)."""

from datetime import UTC, datetime, timedelta

import pytest

from syncer.core.records import System
from syncer.journal import overwritten
from tests.scenarios.test_before import FIELDS, edit
from tests.support.world import OURS, THEIRS, World


@pytest.mark.parametrize("target", [OURS, THEIRS])
def test_edits_on_the_wrong_side_are_counted_and_the_owners_own_are_not(world: World, target: System) -> None:
    slug, name = FIELDS[target]
    pair = world.pair(
        {name: "old", "LastName": "Ray"}, {slug.replace("-", "_"): "old", "user_last_name": "Ray"}
    )
    world.sync()
    for value in ("first", "second"):  # the owner's: each is written, and nothing is overwritten
        edit(world, target.other, pair, slug, name, value)
        world.sync()
    assert found(world) == []
    for number in range(2):
        edit(world, target, pair, slug, name, f"by hand {number}")
        world.sync()
    assert found(world) == [(slug, target, 2, 1)]
    a_year_on = datetime.now(UTC) + timedelta(days=365)
    assert overwritten.this_week(world.engine, a_year_on) == []


def found(world: World) -> list[tuple[str, System, int, int]]:
    told = overwritten.this_week(world.engine, datetime.now(UTC))
    return [(one.element451, one.where, one.times, one.records) for one in told]
