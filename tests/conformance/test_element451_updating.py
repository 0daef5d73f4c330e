"""What every Element451 account does when contacts are updated, and when a write is interrupted."""

import pytest

from syncer.connectors.errors import FieldRefused, Unreachable
from syncer.core.error_codes.entry import Cause
from syncer.core.records import Kind
from tests.conformance.accounts import FIELDS, SLUG, Account, fields
from tests.conformance.element451_reads import NAMES
from tests.conformance.element451_writes import Row, cause, create, everyone, made, named_a, values


def test_updates_are_told_in_the_order_of_the_rows(account: Account) -> None:
    there = [made(account, first_name="Old") for _ in range(30)]
    rows: list[tuple[str, Row]] = [
        (id, {"user-first-name": f"New {number}"} if number % 3 else {"user-last-name": f"New {number}"})
        for number, id in enumerate(there)
    ]
    results = account.api.update(rows)
    assert [(result.id, result.refusal, result.created, result.deleted) for result in results] == [
        (id, None, False, False) for id in there
    ]
    assert [values(account, id, *row) for id, row in rows] == [[f"New {number}"] for number in range(30)]
    assert values(account, there[0], "user-first-name") == ["Old"]
    assert sorted(account.written()) == sorted(("update", id) for id in there)


def test_empty_values_overwrite(account: Account) -> None:
    slugs = [
        "user-first-name",
        "user-dob",
        "user-sms-updates",
        "user-custom-gpa",
        "user-race-categories",
        "user-custom-last-advised-at",
    ]
    full: Row = dict(
        zip(slugs, ["A", "2001-02-03", True, 3.5, ["Asian"], "2026-07-01T03:59:59+00:00"], strict=True)
    )
    there = account.create(Kind.CONTACT, {**full, "user-last-name": "Kept"})
    account.api.update([(there, dict.fromkeys(slugs))])
    assert values(account, there, *slugs, "user-last-name") == [None] * 6 + ["Kept"]


def test_an_update_moves_the_time_of_update(account: Account) -> None:
    there = made(account, first_name="A")
    account.advance(100)
    (page,) = account.api.changed(Kind.CONTACT, NAMES, None, None)
    account.api.update([(there, {"user-first-name": "A"})])
    assert [
        record.id
        for page in account.api.changed(Kind.CONTACT, NAMES, page.server_time, None)
        for record in page.records
    ] == [there]


def test_the_last_of_several_updates_of_a_contact_counts(account: Account) -> None:
    there, other = made(account, first_name="Old"), made(account, first_name="Old")
    rows: list[tuple[str, Row]] = [
        (there, {"user-first-name": "1"}),
        (other, {"user-first-name": "2"}),
        (there, {"user-first-name": "3"}),
    ]
    assert [cause(result) for result in account.api.update(rows)] == [None] * 3
    assert (values(account, there, "user-first-name"), values(account, other, "user-first-name")) == (
        ["3"],
        ["2"],
    )


def test_an_update_of_a_contact_that_is_gone_says_so_and_creates_nobody(account: Account) -> None:
    deleted, merged, master, live = (made(account, first_name=name) for name in ("A", "B", "C", "D"))
    account.delete(Kind.CONTACT, deleted)
    account.merge(master, merged)
    results = account.api.update(
        [(id, {"user-first-name": "New"}) for id in (deleted, merged, "f" * 24, "no id", live)]
    )
    assert [result.deleted for result in results] == [True, True, True, True, False]
    assert [result.refusal is None for result in results] == [False, False, False, False, True]
    assert sorted(everyone(account)) == sorted([master, live])
    assert account.written() == [("update", live)]


def test_a_contact_that_the_account_refuses_stays_as_it_is(account: Account) -> None:
    account.refuse("user-first-name", "Forbidden")
    there = made(account, first_name="Old")
    refused, done = create(
        account, {SLUG: "K1", "user-first-name": "Forbidden"}, {SLUG: "K2", "user-first-name": "Allowed"}
    )
    (update,) = account.api.update([(there, {"user-first-name": "Forbidden"})])
    assert [cause(refused), cause(done), cause(update)] == [Cause.LASTING, None, Cause.LASTING]
    assert not update.deleted
    assert values(account, there, "user-first-name") == ["Old"]


@pytest.mark.parametrize(
    "slug", ["user-calculated-furthest_funnel_stage", "user-updated-at", "user-custom-unknown"]
)
def test_a_field_that_may_not_be_written_is_refused_by_name_before_anything_is(
    account: Account, slug: str
) -> None:
    there = made(account, first_name="Old")
    with pytest.raises(FieldRefused, match=slug):
        account.api.update([(there, {"user-first-name": "New", slug: "x"})])
    with pytest.raises(FieldRefused, match=slug):
        create(account, {SLUG: "K1", slug: "x"})
    assert account.written() == []


def test_a_lost_reply_makes_no_second_contact(account: Account) -> None:
    account.lose_reply()
    results = create(account, *named_a(3))
    assert [(cause(result), result.uncertain) for result in results] == [(None, True)] * 3
    assert sorted(everyone(account)) == sorted(str(result.id) for result in results)
    account.lose_reply()
    (update,) = account.api.update([(str(results[0].id), {"user-first-name": None})])
    assert (cause(update), update.uncertain) == (None, True)
    assert values(account, str(results[0].id), "user-first-name") == [None]


def test_an_account_that_does_not_answer_is_unreachable(account: Account) -> None:
    there = made(account, first_name="Old")
    account.break_down()
    with pytest.raises(Unreachable):
        create(account, {SLUG: "K1"})
    with pytest.raises(Unreachable):
        account.api.update([(there, {"user-first-name": "New"})])
    assert account.written() == []
    assert values(account, there, "user-first-name") == ["Old"]


def test_more_rows_than_fit_in_a_call_are_all_written(account: Account) -> None:
    results = create(account, *named_a(1203))
    there = [str(result.id) for result in results]
    assert [result.created for result in results] == [True] * 1203
    assert len(set(there)) == 1203
    updates = account.api.update(
        [(id, {"user-first-name": f"New {number}"}) for number, id in enumerate(there)]
    )
    assert [(result.id, cause(result)) for result in updates] == [(id, None) for id in there]
    assert account.api.write_fault is None
    found = {
        record.id: record.values["user-first-name"]
        for record in account.api.read(Kind.CONTACT, there, [FIELDS["user-first-name"]])
    }
    assert [found[id] for id in there] == [f"New {number}" for number in range(1203)]


def test_what_was_written_before_a_breakdown_is_told_and_the_rest_is_left_for_later(account: Account) -> None:
    account.break_down(midway=True)
    results = create(account, *named_a(1203))
    stopped = account.api.write_fault
    assert isinstance(stopped, Unreachable)
    done = [result for result in results if result.refusal is None]
    assert len(done) in (500, 203), "one of the three imports got through; which one, the threads decide"
    assert sorted(account.written()) == sorted(("create", str(result.id)) for result in done)
    left = {(result.refusal.cause, result.refusal.code) for result in results if result.refusal}
    assert left == {(Cause.PASSING, stopped.code)}


def test_an_update_tells_what_it_overwrote_of_the_fields_asked_for(account: Account) -> None:
    there = [made(account, first_name=f"Old {number}") for number in range(120)]
    rows: list[tuple[str, Row]] = [
        (id, {"user-first-name": "New", "user-custom-gpa": 3.5, "user-dob": None}) for id in there
    ]
    results = account.api.update(rows, fields("user-first-name", "user-custom-gpa", "user-last-name"))
    assert [result.before for result in results] == [
        {"user-first-name": f"Old {number}", "user-custom-gpa": None} for number in range(120)
    ]
    assert [result.before for result in account.api.update(rows)] == [None] * 120


def test_after_a_lost_reply_nobody_knows_what_an_update_overwrote(account: Account) -> None:
    there = made(account, first_name="Old")
    account.lose_reply()
    (result,) = account.api.update([(there, {"user-first-name": "New"})], fields("user-first-name"))
    assert (result.refusal, result.uncertain, result.before) == (None, True, None)


def test_who_holds_a_value_where_none_is_believed_to_be_is_left_as_they_are(account: Account) -> None:
    filled, empty = made(account, first_name="Ann", last_name="Lee"), made(account, first_name="Bob")
    rows: list[tuple[str, Row]] = [
        (id, {"user-first-name": "New", "user-last-name": None}) for id in (filled, empty)
    ]
    asked, believed = (
        fields("user-first-name", "user-last-name"),
        {id: {"user-last-name"} for id in (filled, empty)},
    )
    held_back, done = account.api.update(rows, asked, believed)
    assert held_back.held_back
    assert held_back.refusal is None
    assert held_back.record
    assert held_back.record.values == {"user-first-name": "Ann", "user-last-name": "Lee"}
    assert (done.held_back, done.refusal) == (False, None)
    assert account.written() == [("update", empty)]
    (done,) = account.api.update(rows[:1], asked, {filled: {"user-custom-gpa"}})
    assert not done.held_back
