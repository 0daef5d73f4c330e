"""What the gate of a run tells by: digests of what was shown (rule 19), and fields that came back empty (rule
6)."""

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core.guard import FieldReads, digests, without_blanks
from syncer.core.pair import Pair
from syncer.core.plan import Direction, Plan, Status
from syncer.core.planner import plan_pair
from syncer.core.records import Kind, System
from tests.core.builders import FIRST, NOTES, PHONE, SFID, law, mapping, only_in_element451, paired, rules

OVER = rules(mapping(FIRST, NOTES, PHONE))
SAME = (
    {"user-first-name": "Ann", "user-notes": None, "user-phone": None},
    {"FirstName": "Ann", "Notes__c": None, "Phone": None},
)


# what an approval covers


def in_export(**more: Any) -> Plan:
    element451, salesforce = SAME
    (found,) = [
        plan
        for plan in plan_pair(paired(element451 | {"user-first-name": "Anna"}, salesforce), OVER)
        if plan.direction is Direction.EXPORT
    ]
    return replace(found, **more)


def test_an_approval_covers_the_same_change_whatever_else_is_known_of_the_record() -> None:
    shown = in_export()
    again = in_export(incoming={}, reason="Another sentence", own_side_changed=False, approved=True)
    assert digests(shown, 7) == digests(again, 7)


@pytest.mark.parametrize(
    "other",
    [
        {"changes": (replace(in_export().changes[0], after="Other"),)},
        {"changes": (replace(in_export().changes[0], before="Other"),)},
        {"changes": (replace(in_export().changes[0], after=None),)},
        {"changes": (replace(in_export().changes[0], known=False),)},
        {"changes": ()},
        {"changes": (*in_export().changes, replace(in_export().changes[0], salesforce="LastName"))},
        {"salesforce_id": "003000000000002AAA"},
        {"direction": Direction.IMPORT},
        {"status": Status.INSERTED},
        {"status": Status.DEACTIVATED},
    ],
)
def test_an_approval_covers_nothing_that_differs_from_what_was_shown(other: dict[str, object]) -> None:
    assert set(digests(in_export(), 7)).isdisjoint(digests(in_export(**other), 7))


def test_an_approval_covers_no_other_version() -> None:
    assert set(digests(in_export(), 7)).isdisjoint(digests(in_export(), 8))


def test_the_link_that_follows_a_creation_is_covered_once_the_new_id_is_known() -> None:
    creation, following = plan_pair(only_in_element451({"user-first-name": "New", "user-phone": None}), OVER)
    assert (creation.creates, following.follows) == (True, True)
    (link,) = following.changes
    done = replace(following, salesforce_id=SFID, changes=(replace(link, after=SFID),), follows=False)
    assert digests(following, 7)[0] in digests(done, 7)
    other = replace(done, changes=(replace(link, after="003000000000002AAA"),))
    assert digests(following, 7)[0] not in digests(other, 7), "another record's ID was not shown"


# suspect fields


def reads(*pairs: Pair) -> FieldReads:
    counts = FieldReads()
    for pair in pairs:
        counts.add(pair, OVER.mapping)
    return counts


def suspects(empty: int, kept: int) -> list[str]:
    element451, salesforce = SAME
    emptied = paired(
        element451 | {"user-first-name": None},
        salesforce,
        emptied=frozenset({(System.ELEMENT451, "user-first-name")}),
        changed=frozenset({System.ELEMENT451}),
    )
    others = paired(element451, salesforce, changed=frozenset({System.ELEMENT451}))
    found = reads(*[emptied] * empty, *[others] * kept).of(Kind.CONTACT, OVER.mapping)
    return [each.mapped.salesforce.key for each in found if each.suspect]


@law
@given(st.integers(0, 40), st.integers(0, 10))
def test_a_field_is_suspect_from_ten_records_on_of_which_nine_in_ten_came_back_empty(
    empty: int, kept: int
) -> None:
    read = empty + kept
    expected = read >= 10 and empty * 10 >= read * 9
    assert suspects(empty, kept) == (["FirstName"] if expected else [])


def test_a_value_that_its_owner_was_not_read_with_now_tells_nothing() -> None:
    element451, salesforce = SAME
    unchanged = paired(element451, salesforce)
    filled_now = paired(element451, salesforce | {"FirstName": None}, changed=frozenset({System.ELEMENT451}))
    assert not reads(unchanged, filled_now).read


def test_the_blanks_of_a_suspect_field_are_parted_from_the_rest() -> None:
    element451, salesforce = SAME
    pair = paired(element451 | {"user-first-name": None, "user-notes": "New"}, salesforce)
    (plan,) = [each for each in plan_pair(pair, OVER) if each.direction is Direction.EXPORT]
    rest, alone = without_blanks(plan, {(Kind.CONTACT, System.ELEMENT451, "user-first-name")})
    assert alone
    assert ([each.salesforce for each in rest.changes], [each.salesforce for each in alone.changes]) == (
        ["Notes__c"],
        ["FirstName"],
    )
    assert "FirstName" not in (rest.outgoing or {})
    assert alone.outgoing == {"FirstName": None}
    assert without_blanks(plan, {(Kind.CONTACT, System.SALESFORCE, "FirstName")}) == (plan, None)
