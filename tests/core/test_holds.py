"""What is held is never written, and what else is due goes (rule 20)."""

from dataclasses import replace
from typing import Any

import pytest

from syncer.core.mapping import MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan, Rules, Status
from syncer.core.planner import plan_pair
from syncer.core.records import RecordState, System, Value
from syncer.core.trust.holds import Held, Hold, creation_digest, ended
from tests.core.builders import (
    EID,
    ELEMENT451,
    ELEMENT_KEY,
    FIRST,
    NOTES,
    PHONE,
    SALESFORCE,
    SLUG,
    VISITS,
    by_salesforce,
    mapping,
    only_in_element451,
    paired,
    rules,
)

WIDE = mapping(FIRST, NOTES, PHONE, VISITS)
SENTENCE = "Held by Ann until 2027-01-31: asked for it."
RECORD = Hold(1, SENTENCE, Held.RECORD)
DIFFERS = paired(
    {"user-first-name": "Ann", "user-notes": "new", "user-phone": "1", "user-visits": 1},
    {"FirstName": "Old", "Notes__c": "old", "Phone": "2", "Visits__c": 1},
)


def field(of: MappedField, **more: Any) -> Hold:
    """A hold of one mapped field."""
    return replace(
        Hold(1, SENTENCE, Held.FIELD),
        element451=of.element451.key,
        salesforce=of.salesforce.key,
        **more,
    )


def held_value(of: MappedField, value: Value, system: System = SALESFORCE) -> Hold:
    """A hold that keeps one value out."""
    return field(of, what=Held.VALUE, system=system, value=value)


def planned(pair: Pair, *holds: Hold, by: Rules | None = None) -> dict[Direction, Plan]:
    return {plan.direction: plan for plan in plan_pair(replace(pair, holds=holds), by or rules(WIDE))}


@pytest.mark.parametrize("direction", list(Direction))
def test_a_held_record_is_ignored_in_both_directions_and_says_who_holds_it(direction: Direction) -> None:
    plan = planned(DIFFERS, RECORD)[direction]
    assert (plan.status, plan.reason, plan.outgoing, plan.changes) == (Status.IGNORED, SENTENCE, {}, ())
    assert plan.held == planned(DIFFERS)[direction].changes != ()


def test_a_held_record_whose_ids_are_missing_does_not_get_them() -> None:
    pair = paired({SLUG: None}, {ELEMENT_KEY: None}, holds=(RECORD,))
    assert [plan.status for plan in plan_pair(pair, rules())] == [Status.IGNORED] * 2


def test_half_a_pair_that_is_held_is_not_created() -> None:
    plans = planned(only_in_element451({"user-first-name": "Ann"}), RECORD)
    assert [(plan.status, plan.outgoing) for plan in plans.values()] == [(Status.IGNORED, {})]


@pytest.mark.parametrize(
    ("of", "direction"), [(FIRST, Direction.EXPORT), (PHONE, Direction.IMPORT)], ids=["export", "import"]
)
def test_of_a_record_with_a_held_field_the_others_are_written(of: MappedField, direction: Direction) -> None:
    by = rules(mapping(FIRST, NOTES, PHONE, by_salesforce(VISITS)))
    pair = paired(
        {"user-first-name": "Ann", "user-notes": "new", "user-phone": "1", "user-visits": 1},
        {"FirstName": "Old", "Notes__c": "old", "Phone": "2", "Visits__c": 2},
    )
    free, plan = planned(pair, by=by)[direction], planned(pair, field(of), by=by)[direction]
    assert plan.status is Status.UPDATED
    assert set(plan.changes) | set(plan.held) == set(free.changes)
    assert [one.salesforce for one in plan.held] == [of.salesforce.key]
    assert of.salesforce.key not in (plan.outgoing or {})
    assert SENTENCE in plan.reason


def test_a_held_value_that_does_not_fit_fails_nothing() -> None:
    pair = paired({"user-first-name": "Ann", "user-visits": "many"}, {"FirstName": "Ann", "Visits__c": 1})
    assert planned(pair)[Direction.EXPORT].status is Status.FAILED
    assert planned(pair, field(VISITS))[Direction.EXPORT].status is Status.IGNORED


def test_a_creation_goes_without_a_field_that_is_held() -> None:
    pair = only_in_element451({"user-first-name": "Ann", "user-notes": "n"})
    plan = planned(pair, field(NOTES))[Direction.EXPORT]
    assert (plan.status, plan.outgoing) == (Status.INSERTED, {ELEMENT_KEY: EID, "FirstName": "Ann"})


def test_a_record_that_was_deleted_leaves_the_sync_though_it_is_held() -> None:
    gone = replace(DIFFERS, salesforce_state=RecordState.DELETED)
    assert [plan.status for plan in planned(gone, RECORD).values()] == [Status.DEACTIVATED]


def test_a_deactivation_that_is_held_waits_until_the_record_is_back() -> None:
    hold = Hold(1, SENTENCE, Held.DEACTIVATION)
    gone = replace(DIFFERS, salesforce_state=RecordState.DELETED)
    plans = planned(gone, hold)
    assert [(plan.status, plan.reason) for plan in plans.values()] == [(Status.IGNORED, SENTENCE)]
    assert ended([hold], [*plans.values()], WIDE, DIFFERS.values) == set()
    assert ended([hold], [*planned(DIFFERS, hold).values()], WIDE, DIFFERS.values) == {1}


@pytest.mark.parametrize(
    ("of", "value", "system", "direction"),
    [(FIRST, "Ann", SALESFORCE, Direction.EXPORT), (PHONE, "2", ELEMENT451, Direction.IMPORT)],
    ids=["export", "import"],
)
def test_the_value_that_a_hold_remembers_is_kept_out_and_the_first_other_one_ends_it(
    of: MappedField, value: str, system: System, direction: Direction
) -> None:
    hold = held_value(of, value, system)
    plans = planned(DIFFERS, hold)
    assert [one.after for one in plans[direction].held] == [value]
    assert ended([hold], [*plans.values()], WIDE, DIFFERS.values) == set()
    other = replace(hold, value="else")
    plans = planned(DIFFERS, other)
    assert plans[direction] == planned(DIFFERS)[direction]
    assert ended([other], [*plans.values()], WIDE, DIFFERS.values) == {1}


def test_a_hold_ends_when_another_owner_writes_the_other_side() -> None:
    hold = held_value(FIRST, "Ann")
    turned = mapping(by_salesforce(FIRST), NOTES, PHONE, VISITS)
    plans = planned(DIFFERS, hold, by=rules(turned))
    assert {one.after for one in plans[Direction.IMPORT].changes} >= {"Old"}
    assert ended([hold], [*plans.values()], turned, DIFFERS.values) == {1}


def test_a_mode_that_writes_nothing_ends_no_hold() -> None:
    hold = held_value(FIRST, "else")
    by = rules(WIDE, export=False, update=False)
    assert ended([hold], [*planned(DIFFERS, hold, by=by).values()], WIDE, DIFFERS.values) == set()


def test_a_held_emptiness_is_told_from_a_value() -> None:
    hold = held_value(FIRST, None)
    emptied = replace(DIFFERS, element451={**DIFFERS.element451, "user-first-name": None})
    assert [one.after for one in planned(emptied, hold)[Direction.EXPORT].held] == [None]
    assert planned(DIFFERS, hold)[Direction.EXPORT].held == ()


def test_a_creation_that_is_held_comes_once_its_source_has_another_value() -> None:
    pair = only_in_element451({"user-first-name": "Ann"})
    free = planned(pair)[Direction.EXPORT]
    hold = Hold(1, SENTENCE, Held.CREATION, SALESFORCE, value=creation_digest(free))
    assert planned(pair, hold)[Direction.EXPORT].status is Status.IGNORED
    edited = only_in_element451({"user-first-name": "Anna"})
    plans = planned(edited, hold)
    assert plans[Direction.EXPORT].status is Status.INSERTED
    assert ended([hold], [*plans.values()], WIDE, DIFFERS.values) == {1}
