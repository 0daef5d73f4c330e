"""What every Salesforce org does to a write that is disturbed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncer.connectors.errors import Unreachable
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from tests.conformance.orgs import Org
from tests.conformance.salesforce_reads import changed, now, only
from tests.conformance.salesforce_writes import TALK, cause, code, everyone, insert, values, write


def test_a_lost_reply_makes_no_second_record(org: Org, contact: Entity, talk: Entity) -> None:
    org.lose_reply()
    results = write(org, contact, *(insert(Element451_ID__c=f"{number}") for number in range(3)))
    assert [(result.existing, result.uncertain, code(result)) for result in results] == [
        (True, True, "DUPLICATE_VALUE")
    ] * 3
    assert sorted(everyone(org, contact)) == sorted(str(result.id) for result in results)
    org.lose_reply()
    (update,) = write(org, contact, Write("update", {"FirstName": "New"}, results[0].id))
    assert (code(update), update.uncertain) == (None, True)
    assert values(org, contact, results[0].id, "FirstName") == ["New"]
    org.lose_reply()
    (upsert,) = write(org, talk, Write("upsert", {TALK: "c1"}))
    assert (code(upsert), upsert.uncertain, len(everyone(org, talk))) == (None, True, 1)


def test_an_org_that_does_not_answer_is_unreachable(org: Org, contact: Entity) -> None:
    org.break_down()
    with pytest.raises(Unreachable):
        write(org, contact, insert(Element451_ID__c="a"))
    assert org.written() == []
    assert changed(org, contact) == []


def test_an_automation_may_alter_what_was_written(org: Org, contact: Entity) -> None:
    org.append("Contact", "FirstName", "!")
    (result,) = write(org, contact, insert(FirstName="Ann"))
    assert values(org, contact, result.id, "FirstName") == ["Ann!"]
    org.advance(60)
    since = now(org, contact) - timedelta(seconds=1)
    write(org, contact, Write("update", {"FirstName": "Ann"}, result.id))
    assert only(changed(org, contact, since, "FirstName")).values == {"FirstName": "Ann!"}


def test_what_people_are_changing_just_now_does_not_lose_our_write(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee", "FirstName": "Old"})
    (result,) = write(org, contact, Write("update", {"FirstName": "New"}, there))
    org.edit("Contact", there, {"LastName": "Li"})
    assert code(result) is None
    assert values(org, contact, there, "FirstName", "LastName") == ["New", "Li"]


def test_what_was_written_before_a_breakdown_is_told_and_the_rest_is_left_for_later(
    org: Org, contact: Entity
) -> None:
    org.break_down(midway=True)
    results = write(org, contact, *(insert(Element451_ID__c=f"{number}") for number in range(4500)))
    stopped = org.api.write_fault
    assert isinstance(stopped, Unreachable)
    done = [result for result in results if result.refusal is None]
    assert len(done) == 1000
    assert sorted(org.written()) == sorted(str(result.id) for result in done)
    left = {(result.refusal.cause, result.refusal.code) for result in results if result.refusal}
    assert left == {(Cause.PASSING, stopped.code)}


def test_a_field_that_was_removed_meanwhile_is_refused_and_nothing_is_written(
    org: Org, contact: Entity
) -> None:
    unknown = replace(contact.fields["FirstName"], key="Unknown__c")
    known = replace(contact, fields={**contact.fields, "Unknown__c": unknown})
    results = write(
        org, known, insert(Unknown__c="A", Element451_ID__c="a"), insert(Unknown__c="B", Element451_ID__c="b")
    )
    assert [(code(result), cause(result)) for result in results] == [("INVALID_FIELD", Cause.LASTING)] * 2
    assert org.written() == []
