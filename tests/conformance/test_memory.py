"""The troubles that the systems in memory play on request, beyond what every system does."""

import pytest

from syncer.connectors.errors import FieldRefused, Unreachable
from syncer.connectors.protocol import Write
from syncer.core.error_codes.entry import Cause
from syncer.core.records import Kind
from tests.support.memory import EVERYTHING, MemoryElement451, MemorySalesforce, NotPossible

KEY = "Element451_ID__c"
SLUG = "user-identities-salesforceid"


class Killed(BaseException):
    """The process dies."""


def inserts(number: int) -> list[Write]:
    return [Write("insert", {"LastName": "Lee", KEY: f"{place}"}) for place in range(number)]


def test_a_kill_comes_through_after_some_rows_are_written() -> None:
    org, account = MemorySalesforce(), MemoryElement451()
    org.faults.fail("write", after=2, fault=Killed())
    account.faults.fail("create", after=3, fault=Killed())
    with pytest.raises(Killed):
        org.write(org.describe("Contact"), inserts(5), KEY)
    with pytest.raises(Killed):
        account.create([{SLUG: f"{place}"} for place in range(5)], SLUG, [])
    assert (len(org.journal), len(account.journal)) == (2, 3)
    assert (len(org.people.live("Contact")), len(account.people.live(Kind.CONTACT))) == (2, 3)


def test_a_reply_may_be_lost_for_good_after_everything_is_written() -> None:
    org = MemorySalesforce()
    org.faults.fail("write", after=EVERYTHING)
    with pytest.raises(Unreachable):
        org.write(org.describe("Contact"), inserts(5), KEY)
    assert len(org.journal) == 5
    assert [result.existing for result in org.write(org.describe("Contact"), inserts(5), KEY)] == [True] * 5


def test_a_reading_may_fail_after_some_pages() -> None:
    org, account = MemorySalesforce(page_size=2), MemoryElement451(page_size=2)
    for _ in range(5):
        org.people.create("Contact", {"LastName": "Lee"})
        account.people.create(Kind.CONTACT, {"user-first-name": "A"})
    for changed in (
        org.changed(org.describe("Contact"), [], None, None),
        account.changed(Kind.CONTACT, [], None, None),
    ):
        for system in (org, account):
            system.faults.fail("changed", after=1)
        assert len(next(changed).records) == 2
        with pytest.raises(Unreachable):
            next(changed)
        for system in (org, account):
            system.faults.forgive()


def test_a_search_in_element451_may_lag_behind() -> None:
    account = MemoryElement451()
    old = account.people.create(Kind.CONTACT, {"user-first-name": "A", SLUG: "K1"})
    account.clock.advance(600)
    account.faults.lag(60)
    stamped = account.clock.now
    new = account.people.create(Kind.CONTACT, {"user-first-name": "B", SLUG: "K2"})
    account.people.edit(old, {"user-first-name": "C"})
    slug = account.people.fields[SLUG]
    assert [page.records for page in account.changed(Kind.CONTACT, [], stamped, None)] == [[]]
    assert [record.id for record in account.find(slug, ["K1", "K2"], [])] == [old]
    assert len(account.read(Kind.CONTACT, [old, new], [])) == 2
    account.clock.advance(60)
    assert [
        record.id for page in account.changed(Kind.CONTACT, [], stamped, None) for record in page.records
    ] == sorted([old, new])


def test_a_record_that_somebody_is_saving_is_locked_for_us() -> None:
    org = MemorySalesforce()
    contact = org.describe("Contact")
    there = org.people.create("Contact", {"LastName": "Lee"})
    org.faults.lag(60)
    org.people.edit(there, {"FirstName": "Theirs"})
    (result,) = org.write(contact, [Write("update", {"FirstName": "Ours"}, there)], KEY)
    assert result.refusal is not None
    assert (result.refusal.code, result.refusal.cause) == ("UNABLE_TO_LOCK_ROW", Cause.PASSING)
    org.clock.advance(60)
    assert org.write(contact, [Write("update", {"FirstName": "Ours"}, there)], KEY)[0].refusal is None
    assert org.people.values(there)["FirstName"] == "Ours"


def test_a_field_may_become_unknown_and_a_record_be_refused_until_forgiven() -> None:
    org, account = MemorySalesforce(), MemoryElement451()
    contact, name = org.describe("Contact"), account.people.fields["user-first-name"]
    there = account.people.create(Kind.CONTACT, {"user-first-name": "A"})
    org.faults.unknown.add("FirstName")
    account.faults.unknown.add("user-first-name")
    assert "FirstName" not in org.describe("Contact").fields
    assert name not in account.catalogue()
    with pytest.raises(FieldRefused):
        org.read(contact, [], [contact.fields["FirstName"]])
    with pytest.raises(FieldRefused):
        account.update([(there, {"user-first-name": "B"})])
    account.faults.forgive()
    account.faults.refuse(there, cause=Cause.PASSING)
    (result,) = account.update([(there, {"user-first-name": "B"})])
    assert result.refusal is not None
    assert result.refusal.cause is Cause.PASSING
    account.faults.forgive()
    assert account.update([(there, {"user-first-name": "B"})])[0].refusal is None


def test_people_cannot_do_what_the_systems_pages_do_not_offer() -> None:
    org, account = MemorySalesforce(), MemoryElement451()
    there = org.people.create("Contact", {"LastName": "Lee", KEY: "a"})
    with pytest.raises(NotPossible):
        org.people.create("Contact", {"FirstName": "Nameless"})
    with pytest.raises(NotPossible):
        org.people.create("Contact", {"LastName": "Twin", KEY: "A"})
    with pytest.raises(NotPossible):
        org.people.undelete(there)
    with pytest.raises(NotPossible):
        org.people.purge(there)
    with pytest.raises(NotPossible):
        account.people.edit("f" * 24, {})


def test_a_contact_that_is_undeleted_in_element451_has_its_old_id() -> None:
    account = MemoryElement451()
    there = account.people.create(Kind.CONTACT, {"user-first-name": "A"})
    account.people.delete(there)
    account.clock.advance(60)
    account.people.undelete(there)
    (page,) = account.changed(Kind.CONTACT, [], account.clock.now, None)
    assert [record.id for record in page.records] == [there]


def test_before_send_is_called_before_each_pack() -> None:
    batches: list[str] = []
    org = MemorySalesforce(before_send=lambda: batches.append("salesforce"))
    account = MemoryElement451(before_send=lambda: batches.append("element451"))
    org.write(org.describe("Contact"), inserts(1001), KEY)
    account.create([{SLUG: f"{place}"} for place in range(501)], SLUG, [])
    assert batches == ["salesforce"] * 2 + ["element451"] * 2
