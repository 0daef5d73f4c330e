"""What every Element451 account does when records are read by id or found by a value."""

from datetime import timedelta

import pytest

from syncer.connectors.errors import FieldRefused
from syncer.core.records import Kind, Record, RecordState, Value
from tests.conformance.accounts import FIELDS, SLUG, Account, fields
from tests.conformance.element451_reads import NAMES, VALUES, many_contacts, only
from tests.support.memory import element451_field


def test_records_are_read_by_id_many_at_a_time_each_once(account: Account) -> None:
    there = many_contacts(account, 120)
    unknown = "f" * 24
    found = {
        record.id: record
        for record in account.api.read(Kind.CONTACT, [*there, unknown, *there, "no id"], NAMES)
    }
    assert {id for id, record in found.items() if record.state is RecordState.LIVE} == set(there)
    assert found[unknown].state is RecordState.ABSENT
    assert account.api.read(Kind.CONTACT, [], NAMES) == []


def test_an_id_of_the_other_kind_is_absent(account: Account) -> None:
    talk = account.create(Kind.CONVERSATION, {"conversation-subject": "A"})
    assert only(account.api.read(Kind.CONTACT, [talk], NAMES)).state is RecordState.ABSENT


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


def test_names_and_email_of_every_contact_can_be_had_without_the_rest(account: Account) -> None:
    there = [account.create(Kind.CONTACT, {"user-first-name": f"Ann {n}"}) for n in range(3)]
    asked = fields("user-first-name", "user-email-address", "user-dob")
    found = {record.id: record.values for page in account.api.names(asked) for record in page}
    assert [found[one] for one in there] == [
        {"user-first-name": f"Ann {n}", "user-email-address": None} for n in range(3)
    ]


def test_who_is_in_a_segment_can_be_had_by_its_guid(account: Account) -> None:
    there = [account.create(Kind.CONTACT, {"user-first-name": f"Ann {n}"}) for n in range(4)]
    account.keep_segment("tu.segments.902", there[1:])
    account.keep_segment("tu.segments.903", [])
    account.delete(Kind.CONTACT, there[3])
    found = [one for page in account.api.members("tu.segments.902") for one in page]
    assert found == sorted(there[1:3])
    assert [one for page in account.api.members("tu.segments.903") for one in page] == []
    with pytest.raises(FieldRefused):
        list(account.api.members("tu.segments.904"))


def test_a_field_that_does_not_exist_is_refused_by_name(account: Account) -> None:
    there = account.create(Kind.CONTACT, {"user-first-name": "A"})
    unknown = element451_field("user-custom-unknown")
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        account.api.read(Kind.CONTACT, [there], [unknown])
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        list(account.api.changed(Kind.CONTACT, [unknown], None, None))
    with pytest.raises(FieldRefused, match="user-custom-unknown"):
        account.api.find(unknown, ["A"], NAMES)
