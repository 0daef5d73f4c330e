"""Checking the values that are there says which records would fail before they do: record by record what then
really fails (rule 15)."""

import pytest

from syncer.core.plan import Plan
from syncer.core.preferences import Scope
from syncer.core.records import System
from syncer.sync.planning.value_check import WORST, ValueCheck, check_values
from tests.support.world import World

LONG = "Wolfeschlegelsteinhausenbergerdorff-Montgomery"


def checked(world: World) -> tuple[ValueCheck, set[tuple[str, str | None, str | None, str]]]:
    failing: list[Plan] = []
    rules = world.setup().rules(world.clock.now.date())
    found = check_values(world.engine, rules, failing.append)
    return found, {(plan.direction.value, plan.element_id, plan.salesforce_id, plan.code) for plan in failing}


def spoil(world: World) -> None:
    """Fourteen too long names, two bad addresses, one missing last name, and some who are as they should."""
    for number in range(14):
        world.pair({"FirstName": "A"}, {"user_first_name": LONG + "!" * number})
    for number in range(2):
        world.ours(user_last_name="B", user_email_address=f"b{number} at x.edu")
    world.ours(user_first_name="Nameless")
    for number in range(3):
        world.pair({"FirstName": "C"}, {"user_first_name": f"C{number}"})


@pytest.fixture
def school(world: World) -> World:
    world.configure(scope=Scope.ALL)
    spoil(world)
    world.read()
    return world


def test_what_is_predicted_to_fail_is_what_then_fails_record_by_record(school: World) -> None:
    found, predicted = checked(school)
    school.sync()
    real = {
        (entry["direction"], entry["element_id"], entry["salesforce_id"], entry["code"])
        for entry in school.entries()
        if entry["status"] == "failed"
    }
    assert predicted == real
    assert (found.failing, found.records) == (17, 20)
    counts = {(one.element451, one.code): one.records for one in found.findings.values()}
    assert counts == {
        ("user-first-name", "VALUE_DOES_NOT_FIT"): 14,
        ("user-email-address", "VALUE_DOES_NOT_FIT"): 2,
        ("user-last-name", "REQUIRED_FIELD_MISSING"): 1,
    }


def test_the_worst_ten_are_named_with_the_reason_and_how_long_the_longest_is(school: World) -> None:
    found, _ = checked(school)
    finding = next(one for one in found.findings.values() if one.element451 == "user-first-name")
    lengths = [len(str(example.value)) for example in finding.examples]
    assert lengths == [len(LONG) + number for number in range(13, 13 - WORST, -1)]
    assert all("First" in example.why for example in finding.examples)
    longest = next(one for one in found.longest.values() if one.element451 == "user-first-name")
    assert (longest.characters, longest.limit, longest.target) == (len(LONG) + 13, 40, System.SALESFORCE)


def test_records_that_share_their_match_values_are_counted_on_each_side(world: World) -> None:
    world.configure(scope=Scope.ALL, match_on=("user-email-address",))
    for _ in range(3):
        world.ours(user_last_name="A", user_email_address="same@x.edu")
    world.ours(user_last_name="A", user_email_address="other@x.edu")
    world.theirs(LastName="A", Email="other@x.edu")
    world.read()
    [shared], _ = checked(world)[0].duplicates, None
    assert (shared.system, shared.records, shared.groups) == (System.ELEMENT451, 3, 1)
    assert len(shared.examples[0]) == 3
