"""What every Element451 account does when contacts are created in it."""

import pytest

from syncer.core.error_codes.entry import Cause
from syncer.core.records import Value
from tests.conformance.accounts import SLUG, Account, fields
from tests.conformance.element451_reads import VALUES
from tests.conformance.element451_writes import Row, cause, create, everyone, made, values


def test_created_contacts_come_back_in_the_order_of_the_rows_as_they_are_now(account: Account) -> None:
    rows: list[Row] = [
        {SLUG: f"K{number}", "user-first-name": f"Name {number}", "user-last-name": None}
        for number in range(40)
    ]
    results = create(account, *rows)
    assert [
        (result.created, result.existing, result.deleted, result.refusal, result.uncertain)
        for result in results
    ] == [(True, False, False, None, False)] * 40
    for number, result in enumerate(results):
        assert result.record is not None
        assert result.record.id == result.id
        assert result.record.values == {
            SLUG: f"K{number}",
            "user-first-name": f"Name {number}",
            "user-last-name": None,
        }
    assert sorted(everyone(account)) == sorted(str(result.id) for result in results)
    assert sorted(account.written()) == sorted(("create", str(result.id)) for result in results)


def test_creating_nobody_is_nothing(account: Account) -> None:
    assert create(account) == []
    assert account.api.update([]) == []
    assert account.written() == []


def test_a_creation_finds_the_contact_that_holds_the_salesforce_id_and_never_empties_it(
    account: Account,
) -> None:
    there = made(account, identities_salesforceid="K1", first_name="Old", last_name="Kept")
    new, existing = create(
        account,
        {SLUG: "K2", "user-first-name": "A"},
        {SLUG: "K1", "user-first-name": "New", "user-last-name": None},
    )
    assert (new.created, new.existing) == (True, False)
    assert (existing.id, existing.created, existing.existing, existing.refusal) == (there, False, True, None)
    assert existing.record is not None
    assert existing.record.values == {SLUG: "K1", "user-first-name": "New", "user-last-name": "Kept"}
    assert len(everyone(account)) == 2


def test_creating_the_same_twice_makes_one_contact(account: Account) -> None:
    first = create(account, {SLUG: "K1", "user-first-name": "A"})
    second, third = create(
        account, {SLUG: "K1", "user-first-name": "B"}, {SLUG: "K1", "user-first-name": "C"}
    )
    assert first[0].id == second.id == third.id
    assert (second.existing, third.existing) == (True, True)
    assert values(account, str(second.id), "user-first-name") == ["C"]


def test_a_contact_without_a_salesforce_id_is_not_created(account: Account) -> None:
    results = create(
        account,
        {SLUG: None, "user-first-name": "A"},
        {"user-first-name": "B"},
        {SLUG: "K1", "user-first-name": "C"},
    )
    assert [cause(result) for result in results] == [Cause.LASTING, Cause.LASTING, None]
    assert everyone(account) == [results[2].id]


def test_a_contact_that_cannot_be_stored_is_refused_and_the_others_are_created(account: Account) -> None:
    results = create(
        account,
        {SLUG: "K1", "user-first-name": "A"},
        {SLUG: "K2", "user-dob": "tomorrow"},
        {SLUG: "K3", "user-first-name": "C"},
    )
    assert [cause(result) for result in results] == [None, Cause.LASTING, None]
    assert results[1].refusal is not None
    assert results[1].refusal.fields == ("user-dob",)
    assert "Element451 refused this contact" in results[1].refusal.sentence
    assert sorted(everyone(account)) == sorted(str(result.id) for result in (results[0], results[2]))


WRONG: list[tuple[str, Value]] = [
    ("user-dob", "03/02/2026"),
    ("user-custom-last-advised-at", "yesterday"),
    ("user-sms-updates", "perhaps"),
    ("user-custom-campus-visits", "many"),
    ("user-custom-gpa", "good"),
    ("user-education-student-type", "First-year student"),
    ("user-race-categories", ["Asian", "Martian"]),
]


@pytest.mark.parametrize(("slug", "value"), WRONG)
def test_a_value_that_does_not_fit_is_refused_and_the_rest_of_its_row_is_written(
    account: Account, slug: str, value: Value
) -> None:
    there, other = made(account, first_name="Old"), made(account, first_name="Old")
    partly, done, refused = account.api.update(
        [
            (there, {"user-first-name": "New", slug: value}),
            (other, {"user-first-name": "New", slug: None}),
            (other, {slug: value}),
        ]
    )
    assert [cause(partly), cause(done), cause(refused)] == [None, None, Cause.LASTING]
    assert partly.left_out is not None
    assert refused.refusal is not None
    assert partly.left_out.fields == refused.refusal.fields == (slug,)
    assert (done.left_out, refused.left_out, refused.deleted) == (None, None, False)
    assert [values(account, id, "user-first-name") for id in (there, other)] == [["New"], ["New"]]
    assert sorted(account.written()) == sorted([("update", there), ("update", other)])
    (created,) = account.api.create([{SLUG: "K1", "user-first-name": "New", slug: value}], SLUG, [])
    assert cause(created) is Cause.LASTING


@pytest.mark.parametrize(("slug", "value"), VALUES)
def test_what_is_written_reads_the_same(account: Account, slug: str, value: Value) -> None:
    (result,) = account.api.create([{SLUG: "K1", slug: value}], SLUG, fields(slug))
    assert result.record is not None
    assert result.record.values[slug] == value
    there = made(account, first_name="A")
    assert [cause(result) for result in account.api.update([(there, {slug: value})])] == [None]
    assert values(account, there, slug) == [value]
