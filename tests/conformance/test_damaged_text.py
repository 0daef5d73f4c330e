"""Text that cannot be decoded, or encoded, concerns its own record only, in every system (rule 22)."""

import pytest

from syncer.connectors.protocol import Write
from syncer.core.fields import Entity
from syncer.core.records import Kind
from tests.conformance.accounts import SLUG, Account
from tests.conformance.accounts import fields as slugs
from tests.conformance.element451_reads import NAME_OF, NAMES
from tests.conformance.element451_reads import ids as ids_of
from tests.conformance.element451_writes import create, made, values
from tests.conformance.orgs import Org, fields
from tests.conformance.salesforce_reads import changed, only
from tests.conformance.salesforce_writes import KEY, code, insert, write
from tests.conformance.salesforce_writes import values as values_of

TEXTS = ["x\\ud83d", "\\ude00x", "\xff", "Zo\xc3"]
LONE = "x\ud83d"


@pytest.mark.parametrize("text", TEXTS)
def test_a_record_of_salesforce_with_damaged_text_comes_without_it(
    org: Org, contact: Entity, text: str
) -> None:
    bad = org.create("Contact", {"LastName": "Lee", "FirstName": "Bad"})
    good = org.create("Contact", {"LastName": "Zoë 🎓", "FirstName": "Good"})
    org.damage("Contact", bad, "FirstName", text)
    for found in (
        changed(org, contact, None, "LastName", "FirstName"),
        org.api.read(contact, [bad, good], fields(contact, "LastName", "FirstName")),
    ):
        by_id = {record.id: record for record in found}
        assert by_id[bad].values == {"LastName": "Lee"}
        assert by_id[bad].damaged == {"FirstName"}
        assert by_id[good].values == {"LastName": "Zoë 🎓", "FirstName": "Good"}
        assert not by_id[good].damaged


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("text", TEXTS)
def test_a_record_of_element451_with_damaged_text_comes_without_it(
    account: Account, kind: Kind, text: str
) -> None:
    slug, asked = NAME_OF[kind]
    bad, good = account.create(kind, {slug: "Bad"}), account.create(kind, {slug: "Zoë 🎓"})
    account.damage(bad, slug, text)
    pages = list(account.api.changed(kind, asked, None, None))
    assert sorted(ids_of(pages)) == sorted([bad, good])
    for found in (
        [record for page in pages for record in page.records],
        account.api.read(kind, [bad, good], asked),
    ):
        by_id = {record.id: record for record in found}
        assert slug not in by_id[bad].values
        assert by_id[bad].damaged == {slug}
        assert by_id[good].values[slug] == "Zoë 🎓"
        assert not by_id[good].damaged


def test_one_of_several_values_that_is_damaged_damages_them_all(account: Account) -> None:
    there = account.create(Kind.CONTACT, {"user-race-categories": ["Asian", "White"]})
    account.damage(there, "user-race-categories")
    (record,) = account.api.read(Kind.CONTACT, [there], slugs("user-race-categories"))
    assert not record.values
    assert record.damaged == {"user-race-categories"}


def test_a_write_to_salesforce_that_cannot_be_encoded_is_refused_alone(org: Org, contact: Entity) -> None:
    there, other = (org.create("Contact", {"LastName": name}) for name in ("A", "B"))
    results = write(
        org,
        contact,
        Write("update", {"LastName": LONE}, there),
        insert(FirstName=LONE, **{KEY: "a"}),
        Write("update", {"LastName": "C"}, other),
    )
    assert [code(result) for result in results] == ["DAMAGED_TEXT", "DAMAGED_TEXT", None]
    assert org.written() == [other]
    assert values_of(org, contact, there, "LastName") == ["A"]


def test_writes_of_which_none_can_be_encoded_send_nothing(org: Org, contact: Entity) -> None:
    (result,) = write(org, contact, insert(FirstName=LONE))
    assert (code(result), org.written(), org.api.write_fault) == ("DAMAGED_TEXT", [], None)


def test_a_write_to_element451_that_cannot_be_encoded_is_refused_alone(account: Account) -> None:
    there, other = made(account, first_name="A"), made(account, first_name="B")
    results = account.api.update([(there, {"user-first-name": LONE}), (other, {"user-first-name": "C"})])
    results += create(account, {SLUG: "K1", "user-first-name": LONE}, {SLUG: "K2", "user-first-name": "D"})
    assert [result.refusal.code if result.refusal else None for result in results] == [
        "DAMAGED_TEXT",
        None,
    ] * 2
    assert values(account, there, "user-first-name") == ["A"]
    assert len(account.written()) == 2


def test_what_cannot_be_encoded_names_nobody(org: Org, contact: Entity, account: Account) -> None:
    org.create("Contact", {"LastName": "x"})
    assert org.api.find(contact, contact.fields["LastName"], [LONE], []) == []
    made(account, first_name="x")
    assert account.api.find(slugs("user-first-name")[0], [LONE], NAMES) == []
    assert account.api.find_alike(slugs("user-first-name")[0], LONE, NAMES) == []


def test_the_last_of_many_pages_comes_whatever_is_damaged_before_it(org: Org, contact: Entity) -> None:
    bad = org.create("Contact", {"LastName": "Lee"})
    org.damage("Contact", bad, "LastName")
    assert only(changed(org, contact, None, "LastName")).damaged == {"LastName"}
