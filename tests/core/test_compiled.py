"""The compiled planner gives what the planner gives, over random pairs, mappings and modes (rule 15: previews
and runs call the one, and the other stays its measure). ``COMPILED=10000`` tries as many pairs as that."""

import os
from dataclasses import replace
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from syncer.core.compiled.planner import PairPlanner
from syncer.core.mapping import Constant, FieldMapping, MappedField
from syncer.core.matching.conditions import Condition, Operator
from syncer.core.pair import Pair, Rewrite
from syncer.core.planner import plan_pair
from syncer.core.records import RecordState
from syncer.core.trust.holds import Held, Hold
from tests.core.builders import (
    CONVERSATIONS,
    ELEMENT451,
    FIRST,
    LISTED,
    SALESFORCE,
    by_salesforce,
    conversation,
    mapping,
    only_in_element451,
    only_in_salesforce,
    paired,
    rules,
)
from tests.core.test_plan_laws import LINKS, Case, cases, draw_field
from tests.support.memory_catalogue import element451_field, salesforce_field

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        "",
        " Ann ",
        "two\r\nlines",
        "x" * 300,
        "1.5",
        "yes",
        "2026-13-01",
        "a",
        "A",
        "&amp;",
        "ann@x",
        ["b", "a"],
    ]
) | st.sampled_from([0, 1, True, False, 1.5, 10**17])
MAIL = MappedField(
    element451_field("user-email-address"), salesforce_field("Email", "email", length=20), ELEMENT451
)
CODED = MappedField(
    element451_field("user-code", "dropdown", options=LISTED),
    salesforce_field("Code__c", "picklist", options=LISTED, restricted=True),
    ELEMENT451,
    (("a", "b"), ("b", "c")),
)
RICH = MappedField(
    element451_field("user-rich"), replace(salesforce_field("Rich__c"), rich_text=True, length=9), ELEMENT451
)


@st.composite
def wider(draw: Any) -> Case:
    """A contact as of `cases`, and what is rare besides: odd values, defaults, constants, filters, holds, and
    whatever else sends it to the other planner."""
    case = draw(cases())
    more = [draw_field(draw, one) for one in (MAIL, CODED, RICH) if draw(st.booleans())]
    fields = tuple(_with_default(draw, one) for one in (*case.fields, *more))
    constants = (Constant(salesforce_field("Level__x"), "New"),) if draw(st.booleans()) else ()
    over = replace(mapping(*fields), constants=constants)
    if draw(st.integers(0, 3)) == 0:
        over = replace(over, filters=(Condition(FIRST.element451, Operator.IS_NOT, ("Ann",)),))
    pair = case.pair
    for system, name in ((ELEMENT451, "element451"), (SALESFORCE, "salesforce")):
        odd = {one.of(system).key: draw(ODD) for one in fields if draw(st.integers(0, 7)) == 0}
        if pair.id(system):
            pair = replace(pair, **{name: dict(pair.values(system)) | odd})
    by = replace(
        case.rules,
        mapping=over,
        previous_run=3,
        today=date(2026, 2, 3),
        no_creations=draw(st.sampled_from([{}, {}, {}, {SALESFORCE: "It stands still."}])),
    )
    return Case(_rarer(draw, pair, over), by)


def _with_default(draw: Any, one: MappedField) -> MappedField:
    field = replace(
        one.salesforce, required=draw(st.integers(0, 5)) == 0, nillable=draw(st.integers(0, 5)) > 0
    )
    return replace(one, salesforce=field, default=draw(st.sampled_from(["", "", "", "a", "2", "today+1d"])))


def _rarer(draw: Any, pair: Pair, over: FieldMapping) -> Pair:
    if draw(st.booleans()):
        return replace(pair, missed=draw(st.booleans()))
    key = draw(st.sampled_from([*over.by_key(SALESFORCE)]))
    one = over.by_key(SALESFORCE)[key]
    hold = Hold(1, "Held.", draw(st.sampled_from([Held.FIELD, Held.RECORD])), None, one.element451.key, key)
    rare: list[dict[str, Any]] = [
        {"holds": (hold,)},
        {"damaged": frozenset({(SALESFORCE, key)})},
        {"problem": "More than one."},
        {"left": True},
        {"element_state": RecordState.GONE},
        {"salesforce_state": RecordState.ABSENT},
        {
            "rewrites": {
                key: Rewrite(pair.values(ELEMENT451).get(one.element451.key), draw(st.integers(1, 4)), 3)
            }
        },
        {"former": frozenset({"f" * 24, "003000000000009AAA"})},
        {"element451": dict(pair.values(ELEMENT451)) | {LINKS[ELEMENT451]: "003000000000009AAB"}},
    ]
    return replace(pair, **draw(st.sampled_from(rare)))


@settings(
    max_examples=int(os.environ.get("COMPILED", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(wider(), st.booleans())
def test_the_compiled_planner_gives_the_plans_of_the_other_one(case: Case, twice: bool) -> None:
    planner = PairPlanner(case.rules)
    if twice:  # by what is remembered from the first time
        planner.plans(case.pair)
    found, wanted = planner.plans(case.pair), plan_pair(case.pair, case.rules)
    assert found == wanted
    assert [[*(each.outgoing or {}).items()] for each in found] == [
        [*(each.outgoing or {}).items()] for each in wanted
    ]
    assert repr(found) == repr(wanted), "equal, but of another type"


@pytest.mark.parametrize(
    "pair",
    [
        paired({"user-first-name": "Ann"}, {"FirstName": "Ann"}),
        paired({"user-first-name": "Ann"}, {"FirstName": "Anna", "Phone": "1"}),
        replace(paired({"user-first-name": "Ann"}), element451={"user-first-name": "Ann"}),
        only_in_element451({"user-first-name": "Ann"}),
        only_in_salesforce({"FirstName": "Ann"}),
    ],
)
def test_usual_contacts_are_planned_by_the_compiled_planner(pair: Pair) -> None:
    for by in (
        rules(create=True),
        rules(create=True, update=False, export=False),
        rules(scope="conversations"),
    ):
        planner = PairPlanner(by)
        assert planner.plans(pair) == plan_pair(pair, by)
        assert (planner.compiled, planner.referred) == (1, 0)


def test_one_and_true_are_not_taken_for_each_other() -> None:
    visits = by_salesforce(
        MappedField(
            element451_field("user-text"), salesforce_field("Number__c", "double", scale=2), ELEMENT451
        )
    )
    planner = PairPlanner(rules(mapping(visits)))
    for value in (1, True, 1.0, False, 0, None, "1"):
        pair = paired({}, {"Number__c": value})
        assert repr(planner.plans(pair)) == repr(plan_pair(pair, planner.rules))


def test_conversations_are_planned_by_the_other_planner() -> None:
    planner, pair = PairPlanner(rules(CONVERSATIONS)), conversation()
    assert planner.plans(pair) == plan_pair(pair, planner.rules)
    assert (planner.compiled, planner.referred) == (0, 1)
