"""The guard: how much a run would change, and from where on it asks (rule 19)."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core.guard import ChangeCounts, ChangeKind, over_limits
from syncer.core.pair import ContactLink, Pair
from syncer.core.planner import plan_pair
from syncer.core.preferences import GuardLimits
from syncer.core.records import RecordState
from tests.core.builders import (
    CONVERSATIONS,
    FIRST,
    LOOKUP,
    NOTES,
    PHONE,
    SFID,
    SLUG,
    conversation,
    law,
    mapping,
    only_in_element451,
    only_in_salesforce,
    paired,
    rules,
)

KINDS = tuple(ChangeKind)
OVER = rules(mapping(FIRST, NOTES, PHONE))
SAME = (
    {"user-first-name": "Ann", "user-notes": None, "user-phone": None},
    {"FirstName": "Ann", "Notes__c": None, "Phone": None},
)


def numbers(known: int, touched: int, **kinds: int) -> ChangeCounts:
    counts = ChangeCounts(known=known, touched=touched)
    counts.kinds.update({ChangeKind(kind): records for kind, records in kinds.items()})
    return counts


def counted(*pairs: Pair) -> ChangeCounts:
    counts = ChangeCounts()
    for pair in pairs:
        counts.add(plan_pair(pair, OVER))
    return counts


# what is counted


def test_a_creation_a_change_a_blanking_and_a_departure_are_counted_by_kind() -> None:
    element451, salesforce = SAME
    counts = counted(
        only_in_element451({"user-first-name": "New", "user-phone": None}),
        paired(element451 | {"user-first-name": "Anna"}, salesforce),
        paired(element451, salesforce | {"Notes__c": "Was here", "FirstName": "Ann"}),
        paired(element451, salesforce, salesforce_state=RecordState.DELETED),
        paired(element451, salesforce),
    )
    assert counts.kinds[ChangeKind.DEACTIVATE] == 1
    assert counts.kinds[ChangeKind.CREATE] == 1
    assert counts.kinds[ChangeKind.BLANK] == 1
    assert counts.touched == 4, "one of the five agrees already"


def test_the_fields_of_each_kind_are_counted_by_the_names_of_both_sides() -> None:
    element451, salesforce = SAME
    counts = counted(
        *[
            paired(element451 | {"user-first-name": name}, salesforce | {"Notes__c": "x"})
            for name in ("Anna", "Anne")
        ],
        paired(element451 | {"user-phone": "1"}, salesforce | {"Phone": "2"}),
    )
    shown = counts.to_json()
    assert shown["kinds"] == {ChangeKind.BLANK: 2, ChangeKind.CHANGE: 3}
    assert shown["fields"] == {
        ChangeKind.BLANK: {"user-notes → Notes__c": 2},
        ChangeKind.CHANGE: {"user-first-name → FirstName": 2, "user-phone ← Phone": 1},
    }
    assert shown["touched"] == 3


def test_a_record_counts_once_for_each_kind_however_many_fields_change() -> None:
    element451, salesforce = SAME
    counts = counted(
        paired(element451 | {"user-first-name": "Anna", "user-notes": "new"}, salesforce | {"Phone": "5"})
    )
    assert (dict(counts.kinds), counts.touched) == ({ChangeKind.CHANGE: 1}, 1)
    assert sum(counts.fields.values()) == 3


def test_failed_ignored_and_unchanged_records_count_for_nothing() -> None:
    element451, salesforce = SAME
    counts = counted(
        paired(element451, salesforce),
        only_in_salesforce(),
        only_in_element451(problem="More than one possible match."),
    )
    assert (dict(counts.kinds), counts.touched) == ({}, 0)


def test_a_new_conversation_is_a_creation_and_a_known_one_a_change() -> None:
    counts = ChangeCounts()
    counts.add(
        plan_pair(
            conversation({"conversation-subject": "Hi"}, contact=ContactLink(SFID)), rules(CONVERSATIONS)
        )
    )
    known = {"Conversation_ID__c": "c0" * 12, LOOKUP: SFID, "Subject__c": "Before"}
    counts.add(
        plan_pair(
            conversation(
                {"conversation-subject": "Hi"},
                contact=ContactLink(SFID),
                salesforce_id="a00000000000001AAA",
                salesforce=known,
            ),
            rules(CONVERSATIONS),
        )
    )
    assert dict(counts.kinds) == {ChangeKind.CREATE: 1, ChangeKind.CHANGE: 1}
    assert counts.touched == 2


def test_a_creation_counts_once_and_the_id_it_leaves_in_its_other_half_is_no_change_more() -> None:
    counts = counted(only_in_element451({"user-first-name": "New", "user-phone": None}))
    assert (dict(counts.kinds), dict(counts.fields), counts.touched) == ({ChangeKind.CREATE: 1}, {}, 1)


def test_an_id_that_a_creation_would_overwrite_in_its_other_half_is_a_change() -> None:
    for held in ({SLUG: "003D000000OldOneIAA"}, {}):  # another ID, and one that has not been read
        pair = only_in_element451({"user-first-name": "New", "user-phone": None})
        values = {name: value for name, value in pair.element451.items() if name != SLUG} | held
        counts = counted(replace(pair, element451=values))
        assert (dict(counts.kinds), counts.touched) == ({ChangeKind.CREATE: 1, ChangeKind.CHANGE: 1}, 1)


# limits


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("known", "limit"),
    [
        (0, 25),  # at the very first there is nothing to take a share of
        (100, 25),  # 20 % would be 20: at least 25
        (125, 25),
        (130, 26),
        (134, 26),  # 26.8 is not reached by 26
        (1000, 200),
        (2499, 499),
        (2500, 500),
        (100_000, 500),
    ],
)
def test_the_limit_of_a_kind_is_passed_only_beyond_it(kind: str, known: int, limit: int) -> None:
    assert over_limits(numbers(known, 1, **{kind: limit}), GuardLimits()) is None
    assert over_limits(numbers(known, 1, **{kind: limit + 1}), GuardLimits())


@pytest.mark.parametrize(("known", "limit"), [(0, 25), (125, 25), (1000, 200), (10_000, 2000)])
def test_so_is_the_limit_of_records_touched_in_all(known: int, limit: int) -> None:
    assert over_limits(numbers(known, limit), GuardLimits()) is None
    reason = over_limits(numbers(known, limit + 1), GuardLimits())
    assert reason
    assert f"{limit + 1:,} of {known:,} records" in reason


def test_the_reason_names_each_kind_that_is_too_many_with_its_number() -> None:
    reason = over_limits(numbers(1000, 900, create=300, change=200, blank=201, deactivate=0), GuardLimits())
    assert reason
    for part in ("300 records to create", "201 records to blank", "900 of 1,000 records", "200"):
        assert part in reason
    assert "change" not in reason.replace("to change in all", "")
    assert "deactivate" not in reason


def test_one_record_is_not_called_records() -> None:
    assert "1 record to blank" in (over_limits(numbers(10, 1, blank=1), GuardLimits(0, 0, 0)) or "")


@law
@given(
    st.integers(0, 10**6),
    st.integers(0, 5000),
    st.integers(0, 100),
    st.integers(0, 100),
    st.dictionaries(st.sampled_from(KINDS), st.integers(0, 9999)),
)
def test_the_settings_say_where_it_asks(
    known: int, records: int, percent: int, at_least: int, kinds: dict[str, int]
) -> None:
    limits = GuardLimits(records, percent, at_least)
    most = max(kinds.values(), default=0)
    beyond = most > at_least and (most > records or most * 100 > known * percent)
    assert (over_limits(numbers(known, most, **kinds), limits) is not None) == beyond
