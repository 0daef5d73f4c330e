"""No clock of another makes an edit pass unseen (rule 23)."""

from datetime import timedelta

import pytest

from syncer.core.records import System
from tests.support.variations import each_once
from tests.support.world import OURS, World

HOURS = [24, -24, 1]


@pytest.mark.parametrize(("hours", "system"), each_once(HOURS, list(System)))
def test_edits_after_a_run_with_a_wrong_date_arrive_and_the_run_tells_of_it(
    world: World, system: System, hours: int
) -> None:
    element451, salesforce = world.pair()
    world.sync()
    faults = world.element451.faults if system is OURS else world.salesforce.faults
    faults.date_off = timedelta(hours=hours)
    run = world.sync()
    assert (run.state, system.label in run.reason) == ("done", True)
    faults.date_off = timedelta(0)
    world.later(60)
    world.element451.people.edit(element451, {"user-first-name": "Anna"})
    world.salesforce.people.edit(salesforce, {"Phone": "77"})
    assert world.sync().reason == ""
    assert world.in_salesforce(salesforce)["FirstName"] == "Anna"
    assert world.in_element451(element451)["user-phone-cell-number"] == "77"


FORTY_DAYS = 40 * 24 * 60
"""In minutes: so far ahead was a clock."""


def test_edits_arrive_after_a_clock_that_was_ahead_was_put_right(world: World) -> None:
    element451, salesforce = world.pair()
    world.later(FORTY_DAYS)
    world.sync()
    world.later(-FORTY_DAYS)
    world.element451.people.edit(element451, {"user-first-name": "Anna"})
    world.salesforce.people.edit(salesforce, {"Phone": "77"})
    world.sync()
    assert world.in_salesforce(salesforce)["FirstName"] == "Anna"
    assert world.in_element451(element451)["user-phone-cell-number"] == "77"


def test_a_record_that_failed_while_the_clock_was_ahead_is_tried_again_within_a_day(world: World) -> None:
    element451, salesforce = world.pair()
    world.later(FORTY_DAYS)
    world.element451.people.edit(element451, {"user-first-name": "Anna"})
    world.salesforce.faults.refuse(salesforce)
    world.sync()
    world.salesforce.faults.forgive()
    world.later(-FORTY_DAYS)
    world.sync()
    assert world.in_salesforce(salesforce)["FirstName"] == "Anna"
