"""What every Element451 account does when it is read."""

from datetime import timedelta
from itertools import islice

import pytest

from syncer.connectors.errors import FieldRefused
from syncer.connectors.protocol import Page
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, State, Value
from tests.conformance.accounts import FIELDS, SLUG, Account, fields
from tests.support.memory import element451_field

NAMES = fields("user-first-name", "user-last-name")
SUBJECT = fields("conversation-subject")
NAME_OF = {Kind.CONTACT: ("user-first-name", NAMES), Kind.CONVERSATION: ("conversation-subject", SUBJECT)}


def ids(pages: list[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def only(records: list[Record]) -> Record:
    (record,) = records
    return record


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
    account.advance(5)
    new = account.create(kind, {slug: "new"})
    moment = only(account.api.read(kind, [new], stamp)).values[stamp[0].key]
    (page,) = account.api.changed(kind, stamp, None, None)
    since = page.server_time.fromisoformat(str(moment))
    assert ids(list(account.api.changed(kind, asked, since, None))) == [new]
    assert ids(list(account.api.changed(kind, asked, since - timedelta(seconds=5), None))) == sorted(
        [old, new]
    )
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


def many_contacts(account: Account, number: int) -> list[str]:
    """Contacts that all share a stamp or two."""
    rows: list[dict[str, Value]] = [
        {SLUG: f"K{place:06d}", "user-first-name": f"Name {place}"} for place in range(number)
    ]
    results = account.api.create(rows, SLUG, NAMES)
    assert all(result.created for result in results)
    return sorted(str(result.id) for result in results)


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


def test_a_contact_that_vanishes_while_pages_are_read_comes_as_gone(account: Account) -> None:
    there = many_contacts(account, 2100)
    pages = account.api.changed(Kind.CONTACT, NAMES, None, None)
    first = next(pages)
    account.delete(Kind.CONTACT, there[-1])
    last = list(pages)[-1].records[-1]
    assert (first.records[0].id, first.records[0].state) == (there[0], State.LIVE)
    assert (last.id, last.state, last.values) == (there[-1], State.GONE, {})


def test_a_reading_may_be_given_up_and_begun_anew(account: Account) -> None:
    there = many_contacts(account, 1100)
    given_up = list(islice(account.api.changed(Kind.CONTACT, NAMES, None, None), 1))
    assert ids(given_up) == there[:1000]
    assert ids(list(account.api.changed(Kind.CONTACT, NAMES, None, None))) == there


@pytest.mark.parametrize("kind", Kind)
def test_a_deleted_record_is_not_among_the_changed_and_reads_as_gone(account: Account, kind: Kind) -> None:
    slug, asked = NAME_OF[kind]
    kept, deleted = (account.create(kind, {slug: name}) for name in ("kept", "deleted"))
    account.delete(kind, deleted)
    assert ids(list(account.api.changed(kind, asked, None, None))) == [kept]
    states = {record.id: record.state for record in account.api.read(kind, [deleted, kept], asked)}
    assert states == {kept: State.LIVE, deleted: State.GONE}


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
    assert only(account.api.read(Kind.CONTACT, [other], NAMES)).state is State.GONE
    (page,) = account.api.changed(
        Kind.CONVERSATION, fields("conversation-user-elementid"), before.server_time, None
    )
    assert (only(page.records).id, only(page.records).values) == (
        talk,
        {"conversation-user-elementid": master},
    )


def test_records_are_read_by_id_many_at_a_time_each_once(account: Account) -> None:
    there = many_contacts(account, 120)
    unknown = "f" * 24
    found = {
        record.id: record
        for record in account.api.read(Kind.CONTACT, [*there, unknown, *there, "no id"], NAMES)
    }
    assert {id for id, record in found.items() if record.state is State.LIVE} == set(there)
    assert found[unknown].state is State.GONE
    assert account.api.read(Kind.CONTACT, [], NAMES) == []


def test_an_id_of_the_other_kind_is_gone(account: Account) -> None:
    talk = account.create(Kind.CONVERSATION, {"conversation-subject": "A"})
    assert only(account.api.read(Kind.CONTACT, [talk], NAMES)).state is State.GONE


VALUES: list[tuple[str, Value]] = [
    ("user-first-name", 'Zoë 🎓 O\'Neil, "Jr." \\ 日本'),
    ("user-first-name", "007"),
    ("user-custom-advisor-notes", "first line\nsecond line\ttab"),
    ("user-email-address", "Mixed.Case+tag@Example.edu"),
    ("user-dob", "2008-02-29"),
    ("user-sms-updates", True),
    ("user-sms-updates", False),
    ("user-custom-campus-visits", 0),
    ("user-custom-campus-visits", -12),
    ("user-custom-gpa", 3.75),
    ("user-custom-gpa", 4),
    ("user-custom-last-advised-at", "2026-07-01T03:59:59+00:00"),
    ("user-custom-last-advised-at", "2026-12-31T23:00:00+00:00"),
    ("user-education-student-type", "first_year"),
    ("user-race-categories", ["White"]),
    ("user-race-categories", ["Asian", "Black or African American", "White"]),
    ("user-custom-interests", ["Study abroad, exchange", "arts", "service"]),
    ("user-custom-interests", ["arts"]),
]


@pytest.mark.parametrize(("slug", "value"), VALUES)
def test_a_persons_value_reads_as_it_is_meant(account: Account, slug: str, value: Value) -> None:
    # Several contacts, because the spelling of the same value may differ from one to the next.
    there = [account.create(Kind.CONTACT, {slug: value}) for _ in range(6)]
    assert [record.values for record in account.api.read(Kind.CONTACT, there, fields(slug))] == [
        {slug: value}
    ] * 6


@pytest.mark.parametrize("empty", [None, "", [], "  "])
def test_every_spelling_of_empty_reads_as_none(account: Account, empty: Value) -> None:
    slugs = [
        "user-first-name",
        "user-dob",
        "user-sms-updates",
        "user-custom-gpa",
        "user-race-categories",
        "user-custom-last-advised-at",
    ]
    text = "" if isinstance(empty, list) else empty
    there = [
        account.create(
            Kind.CONTACT, {slug: empty if slug == "user-race-categories" else text for slug in slugs}
        )
        for _ in range(6)
    ]
    assert [record.values for record in account.api.read(Kind.CONTACT, there, fields(*slugs))] == [
        dict.fromkeys(slugs)
    ] * 6


def test_the_id_and_the_time_of_update_can_be_asked_for_like_any_field(account: Account) -> None:
    there = account.create(Kind.CONTACT, {"user-first-name": "A"})
    (page,) = account.api.changed(Kind.CONTACT, fields("user-elementid", "user-updated-at"), None, None)
    values = only(page.records).values
    assert values["user-elementid"] == there
    assert abs(page.server_time.fromisoformat(str(values["user-updated-at"])) - page.server_time) < timedelta(
        seconds=10
    )


def test_a_record_can_be_read_without_any_field(account: Account) -> None:
    there = account.create(Kind.CONTACT, {"user-first-name": "A"})
    assert account.api.read(Kind.CONTACT, [there], []) == [Record(there, {})]


def test_an_anonymous_conversation_gets_its_contact_later(account: Account) -> None:
    someone = account.create(Kind.CONTACT, {"user-first-name": "A"})
    talk = account.create(
        Kind.CONVERSATION, {"conversation-channel": "sms", "conversation-transcript": "long " * 5000}
    )
    asked = fields("conversation-user-elementid", "conversation-channel", "conversation-transcript")
    values = only(account.api.read(Kind.CONVERSATION, [talk], asked)).values
    assert values["conversation-user-elementid"] is None
    assert len(str(values["conversation-transcript"])) >= 24_999
    account.edit(Kind.CONVERSATION, talk, {"conversation-user-elementid": someone})
    assert (
        only(account.api.read(Kind.CONVERSATION, [talk], asked)).values["conversation-user-elementid"]
        == someone
    )


def test_contacts_are_found_by_value_many_at_a_time(account: Account) -> None:
    many_contacts(account, 130)
    twins = [
        account.create(Kind.CONTACT, {"user-email-address": "same@example.edu", "user-first-name": name})
        for name in ("A", "B")
    ]
    found = account.api.find(
        FIELDS[SLUG], [f"K{place:06d}" for place in range(5, 125)] + ["K", "nobody"], fields(SLUG)
    )
    assert sorted(str(record.values[SLUG]) for record in found) == [
        f"K{place:06d}" for place in range(5, 125)
    ]
    found = account.api.find(FIELDS["user-email-address"], ["same@example.edu"] * 2, NAMES)
    assert sorted(record.id for record in found) == sorted(twins)
    assert account.api.find(FIELDS["user-email-address"], ["example.edu", ""], NAMES) == []
    assert account.api.find(FIELDS["user-email-address"], [], NAMES) == []


def test_odd_values_are_found_exactly(account: Account) -> None:
    odd = 'O\'Neil "x" <a> & ü 🎓'
    there = account.create(Kind.CONTACT, {"user-last-name": odd})
    assert only(account.api.find(FIELDS["user-last-name"], [odd, "O'Neil"], NAMES)).id == there


def test_a_double_is_found_whatever_the_case_of_its_text(account: Account) -> None:
    there = [
        account.create(Kind.CONTACT, {"user-email-address": text})
        for text in ("a+b@Example.edu", "A+B@example.EDU")
    ]
    account.create(Kind.CONTACT, {"user-email-address": "xa+b@example.edu"})
    account.create(Kind.CONTACT, {"user-email-address": "aab@example.edu"})
    found = account.api.find_alike(FIELDS["user-email-address"], " a+B@example.edu", NAMES)
    assert sorted(record.id for record in found) == sorted(there)
    assert account.api.find_alike(FIELDS["user-email-address"], " ", NAMES) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_the_ids_of_every_record_can_be_had_without_the_records(account: Account, kind: Kind) -> None:
    there = [account.create(kind, {}) for _ in range(3)]
    ids = [identity for page in account.api.ids(kind) for identity in page]
    assert set(there) <= set(ids)
    assert len(set(ids)) == len(ids)


def test_a_field_that_does_not_exist_is_refused_by_name(account: Account) -> None:
    there = account.create(Kind.CONTACT, {"user-first-name": "A"})
    unknown = element451_field("user-custom-unknown")
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        account.api.read(Kind.CONTACT, [there], [unknown])
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        list(account.api.changed(Kind.CONTACT, [unknown], None, None))
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        account.api.find(unknown, ["A"], NAMES)
