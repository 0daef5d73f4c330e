"""The status table of docs/architecture.md, row by row, and the stories of its rules, for one record at a
time."""

from typing import Any

import pytest

from syncer.core.pair import NEW, ContactLink, Pair
from syncer.core.plan import Direction, Plan, Rules, Status
from syncer.core.planner import plan_pair
from syncer.core.preferences import Scope
from syncer.core.records import RecordState, System, Value
from tests.core.builders import (
    CONVERSATIONS,
    EID,
    ELEMENT451,
    ELEMENT_KEY,
    FIRST,
    NOTES,
    OPTED_OUT,
    PHONE,
    SALESFORCE,
    SFID,
    SLUG,
    VISITS,
    by_salesforce,
    conversation,
    fixed,
    mapping,
    only_in_element451,
    only_in_salesforce,
    paired,
    rules,
)

OTHER = "a1b2" * 6
IMPORT, EXPORT = Direction.IMPORT, Direction.EXPORT


def one(pair: Pair, by: Rules, direction: Direction) -> Plan:
    (plan,) = [plan for plan in plan_pair(pair, by) if plan.direction is direction]
    return plan


DIFFERS = paired({"user-first-name": "Ann", "user-phone": "1"}, {"FirstName": None, "Phone": None})
AGREES = paired({"user-first-name": "Ann", "user-phone": None}, {"FirstName": "Ann", "Phone": None})
LINK_ONLY = paired(
    {SLUG: None, "user-first-name": "Ann", "user-phone": "1"},
    {ELEMENT_KEY: None, "FirstName": "A", "Phone": None},
)
OFF: dict[str, Any] = {"update": False, "export": False}


@pytest.mark.parametrize(
    ("pair", "by", "direction", "status", "written"),
    [
        pytest.param(
            only_in_salesforce({"Phone": "1", "FirstName": None}),
            rules(create=True),
            IMPORT,
            "inserted",
            {SLUG: SFID, "user-phone": "1"},
            id="insert",
        ),
        pytest.param(
            only_in_element451({"user-first-name": "Ann"}),
            rules(**OFF),
            EXPORT,
            "inserted",
            {ELEMENT_KEY: EID, "FirstName": "Ann"},
            id="insert out",
        ),
        pytest.param(
            only_in_salesforce({"Phone": "1"}), rules(), IMPORT, "ignored", {}, id="no match, no create"
        ),
        pytest.param(LINK_ONLY, rules(**OFF), IMPORT, "updated", {SLUG: SFID}, id="newly paired, no update"),
        pytest.param(
            LINK_ONLY, rules(**OFF), EXPORT, "updated", {ELEMENT_KEY: EID}, id="newly paired, no update out"
        ),
        pytest.param(
            LINK_ONLY, rules(), IMPORT, "updated", {SLUG: SFID, "user-phone": None}, id="newly paired, update"
        ),
        pytest.param(
            LINK_ONLY,
            rules(),
            EXPORT,
            "updated",
            {ELEMENT_KEY: EID, "FirstName": "Ann"},
            id="newly paired, update out",
        ),
        pytest.param(
            DIFFERS, rules(), IMPORT, "updated", {"user-phone": None}, id="differs, an empty one too"
        ),
        pytest.param(DIFFERS, rules(), EXPORT, "updated", {"FirstName": "Ann"}, id="differs out"),
        pytest.param(AGREES, rules(), IMPORT, "unchanged", {}, id="agrees"),
        pytest.param(AGREES, rules(), EXPORT, "unchanged", {}, id="agrees out"),
        pytest.param(DIFFERS, rules(**OFF), IMPORT, "ignored", {}, id="no update"),
        pytest.param(DIFFERS, rules(**OFF), EXPORT, "ignored", {}, id="no update out"),
    ],
)
def test_a_live_record_is_planned_by_its_row(
    pair: Pair, by: Rules, direction: Direction, status: str, written: dict[str, Value]
) -> None:
    plan = one(pair, by, direction)
    assert (plan.status, dict(plan.outgoing or {})) == (status, written)
    assert plan.reason.endswith(".")


@pytest.mark.parametrize("state", [RecordState.DELETED, RecordState.GONE, RecordState.MERGED])
def test_what_was_deleted_in_salesforce_is_deactivated_and_nothing_is_written(state: RecordState) -> None:
    (plan,) = plan_pair(paired({"user-first-name": "Ann"}, salesforce_state=state), rules(create=True))
    assert (plan.direction, plan.status, plan.outgoing, plan.changes) == (
        IMPORT,
        Status.DEACTIVATED,
        None,
        (),
    )
    (plan,) = plan_pair(
        conversation(salesforce_id=SFID, salesforce_state=state, contact=ContactLink(SFID)),
        rules(CONVERSATIONS),
    )
    assert (plan.direction, plan.status) == (EXPORT, Status.DEACTIVATED)


def test_what_is_gone_from_element451_is_deactivated_and_nothing_is_written() -> None:
    (plan,) = plan_pair(paired({}, element_state=RecordState.GONE), rules(create=True))
    assert (plan.direction, plan.status, plan.outgoing) == (EXPORT, Status.DEACTIVATED, None)


def test_a_pair_that_left_the_sync_and_a_half_that_is_gone_are_never_taken_for_new() -> None:
    assert plan_pair(paired({}, left=True), rules(create=True)) == []
    assert plan_pair(only_in_element451({}, element_state=RecordState.GONE), rules(create=True)) == []
    assert plan_pair(only_in_salesforce({}, salesforce_state=RecordState.DELETED), rules(create=True)) == []
    assert (
        plan_pair(
            conversation(
                {"conversation-subject": "Hi"}, element_state=RecordState.GONE, contact=ContactLink(SFID)
            ),
            rules(CONVERSATIONS),
        )
        == []
    )


@pytest.mark.parametrize(
    "pair",
    [
        only_in_element451({"user-first-name": "Ann"}, problem="More than one possible match."),
        only_in_salesforce(problem="More than one"),
    ],
)
def test_an_unclear_match_fails_and_nothing_is_written(pair: Pair) -> None:
    (plan,) = plan_pair(pair, rules(create=True))
    assert (plan.status, plan.code, plan.outgoing) == (Status.FAILED, "MORE_THAN_ONE_MATCH", {})


def test_a_value_that_does_not_fit_fails_the_record_and_the_reason_names_the_field() -> None:
    over = mapping(FIRST, VISITS)
    held = {"user-visits": "seven", "user-first-name": "Ann"}
    for pair, written in ((paired(held), {"FirstName": "Ann"}), (only_in_element451(held), {})):
        plan = one(pair, rules(over), EXPORT)
        assert (plan.status, plan.code, plan.outgoing) == (Status.FAILED, "VALUE_DOES_NOT_FIT", written)
        assert "Visits" in plan.reason
        assert [(change.salesforce, change.after) for change in plan.left_out] == [("Visits__c", "seven")]


# which contacts (rules 8 and 12)


def test_a_contact_in_no_exported_conversation_is_ignored_but_gets_its_missing_id() -> None:
    by = rules(scope=Scope.CONVERSATIONS)
    for pair in (
        only_in_element451({"user-first-name": "Ann"}),
        DIFFERS,
        only_in_element451(problem="More than one possible match."),
    ):
        plan = one(pair, by, EXPORT)
        assert (plan.status, plan.outgoing) == (Status.IGNORED, {})
    assert one(LINK_ONLY, by, EXPORT).outgoing == {ELEMENT_KEY: EID}
    assert one(DIFFERS, by, IMPORT).status is Status.UPDATED, "scope is a matter of the export"


@pytest.mark.parametrize(
    ("in_scope", "scope"), [(True, Scope.CONVERSATIONS), (False, Scope.ALL), (True, Scope.ALL)]
)
def test_a_contact_in_scope_is_exported(in_scope: bool, scope: Scope) -> None:
    assert (
        one(
            only_in_element451({"user-first-name": "Ann"}, in_scope=in_scope), rules(scope=scope), EXPORT
        ).status
        is Status.INSERTED
    )


# creations and what follows them (rules 2 and 8)


def test_a_creation_carries_what_has_a_value_whoever_owns_it_and_the_id_follows() -> None:
    pair = only_in_element451(
        {"user-first-name": "Ann", "user-phone": "1", "user-notes": None, "user-opt-out": False}
    )
    insert, follows = plan_pair(pair, rules(mapping(FIRST, PHONE, NOTES, OPTED_OUT)))
    assert insert.outgoing == {
        ELEMENT_KEY: EID,
        "FirstName": "Ann",
        "Phone": "1",
        "HasOptedOutOfEmail": False,
    }
    assert (follows.direction, follows.status, follows.follows) == (IMPORT, Status.UPDATED, True)
    assert follows.outgoing == {SLUG: NEW, "user-phone": "1"}
    assert (follows.element_id, follows.salesforce_id) == (EID, None), "its ID is not known yet"
    assert [change.element451 for change in follows.changes] == [SLUG], "the values came from there"


def test_what_the_other_side_works_out_by_itself_is_unknown_until_it_is_read() -> None:
    plan, follows = plan_pair(only_in_element451({"user-phone": "1"}), rules(mapping(fixed(PHONE), FIRST)))
    assert plan.outgoing == {ELEMENT_KEY: EID}
    assert follows.outgoing == {SLUG: NEW}, (
        "a field that cannot be written there is no reason to blank it here"
    )


def test_a_box_that_a_new_record_leaves_unticked_is_no_and_not_empty() -> None:
    plan, follows = plan_pair(
        only_in_element451({"user-opt-out": None}), rules(mapping(by_salesforce(OPTED_OUT)))
    )
    assert plan.outgoing == {ELEMENT_KEY: EID}
    assert follows.outgoing == {SLUG: NEW, "user-opt-out": False}


def test_an_import_that_creates_is_followed_by_the_id_in_salesforce() -> None:
    insert, follows = plan_pair(
        only_in_salesforce({"FirstName": "Ann", "Phone": None}),
        rules(create=True, export=False, scope=Scope.CONVERSATIONS),
    )
    assert (insert.direction, insert.outgoing) == (IMPORT, {SLUG: SFID, "user-first-name": "Ann"})
    assert (follows.direction, follows.follows, follows.outgoing) == (EXPORT, True, {ELEMENT_KEY: NEW})


# stored IDs (rules 7 and 8)


def test_an_edited_id_is_restored_where_updates_are_on_and_fails_where_they_are_off() -> None:
    pair = paired({"user-first-name": "Ann"}, {ELEMENT_KEY: OTHER, "FirstName": "Ann"})
    restored = one(pair, rules(), EXPORT)
    assert (restored.status, (restored.outgoing or {})[ELEMENT_KEY]) == (Status.UPDATED, EID)
    assert restored.reason == "The ID that Salesforce holds is not that of the other half, and is put right."
    refused = one(pair, rules(**OFF), EXPORT)
    assert (refused.status, refused.code, refused.outgoing) == (Status.FAILED, "ID_CHANGED", {})
    assert OTHER in refused.reason


@pytest.mark.parametrize("stored", [None, "unknown", "003000000000009AAA", "003000000000009", "no ID at all"])
def test_an_id_that_is_missing_unknown_or_stale_is_written_in_any_mode(stored: str | None) -> None:
    former = frozenset({"003000000000009AAA", "no ID at all"})
    pair = Pair(
        paired().kind,
        EID,
        SFID,
        {} if stored == "unknown" else {SLUG: stored},
        {ELEMENT_KEY: EID},
        former=former,
    )
    plan = one(pair, rules(**OFF), IMPORT)
    assert (plan.status, plan.outgoing) == (Status.UPDATED, {SLUG: SFID})
    assert "Newly paired" in plan.reason


def test_an_id_in_another_spelling_is_the_same_id() -> None:
    pair = paired({SLUG: SFID[:15], "user-phone": None}, {ELEMENT_KEY: EID.upper(), "Phone": None})
    assert one(pair, rules(), IMPORT).status is Status.UNCHANGED
    assert one(pair, rules(**OFF), EXPORT).status is Status.IGNORED


# rule 3


@pytest.mark.parametrize(
    "changed",
    [
        frozenset[System](),
        frozenset({ELEMENT451}),
        frozenset({SALESFORCE}),
        frozenset({ELEMENT451, SALESFORCE}),
    ],
)
def test_a_direction_whose_own_side_did_not_change_is_counted_only_if_it_writes_or_fails(
    changed: frozenset[System],
) -> None:
    for pair, by, always in (
        (AGREES, rules(), False),
        (AGREES, rules(**OFF), False),
        (DIFFERS, rules(), True),
    ):
        moved = Pair(pair.kind, EID, SFID, pair.element451, pair.salesforce, changed=changed)
        for plan in plan_pair(moved, by):
            assert plan.counts == (always or plan.direction.source in changed)
    assert one(paired({}, {ELEMENT_KEY: OTHER}, changed=changed), rules(**OFF), EXPORT).counts
    assert plan_pair(paired({}, changed=changed, salesforce_state=RecordState.DELETED), rules())[0].counts
