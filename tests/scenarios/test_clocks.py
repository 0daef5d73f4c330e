"""No clock of another makes an edit pass unseen (rule 23)."""

from datetime import timedelta

import pytest

from syncer.core.records import System
from tests.support.world import OURS, World

HOURS = [24, -24, 1]


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("system", System)
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
