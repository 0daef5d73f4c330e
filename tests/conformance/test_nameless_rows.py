"""A row without an id, or a null in its place, is left out and counted, in every system, and nobody is taken
for gone for it (rule 22)."""

import pytest

from syncer.core.fields import Entity
from syncer.core.records import Kind, RecordState
from tests.conformance.accounts import Account
from tests.conformance.element451_reads import NAME_OF
from tests.conformance.element451_reads import ids as ids_of
from tests.conformance.orgs import Org, fields
from tests.conformance.salesforce_reads import changed


def test_rows_of_salesforce_without_an_id_stop_no_other(org: Org, contact: Entity) -> None:
    there = [org.create("Contact", {"LastName": f"L{number}"}) for number in range(5)]
    org.lose_ids(there[1], there[3])
    named = [there[0], there[2], there[4]]
    assert sorted(record.id for record in changed(org, contact)) == sorted(named)
    assert org.api.skipped == 2
    assert sorted(record.id for record in org.api.read(contact, there, fields(contact))) == sorted(named)
    found = org.api.find(contact, contact.fields["LastName"], [f"L{number}" for number in range(5)], [])
    assert sorted(record.id for record in found) == sorted(named)
    assert org.api.skipped == 6


@pytest.mark.parametrize("kind", Kind)
def test_rows_of_element451_without_an_id_stop_no_other(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    there = sorted(account.create(kind, {slug: f"N{number}"}) for number in range(5))
    account.lose_ids(there[1], there[3])
    named = [there[0], there[2], there[4]]
    assert ids_of(list(account.api.changed(kind, asked, None, None))) == named
    if kind is Kind.CONTACT:
        assert [record.id for page in account.api.names(asked) for record in page] == named
    read = {record.id: record.state for record in account.api.read(kind, there, asked)}
    assert read == dict.fromkeys(named, RecordState.LIVE)
    assert account.api.skipped


def test_the_last_row_of_a_page_may_be_one_without_an_id(account: Account) -> None:
    slug, asked = NAME_OF[Kind.CONVERSATION]
    there = sorted(account.create(Kind.CONVERSATION, {slug: "N"}) for _ in range(120))
    account.lose_ids(there[49])
    read = ids_of(list(account.api.changed(Kind.CONVERSATION, asked, None, None)))
    assert read == [id for id in there if id != there[49]]
