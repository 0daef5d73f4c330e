"""What every Element451 account does when its changes are read."""

from datetime import timedelta
from itertools import islice

import pytest

from syncer.core.fields import Field
from syncer.core.records import Kind, RecordState
from tests.conformance.accounts import FIELDS, SLUG, Account, fields
from tests.conformance.element451_reads import NAME_OF, NAMES, SUBJECT, ids, many_contacts, only


def described(field: Field) -> tuple[object, ...]:
    return (
        field.kind,
        field.type_name,
        field.options,
        field.restricted,
        field.updatable,
        field.unique,
        field.calculated,
        field.repeater,
    )


def test_the_catalogue_describes_every_field(account: Account) -> None:
    found = {field.key: field for field in account.api.catalogue()}
    for key, field in FIELDS.items():
        assert key in found
        if not field.repeater:
            assert described(found[key]) == described(field), key
    assert found["user-applications-root"].repeater


@pytest.mark.parametrize("kind", Kind)
def test_nothing_changed_is_one_empty_page_with_the_time_in_one_call(account: Account, kind: Kind) -> None:
    account.create(kind, {NAME_OF[kind][0]: "before"})
    account.advance(100)
    (page,) = account.api.changed(kind, NAME_OF[kind][1], None, None)
    account.advance(100)
    calls = account.api.calls
    later = page.server_time + timedelta(seconds=50)
    (idle,) = account.api.changed(kind, NAME_OF[kind][1], later, None)
    assert idle.records == []
    assert timedelta(seconds=95) <= idle.server_time - page.server_time <= timedelta(seconds=105)
    assert account.api.calls - calls == 1


@pytest.mark.parametrize("kind", Kind)
def test_everything_comes_in_the_order_of_the_ids(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    there = {account.create(kind, {slug: f"number {number}"}): f"number {number}" for number in range(60)}
    pages = list(account.api.changed(kind, asked, None, None))
    assert ids(pages) == sorted(there)
    assert {record.id: record.values[slug] for page in pages for record in page.records} == there


@pytest.mark.parametrize("kind", Kind)
def test_what_was_updated_at_the_moment_itself_counts_as_changed(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    stamp = fields("user-updated-at" if kind is Kind.CONTACT else "conversation-updated-at")
    old = account.create(kind, {slug: "old"})
    account.advance(60)
    new = account.create(kind, {slug: "new"})
    moment = only(account.api.read(kind, [new], stamp)).values[stamp[0].key]
    (page,) = account.api.changed(kind, stamp, None, None)
    since = page.server_time.fromisoformat(str(moment))
    assert ids(list(account.api.changed(kind, asked, since, None))) == [new]
    earlier = since - timedelta(seconds=90)
    assert ids(list(account.api.changed(kind, asked, earlier, None))) == sorted([old, new])
    assert ids(list(account.api.changed(kind, asked, since + timedelta(seconds=1), None))) == []


@pytest.mark.parametrize("kind", Kind)
def test_an_edit_makes_a_record_changed_even_when_it_changes_nothing(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    edited, other = (account.create(kind, {slug: name}) for name in ("A", "B"))
    account.advance(60)
    (page,) = account.api.changed(kind, asked, None, None)
    account.edit(kind, edited, {slug: "A"})
    assert ids(list(account.api.changed(kind, asked, page.server_time, None))) == [edited]
    assert other != edited


def test_thousands_that_share_a_stamp_all_come_and_reading_goes_on_behind_any_page(account: Account) -> None:
    there = many_contacts(account, 2300)
    pages = list(account.api.changed(Kind.CONTACT, NAMES, None, None))
    assert ids(pages) == there
    assert len(pages) > 2
    assert max(len(page.records) for page in pages) <= 1000
    assert len({page.server_time for page in pages}) == 1
    for number, page in enumerate(pages, 1):
        rest = list(account.api.changed(Kind.CONTACT, NAMES, None, page.cursor))
        assert ids(rest) == ids(pages[number:])
        assert rest[-1].cursor == pages[-1].cursor


def test_conversations_go_on_behind_any_page_too(account: Account) -> None:
    there = sorted(
        account.create(Kind.CONVERSATION, {"conversation-subject": str(number)}) for number in range(120)
    )
    pages = list(account.api.changed(Kind.CONVERSATION, SUBJECT, None, None))
    assert ids(pages) == there
    for number, page in enumerate(pages, 1):
        assert ids(list(account.api.changed(Kind.CONVERSATION, SUBJECT, None, page.cursor))) == ids(
            pages[number:]
        )


def test_a_contact_that_vanishes_while_pages_are_read_comes_as_absent(account: Account) -> None:
    there = many_contacts(account, 2100)
    pages = account.api.changed(Kind.CONTACT, NAMES, None, None)
    first = next(pages)
    account.delete(Kind.CONTACT, there[-1])
    last = list(pages)[-1].records[-1]
    assert (first.records[0].id, first.records[0].state) == (there[0], RecordState.LIVE)
    assert (last.id, last.state, last.values) == (there[-1], RecordState.ABSENT, {})


def test_a_reading_may_be_given_up_and_begun_anew(account: Account) -> None:
    there = many_contacts(account, 1100)
    given_up = list(islice(account.api.changed(Kind.CONTACT, NAMES, None, None), 1))
    assert ids(given_up) == there[:1000]
    assert ids(list(account.api.changed(Kind.CONTACT, NAMES, None, None))) == there


@pytest.mark.parametrize("kind", Kind)
def test_a_deleted_record_is_not_among_the_changed_and_reads_as_absent(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    kept, deleted = (account.create(kind, {slug: name}) for name in ("kept", "deleted"))
    account.delete(kind, deleted)
    assert ids(list(account.api.changed(kind, asked, None, None))) == [kept]
    states = {record.id: record.state for record in account.api.read(kind, [deleted, kept], asked)}
    assert states == {kept: RecordState.LIVE, deleted: RecordState.ABSENT}


def test_merging_keeps_the_masters_id_and_hands_it_the_salesforce_id_and_the_conversations(
    account: Account,
) -> None:
    master = account.create(Kind.CONTACT, {"user-first-name": "Master"})
    other = account.create(Kind.CONTACT, {"user-first-name": "Other", SLUG: "003A"})
    talk = account.create(Kind.CONVERSATION, {"conversation-user-elementid": other})
    account.advance(60)
    (before,) = account.api.changed(Kind.CONTACT, NAMES, None, None)
    account.merge(master, other)
    (page,) = account.api.changed(Kind.CONTACT, fields("user-first-name", SLUG), before.server_time, None)
    assert only(page.records).values == {"user-first-name": "Master", SLUG: "003A"}
    assert only(account.api.read(Kind.CONTACT, [other], NAMES)).state is RecordState.ABSENT
    (page,) = account.api.changed(
        Kind.CONVERSATION, fields("conversation-user-elementid"), before.server_time, None
    )
    assert (only(page.records).id, only(page.records).values) == (
        talk,
        {"conversation-user-elementid": master},
    )
