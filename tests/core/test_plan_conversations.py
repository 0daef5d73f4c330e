"""Conversations (rule 13), and values that Salesforce keeps altering (rule 5), for one record at a time."""

import pytest

from syncer.core.pair import NEW, ContactLink, Pair, Rewrite
from syncer.core.plan import Direction, Plan, Rules, Status
from syncer.core.planner import plan_pair
from syncer.core.preferences import Scope
from syncer.core.records import Kind, RecordState, Value
from tests.core.builders import (
    CONVERSATION_KEY,
    CONVERSATIONS,
    EID,
    ELEMENT_KEY,
    LOOKUP,
    SFID,
    SLUG,
    conversation,
    mapping,
    paired,
    rules,
)

TALK, RECORD = "c0" * 12, "a00000000000001AAA"
CONTACT = ContactLink(SFID)
HELD: dict[str, Value] = {CONVERSATION_KEY: TALK, LOOKUP: SFID, "Subject__c": "Hi"}


def known(
    held: dict[str, Value] | None = None,
    subject: Value = "Hi",
    contact: ContactLink | None = CONTACT,
    **more: object,
) -> Pair:
    values = {"conversation-subject": subject}
    return conversation(
        values, contact=contact, salesforce_id=RECORD, salesforce=HELD if held is None else held, **more
    )


def only(pair: Pair, by: Rules | None = None) -> Plan:
    (plan,) = plan_pair(pair, by or rules(CONVERSATIONS, export=False, scope=Scope.CONVERSATIONS))
    assert plan.direction is Direction.EXPORT
    assert plan.kind is Kind.CONVERSATION
    return plan


def test_a_new_conversation_is_upserted_with_its_id_its_contact_and_every_value() -> None:
    plan = only(conversation({"conversation-subject": "Hi"}, contact=ContactLink(SFID)))
    assert (plan.status, plan.outgoing) == (Status.UPSERTED, HELD)
    assert only(conversation({"conversation-subject": None}, contact=ContactLink(SFID))).outgoing == {
        CONVERSATION_KEY: TALK,
        LOOKUP: SFID,
    }


def test_a_known_conversation_is_upserted_where_it_differs_and_unchanged_where_it_does_not() -> None:
    assert (only(known()).status, only(known()).outgoing) == (Status.UNCHANGED, {})
    assert only(known(subject=None)).outgoing == {"Subject__c": None}
    assert only(known(subject="Closed")).status is Status.UPSERTED
    moved = only(known(contact=ContactLink("003000000000009AAA")))
    assert [(change.salesforce, change.before, change.after) for change in moved.changes] == [
        (LOOKUP, SFID, "003000000000009AAA")
    ]


def test_a_contact_that_the_same_run_creates_is_enough_for_the_preview() -> None:
    plan = only(conversation({"conversation-subject": "Hi"}, contact=ContactLink(NEW)))
    assert (plan.status, (plan.outgoing or {})[LOOKUP]) == (Status.UPSERTED, NEW)


@pytest.mark.parametrize(
    "make",
    [
        lambda contact: conversation({"conversation-subject": "Hi"}, contact=contact),
        lambda contact: known({}, contact=contact),
    ],
)
@pytest.mark.parametrize(
    ("contact", "status", "says"),
    [
        (None, Status.IGNORED, "Anonymous"),
        (ContactLink(SFID, left=True), Status.IGNORED, "left the sync"),
        (ContactLink(left=True), Status.IGNORED, "left the sync"),
        (ContactLink(failed="Email is not valid."), Status.FAILED, "Email is not valid."),
        (ContactLink(failed=""), Status.FAILED, "still to be exported"),
        (ContactLink(), Status.FAILED, "still to be exported"),
        (ContactLink(known=False), Status.FAILED, "not found in Element451"),
    ],
)
def test_a_conversation_goes_as_its_contact_goes(
    make: object, contact: ContactLink | None, status: Status, says: str
) -> None:
    assert callable(make)
    plan = only(make(contact))
    assert (plan.status, plan.outgoing) == (status, {})
    assert says in plan.reason
    assert (plan.code == "CONTACT_FAILED") == (status is Status.FAILED)


def test_a_conversation_deleted_in_salesforce_is_deactivated_and_never_created_again() -> None:
    assert only(known(salesforce_state=RecordState.DELETED)).status is Status.DEACTIVATED
    assert plan_pair(known(salesforce_state=RecordState.DELETED, left=True), rules(CONVERSATIONS)) == []


def test_a_conversation_whose_id_stands_in_another_record_fails_and_nothing_is_written() -> None:
    plan = only(
        conversation(
            {"conversation-subject": "Hi"}, contact=ContactLink(SFID), problem="More than one possible match."
        )
    )
    assert (plan.status, plan.code, plan.outgoing) == (Status.FAILED, "MORE_THAN_ONE_MATCH", {})


def test_an_edited_conversation_id_is_restored() -> None:
    assert (only(known(HELD | {CONVERSATION_KEY: None})).outgoing or {})[CONVERSATION_KEY] == TALK
    assert (only(known(HELD | {CONVERSATION_KEY: "d1" * 12})).outgoing or {})[CONVERSATION_KEY] == TALK


def test_conversations_wait_while_their_sync_is_off() -> None:
    assert (
        plan_pair(conversation(contact=ContactLink(SFID)), rules(CONVERSATIONS, sync_conversations=False))
        == []
    )
    assert plan_pair(Pair(Kind.CONVERSATION, salesforce_id=RECORD), rules(CONVERSATIONS)) == [], (
        "a record in Salesforce alone is nobody's conversation"
    )


# values altered after each write


@pytest.mark.parametrize(
    ("rewrite", "status"),
    [
        (Rewrite("Ann", 3, 7), Status.FAILED),
        (Rewrite("Ann", 4, 7), Status.FAILED),
        (Rewrite("Ann", 2, 7), Status.UPDATED),  # not yet three runs
        (Rewrite("Ann", 3, 6), Status.UPDATED),  # not in the run before this one
        (Rewrite("Anna", 3, 7), Status.UPDATED),  # another value
    ],
)
def test_a_value_found_altered_in_three_successive_runs_fails_and_is_not_written(
    rewrite: Rewrite, status: Status
) -> None:
    pair = paired({"user-first-name": "Ann"}, {"FirstName": "ANN"}, rewrites={"FirstName": rewrite})
    (plan,) = [plan for plan in plan_pair(pair, rules(previous=7)) if plan.direction is Direction.EXPORT]
    assert plan.status is status
    assert bool(plan.outgoing) == (status is Status.UPDATED)
    if status is Status.FAILED:
        assert (plan.reason, plan.code) == (
            "Salesforce changes First Name after each write.",
            "ALTERED_AFTER_WRITE",
        )


def test_a_value_that_agrees_is_unchanged_whatever_was_rewritten_before() -> None:
    pair = paired(
        {"user-first-name": "Ann"}, {"FirstName": "Ann"}, rewrites={"FirstName": Rewrite("Ann", 9, 7)}
    )
    assert [plan.status for plan in plan_pair(pair, rules(previous=7))] == [
        Status.UNCHANGED,
        Status.UNCHANGED,
    ]


@pytest.mark.parametrize("update", [True, False])
def test_an_id_that_is_emptied_after_each_write_fails_too(update: bool) -> None:
    pair = paired(
        {SLUG: None},
        {ELEMENT_KEY: None},
        rewrites={ELEMENT_KEY: Rewrite(EID, 3, 7), SLUG: Rewrite(SFID, 3, 7)},
    )
    for plan in plan_pair(pair, rules(mapping(), previous=7, update=update, export=update)):
        assert (plan.status, plan.code, plan.outgoing) == (Status.FAILED, "ALTERED_AFTER_WRITE", {})
        assert plan.reason.endswith("after each write.")


def test_a_lookup_that_is_changed_after_each_write_fails_too() -> None:
    plan = only(
        known(HELD | {LOOKUP: None}, rewrites={LOOKUP: Rewrite(SFID, 3, 7)}), rules(CONVERSATIONS, previous=7)
    )
    assert (plan.status, plan.code) == (Status.FAILED, "ALTERED_AFTER_WRITE")
