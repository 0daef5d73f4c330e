"""Reading contacts from the imitation account: columns, ids, spellings, and what is refused."""

from itertools import product
from typing import Any

import pytest

from tests.sandbox.account import EVERYBODY, Account, Json, columns

NOBODY = "0" * 24


def test_a_row_has_the_asked_columns_by_slug_and_always_the_id(account: Account) -> None:
    id = account.add(first_name="Zoë", last_name="O'Neil", dob="2001-02-03")
    assert account.export(["user-first-name", "user-dob"], users=[id])["data"] == [
        {"user-elementid": id, "user-first-name": "Zoë", "user-dob": "2001-02-03"}
    ]
    assert account.export(["user-elementid"], users=[id])["data"] == [{"user-elementid": id}]


def test_values_come_typed(account: Account) -> None:
    given: Json = {
        "user-custom-gpa": 3.25,
        "user-custom-campus-visits": 4,
        "user-sms-updates": False,
        "user-addresses-home-zip": "02134",
        "user-labels": ["vip"],
        "user-addresses-home": {"city": "Boston"},
        "user-applications-root": [{"term": "tu.terms.101"}],
    }
    id = account.add(**{slug.removeprefix("user-").replace("-", "_"): value for slug, value in given.items()})
    assert account.export(list(given), users=[id])["data"] == [{"user-elementid": id, **given}]


def test_unknown_and_deleted_ids_are_simply_missing_and_the_others_come_once_ordered_by_id(
    account: Account,
) -> None:
    first, second, gone = sorted(account.add(first_name=name) for name in ("A", "B", "C"))
    account.person("DELETE", f"contacts/{gone}")
    rows = account.export(["user-first-name"], users=[second, gone, NOBODY, first, second])["data"]
    assert [row["user-elementid"] for row in rows] == [first, second]


def test_empty_values_come_in_three_spellings_and_the_same_read_gives_the_same_answer(
    account: Account,
) -> None:
    ids = [account.add(first_name="A") for _ in range(10)]
    slugs = ["user-last-name", "user-dob", "user-race-categories", "user-sms-updates"]
    rows = account.export(slugs, users=ids)["data"]
    assert {repr(row.get(slug, "absent")) for row, slug in product(rows, slugs)} == {"''", "None", "'absent'"}
    assert account.export(slugs, users=ids)["data"] == rows


@pytest.mark.parametrize(
    ("option", "spelled"), [("blank", {"user-dob": ""}), ("null", {"user-dob": None}), ("absent", {})]
)
def test_the_spelling_of_empty_can_be_fixed(account: Account, option: str, spelled: Json) -> None:
    account.control("options", {"element451_empties": option})
    ids = [account.add(first_name="A") for _ in range(5)]
    for row in account.export(["user-dob"], users=ids)["data"]:
        assert {slug: value for slug, value in row.items() if slug != "user-elementid"} == spelled


def test_checkboxes_come_in_three_spellings(account: Account) -> None:
    ids = [account.add(custom_interests=["arts", "Study abroad, exchange"]) for _ in range(20)]
    seen: dict[str, Any] = {}
    for row in account.export(["user-custom-interests"], users=ids)["data"]:
        value = row["user-custom-interests"]
        seen[
            "objects" if isinstance(value, list) and isinstance(value[0], dict) else type(value).__name__
        ] = value
    assert set(seen) == {"objects", "list", "str"}
    assert seen["list"] == ["arts", "Study abroad, exchange"]
    assert seen["str"].replace(", ", ",") == "arts,Study abroad,exchange"
    assert [tick["text"] for tick in seen["objects"] if tick["checked"]] == [
        "Arts, music and theatre",
        "Study abroad, exchange",
    ]


def test_a_list_of_ticks_may_hold_some_that_are_not_ticked(account: Account) -> None:
    account.control("options", {"element451_checkboxes": "objects"})
    ids = [account.add(race_categories=["White"]) for _ in range(10)]
    ticks = [
        row["user-race-categories"] for row in account.export(["user-race-categories"], users=ids)["data"]
    ]
    assert all([tick["text"] for tick in row if tick["checked"]] == ["White"] for row in ticks)
    assert any(not tick["checked"] for row in ticks for tick in row)


def test_datetimes_carry_the_offset_of_the_accounts_zone_and_dates_never_shift(account: Account) -> None:
    id = account.add(custom_last_advised_at="2026-07-01T23:30:00-04:00", dob="2001-07-01")
    winter = account.add(custom_last_advised_at="2026-01-05T12:00:00+00:00", dob="2001-01-01")
    rows = {
        row["user-elementid"]: row
        for row in account.export(["user-custom-last-advised-at", "user-dob"], users=[id, winter])["data"]
    }
    assert (rows[id]["user-custom-last-advised-at"], rows[id]["user-dob"]) == (
        "2026-07-01T23:30:00-04:00",
        "2001-07-01",
    )
    assert (rows[winter]["user-custom-last-advised-at"], rows[winter]["user-dob"]) == (
        "2026-01-05T07:00:00-05:00",
        "2001-01-01",
    )


def test_the_time_of_update_is_the_worlds_time_to_the_second(account: Account) -> None:
    account.control("clock", {"now": "2030-07-01T12:00:00.900Z"})
    id = account.add(first_name="A")
    (row,) = account.export(["user-updated-at"], users=[id])["data"]
    assert row["user-updated-at"] in ("2030-07-01T08:00:00-04:00", "2030-07-01T08:00:01-04:00")


GOOD: Json = {**columns("user-first-name"), "users": [NOBODY]}
BY_SEGMENT: Json = {**columns("user-first-name"), "segment": EVERYBODY}
NAME: Json = {"field": "x", "mode": "slug", "slug": "user-first-name"}


def with_column(**changes: Any) -> Json:
    return {**GOOD, "template": {"columns": [{**NAME, **changes}]}}


@pytest.mark.parametrize(
    "item",
    [
        {**GOOD, "users": []},
        {**GOOD, "users": NOBODY},
        {**GOOD, "users": [NOBODY] * 51},
        {**GOOD, "users": ["123"]},
        {**GOOD, "users": [NOBODY.replace("0", "A")]},
        {**GOOD, "users": [123]},
        {**GOOD, "segment": EVERYBODY},
        {**GOOD, "per_page": 10},
        {**GOOD, "last_id": NOBODY},
        {**GOOD, "conversations": [NOBODY]},
        {**GOOD, "sort": "user-dob"},
        columns("user-first-name"),
        {**BY_SEGMENT, "per_page": 51},
        {**BY_SEGMENT, "per_page": 0},
        {**BY_SEGMENT, "per_page": "10"},
        {**BY_SEGMENT, "last_id": "5"},
        {**GOOD, "options": {"column_key": "name"}},
        {**GOOD, "options": {}},
        {"users": [NOBODY], "template": GOOD["template"]},
        {"users": [NOBODY], "options": GOOD["options"]},
        {**GOOD, "template": {"columns": []}},
        {**GOOD, "template": {"columns": [NAME, NAME]}},
        {**GOOD, "template": {"columns": ["user-first-name"]}},
        with_column(slug="user-nothing"),
        with_column(slug="conversation-id"),
        with_column(slug=None),
        with_column(mode="formula"),
        with_column(field=1),
        with_column(width=3),
    ],
)
def test_an_export_that_the_contract_does_not_allow_is_refused(account: Account, item: Json) -> None:
    reply = account.post("users/export", {"item": item})
    assert reply.status_code == 400
    assert list(reply.json()) == ["message"]


@pytest.mark.parametrize("body", [[], "x", {}, {"item": []}, {"item": GOOD, "more": 1}])
def test_a_body_of_another_shape_is_refused(account: Account, body: Any) -> None:
    assert account.post("users/export", body).status_code == 400
