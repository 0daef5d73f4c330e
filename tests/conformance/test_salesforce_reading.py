"""What every Salesforce org does when it is read."""

from datetime import datetime, timedelta

import pytest

from syncer.connectors.errors import FieldRefused
from syncer.connectors.protocol import Page, Write
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Entity, Field
from syncer.core.records import RecordState, System, Value
from tests.conformance.orgs import OBJECTS, Org, fields
from tests.conformance.salesforce_reads import VALUES, changed, now, only

KEY = "Element451_ID__c"


def ids(pages: list[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def test_objects_are_listed_and_described(org: Org, contact: Entity) -> None:
    listed = dict(org.api.entities())
    assert {name: listed[name] for name in OBJECTS}["Contact"] == "Contact"
    found = org.api.describe("Contact")
    assert found.fields == contact.fields
    assert (found.name, found.key_prefix, found.fields["LastName"].required) == ("Contact", "003", True)
    with pytest.raises(FieldRefused):
        org.api.describe("Nothing__c")


def test_nothing_changed_is_one_empty_page_with_the_time_in_one_call(org: Org, contact: Entity) -> None:
    org.create("Contact", {"LastName": "Lee"})
    first = now(org, contact)
    org.advance(100)
    calls = org.api.calls
    (page,) = org.api.changed(contact, fields(contact, "LastName"), first + timedelta(seconds=50), None)
    assert page.records == []
    assert timedelta(seconds=95) <= page.server_time - first <= timedelta(seconds=105)
    assert org.api.calls - calls == 1


def test_records_come_in_the_order_of_their_change(org: Org, contact: Entity) -> None:
    there = []
    for name in "ABC":
        there.append(org.create("Contact", {"LastName": name}))
        org.advance(10)
    org.edit("Contact", there[0], {"FirstName": "New"})
    records = changed(org, contact, None, "LastName", "FirstName")
    assert [(record.id, record.values["LastName"]) for record in records] == [
        (there[1], "B"),
        (there[2], "C"),
        (there[0], "A"),
    ]
    assert records[2].values["FirstName"] == "New"


def test_what_changed_at_the_moment_itself_counts_as_changed(org: Org, contact: Entity) -> None:
    old = org.create("Contact", {"LastName": "old"})
    org.advance(5)
    new = org.create("Contact", {"LastName": "new"})
    stamp = only(org.api.read(contact, [new], fields(contact, "SystemModstamp"))).values["SystemModstamp"]
    since = datetime.fromisoformat(str(stamp))
    assert [record.id for record in changed(org, contact, since)] == [new]
    assert [record.id for record in changed(org, contact, since - timedelta(seconds=6))] == [old, new]
    assert changed(org, contact, since + timedelta(seconds=1)) == []


def many_contacts(org: Org, entity: Entity, number: int) -> list[str]:
    """Contacts that all share a stamp or two, in the order of their ids."""
    results = org.api.write(
        entity,
        [Write("insert", {"LastName": f"Name {place}", KEY: f"{place:024x}"}) for place in range(number)],
        KEY,
    )
    assert all(result.created for result in results)
    return sorted(str(result.id) for result in results)


def test_thousands_that_share_a_stamp_all_come_and_reading_goes_on_behind_any_page(
    org: Org, contact: Entity
) -> None:
    there = many_contacts(org, contact, 4300)
    org.advance(3600)
    asked = fields(contact, "LastName")
    pages = list(org.api.changed(contact, asked, None, None))
    assert sorted(ids(pages)) == there
    assert len(pages) > 2
    assert len({page.server_time for page in pages}) == 1
    for number, page in enumerate(pages, 1):
        rest = ids(list(org.api.changed(contact, asked, None, page.cursor)))
        assert rest == ids(pages[number:])


def test_a_deleted_record_comes_as_deleted_and_lives_again_when_it_is_undeleted(
    org: Org, contact: Entity
) -> None:
    there = org.create("Contact", {"LastName": "Lee"})
    org.advance(60)
    org.delete("Contact", there)
    since = now(org, contact)
    record = only(changed(org, contact, since, "LastName"))
    assert (record.id, record.state, record.values) == (there, RecordState.DELETED, {"LastName": "Lee"})
    assert only(org.api.read(contact, [there], [])).state is RecordState.DELETED
    org.advance(60)
    org.undelete("Contact", there)
    assert only(changed(org, contact, since + timedelta(seconds=30))).state is RecordState.LIVE


def test_a_merged_record_names_the_one_that_stayed_which_changes_too(
    org: Org, contact: Entity, talk: Entity
) -> None:
    winner, loser = (
        org.create("Contact", {"LastName": name, "FirstName": name}) for name in ("Winner", "Loser")
    )
    child = org.create(talk.name, {"Conversation_ID__c": "c1", "Contact__c": loser})
    org.advance(60)
    since = now(org, contact)
    org.merge("Contact", winner, loser)
    found = {record.id: (record.state, record.merged_into) for record in changed(org, contact, since)}
    assert found == {winner: (RecordState.LIVE, None), loser: (RecordState.MERGED, winner)}
    assert only(org.api.read(contact, [winner], fields(contact, "FirstName"))).values == {
        "FirstName": "Winner"
    }
    assert only(org.api.read(talk, [child], fields(talk, "Contact__c"))).values == {"Contact__c": winner}
    assert changed(org, talk, since) == []


def test_a_purged_record_does_not_exist(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee"})
    org.delete("Contact", there)
    org.purge("Contact", there)
    assert org.api.read(contact, [there], []) == []
    assert changed(org, contact) == []


def test_a_change_may_become_visible_later_than_its_stamp_and_the_org_says_up_to_when_it_is_complete(
    org: Org, contact: Entity
) -> None:
    there = org.create("Contact", {"LastName": "Lee"})
    org.advance(600)
    stamped = now(org, contact)
    org.lag(120)
    org.edit("Contact", there, {"LastName": "New"})
    org.advance(60)
    assert changed(org, contact, stamped) == []
    assert org.api.complete_until(contact, now(org, contact)) <= stamped + timedelta(seconds=2)
    org.advance(90)
    record = only(changed(org, contact, stamped, "LastName", "SystemModstamp"))
    assert record.values["LastName"] == "New"
    assert datetime.fromisoformat(str(record.values["SystemModstamp"])) <= stamped + timedelta(seconds=2)
    until = now(org, contact)
    assert until - timedelta(minutes=1) <= org.api.complete_until(contact, until) <= until


def test_records_are_read_by_id_many_at_a_time_each_once(org: Org, contact: Entity, talk: Entity) -> None:
    there = many_contacts(org, contact, 450)
    other = org.create(talk.name, {"Conversation_ID__c": "c1"})
    wanted = [*there, there[0][:15], there[1], other, "003000000000999AAA"[:15], "no id", ""]
    found = org.api.read(contact, wanted, fields(contact, KEY))
    assert sorted(record.id for record in found) == there
    assert org.api.read(contact, [], []) == []


def test_a_record_tells_its_account(org: Org, contact: Entity) -> None:
    account = org.create("Account", {"Name": "The household"})
    there = org.create("Contact", {"LastName": "Lee", "AccountId": account})
    alone = org.create("Contact", {"LastName": "Lee"})
    assert {record.id: record.account for record in changed(org, contact)} == {there: account, alone: None}


@pytest.mark.parametrize(("key", "value"), VALUES)
def test_a_persons_value_reads_as_it_is_meant(org: Org, student: Entity, key: str, value: Value) -> None:
    there = org.create(student.name, {"Last_Name__c": "Lee", key: value})
    assert only(org.api.read(student, [there], fields(student, key))).values == {key: value}
    assert only(changed(org, student, None, key)).values == {key: value}


def test_empty_fields_read_as_none_but_a_checkbox_is_never_empty(org: Org, student: Entity) -> None:
    keys = [
        "First_Name__c",
        "Birthdate__c",
        "Last_Visit_At__c",
        "GPA__c",
        "Race__c",
        "Gender__c",
        "SMS_Opt_In__c",
    ]
    there = org.create(student.name, {"Last_Name__c": "Lee"})
    assert only(org.api.read(student, [there], fields(student, *keys))).values == {
        **dict.fromkeys(keys),
        "SMS_Opt_In__c": False,
    }


def test_records_are_found_by_value_many_at_a_time_deleted_ones_too(org: Org, contact: Entity) -> None:
    there = many_contacts(org, contact, 450)
    gone = org.create("Contact", {"LastName": "Gone", KEY: "gone"})
    org.delete("Contact", gone)
    found = org.api.find(
        contact,
        contact.fields[KEY],
        [f"{place:024x}" for place in range(450)] + ["gone", "nobody"],
        fields(contact, "LastName"),
    )
    assert sorted(record.id for record in found) == sorted([*there, gone])
    assert {record.id: record.state for record in found}[gone] is RecordState.DELETED
    assert org.api.find(contact, contact.fields[KEY], [], []) == []
    org.create("Contact", {"LastName": "Without"})
    assert org.api.find(contact, contact.fields[KEY], ["", " "], []) == []


def test_text_is_found_whatever_its_case_and_its_quotes(org: Org, contact: Entity) -> None:
    odd = org.create("Contact", {"LastName": 'O\'Brien \\ "x" 🎓', "Email": "Zoe@Example.edu"})
    org.create("Contact", {"LastName": "O", "Email": "zoe@example.ed"})
    assert [
        record.id for record in org.api.find(contact, contact.fields["Email"], ["zoe@EXAMPLE.edu"], [])
    ] == [odd]
    assert [
        record.id for record in org.api.find(contact, contact.fields["LastName"], ['o\'brien \\ "x" 🎓'], [])
    ] == [odd]


def test_records_are_found_by_what_they_refer_to(org: Org, talk: Entity) -> None:
    someone = org.create("Contact", {"LastName": "Lee"})
    child = org.create(talk.name, {"Conversation_ID__c": "c1", "Contact__c": someone})
    org.create(talk.name, {"Conversation_ID__c": "c2"})
    assert [record.id for record in org.api.find(talk, talk.fields["Contact__c"], [someone], [])] == [child]


def test_what_cannot_be_searched_by_is_refused(org: Org, student: Entity) -> None:
    with pytest.raises(FieldRefused):
        org.api.find(student, student.fields["Notes__c"], ["A"], [])


def test_a_field_that_does_not_exist_is_refused(org: Org, contact: Entity) -> None:
    there = org.create("Contact", {"LastName": "Lee"})
    unknown = Field(System.SALESFORCE, "Unknown__c", "Unknown", TEXT)
    with pytest.raises(FieldRefused):
        org.api.read(contact, [there], [unknown])
    with pytest.raises(FieldRefused):
        list(org.api.changed(contact, [unknown], None, None))
