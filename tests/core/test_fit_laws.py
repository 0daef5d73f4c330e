"""Laws of what is left out of an update, over random contacts and modes (rules 1, 5 and 15)."""

from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from syncer.core import values
from syncer.core.mapping import MappedField
from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan, Status
from syncer.core.planner import plan_pair
from syncer.core.records import Kind, System, Value
from tests.core.builders import (
    EID,
    ELEMENT451,
    ELEMENT_KEY,
    LISTED,
    SALESFORCE,
    SFID,
    SLUG,
    law,
    mapping,
    rules,
)
from tests.support.memory_catalogue import element451_field, salesforce_field

NAME = MappedField(
    element451_field("user-first-name"),
    salesforce_field("FirstName", length=3, required=True, nillable=False),
    ELEMENT451,
)
MAIL = MappedField(element451_field("user-email"), salesforce_field("Email", "email", length=9), ELEMENT451)
BORN = MappedField(element451_field("user-dob", "date"), salesforce_field("Birthdate", "date"), ELEMENT451)
LEVEL = MappedField(
    element451_field("user-level", "dropdown", options=LISTED),
    salesforce_field("Level__c", "picklist"),
    SALESFORCE,
)
VISITS = MappedField(
    element451_field("user-visits", "integer"),
    salesforce_field("Visits__c", "double", precision=3),
    ELEMENT451,
)
FIELDS = (NAME, MAIL, BORN, LEVEL, VISITS)
RAW: dict[str, st.SearchStrategy[Any]] = {
    "user-first-name": st.sampled_from([None, "Ann", "Anna", ["a", "b"], " Bo "]),
    "user-email": st.sampled_from([None, "a@x.edu", "A@X.edu", "no", "ann@x.education"]),
    "user-dob": st.sampled_from([None, "2001-02-03", "1066-10-14", "soon"]),
    "user-level": st.sampled_from([None, "a", "b", "Z", "A"]),
    "user-visits": st.sampled_from([None, 1, 999, 1000, "many"]),
}


@st.composite
def pairs(draw: Any) -> Pair:
    """A contact in both systems, with values of all sorts on either side, or unknown ones."""
    held: dict[System, dict[str, Value]] = {ELEMENT451: {SLUG: SFID}, SALESFORCE: {ELEMENT_KEY: EID}}
    for one in FIELDS:
        for system in System:
            if draw(st.integers(0, 6)):
                field = one.of(system)
                raw = draw(RAW[one.element451.key])
                held[system][field.key] = values.stored(field, values.read(field, raw))
    return Pair(Kind.CONTACT, EID, SFID, held[ELEMENT451], held[SALESFORCE])


def target_keys(plan: Plan, changes: Any) -> set[str]:
    return {
        change.salesforce if plan.direction is Direction.EXPORT else change.element451 for change in changes
    }


@law
@given(pairs())
def test_exactly_what_differs_and_does_not_fit_is_left_out_and_all_else_that_differs_is_written(
    pair: Pair,
) -> None:
    for plan in plan_pair(pair, rules(mapping(*FIELDS))):
        source, target = plan.direction.source, plan.direction.target
        written, left_out = target_keys(plan, plan.changes), target_keys(plan, plan.left_out)
        for one in FIELDS:
            field, known = one.of(target), pair.values(source)
            if one.owner is not source or one.of(source).key not in known:
                assert field.key not in written | left_out
                continue
            value, problem = one.carried(known[one.of(source).key], target)
            held = pair.values(target)
            broken = problem or field.type.unreadable(field, held.get(field.key))
            differs = field.key not in held or not values.same(field, held[field.key], value)
            assert (field.key in left_out) == bool(broken and differs)
            assert (field.key in written) == bool(differs and not broken)
            assert not broken or field.key not in (plan.outgoing or {})
        assert (plan.status is Status.FAILED) == bool(left_out)
        assert plan.writes == bool(written)


@law
@given(pairs())
def test_what_was_written_once_is_not_written_again_whatever_was_left_out(pair: Pair) -> None:
    held = {system: dict(pair.values(system)) for system in System}
    by = rules(mapping(*FIELDS))
    for plan in plan_pair(pair, by):
        held[plan.direction.target] |= plan.outgoing or {}
    again = Pair(Kind.CONTACT, EID, SFID, held[ELEMENT451], held[SALESFORCE])
    assert not any(plan.writes for plan in plan_pair(again, by))


@law
@given(pairs())
def test_a_creation_is_done_whole_or_not_at_all(pair: Pair) -> None:
    alone = Pair(Kind.CONTACT, element_id=EID, element451=dict(pair.element451) | {SLUG: None})
    (plan, *_) = plan_pair(alone, rules(mapping(*FIELDS)))
    filled = [one for one in FIELDS if pair.element451.get(one.element451.key) is not None]
    problems = [one.carried(pair.element451[one.element451.key], SALESFORCE)[1] for one in filled]
    fits = NAME in filled and not any(problems)
    assert plan.status is (Status.INSERTED if fits else Status.FAILED)
    assert plan.writes == fits
    assert bool(plan.left_out) != fits
