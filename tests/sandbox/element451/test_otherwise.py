"""The options by which the imitation account breaks an assumption of its contract."""

import pytest

from tests.sandbox.account import EVERYBODY, Account, columns, import_column

STAMP = "user-updated-at"


def three(account: Account) -> list[str]:
    """Contacts of three hours, in the order of their stamps."""
    made = []
    for hour in (12, 13, 14):
        account.control("clock", {"now": f"2030-01-01T{hour}:00:00Z"})
        made.append(account.add(first_name=f"At {hour}", identities_salesforceid=f"003{hour:015}"))
    return made


@pytest.mark.parametrize(("option", "found"), [("from", [1, 2]), ("after", [2]), ("ignored", [0, 1, 2])])
def test_what_is_found_since_a_moment(account: Account, option: str, found: list[int]) -> None:
    made = three(account)
    account.control("options", {"element451_since": option})
    assert account.find(STAMP, "$gte", "2030-01-01T13:00:00+00:00") == sorted(
        made[number] for number in found
    )


def test_a_segment_may_come_in_the_order_of_changes_and_each_contact_once(account: Account) -> None:
    made = three(account)
    account.control("options", {"element451_order": "changed"})
    seen, last = [], None
    for _ in made:
        page = account.export([STAMP], segment=EVERYBODY, per_page=1, last_id=last)
        seen += [row["user-elementid"] for row in page["data"]]
        last = seen[-1]
    assert seen == made


def test_behind_the_last_page_it_may_begin_anew(account: Account) -> None:
    made = three(account)
    account.control("options", {"element451_last_page": "wraps"})
    page = account.export([STAMP], segment=EVERYBODY, last_id="f" * 24)
    assert [row["user-elementid"] for row in page["data"]] == sorted(made)


def test_empty_may_be_spelt_as_a_word(account: Account) -> None:
    three(account)
    account.control("options", {"element451_empties": "word"})
    rows = account.export(["user-middle-name"], segment=EVERYBODY)["data"]
    assert {row["user-middle-name"] for row in rows} == {"null"}


def test_the_status_of_a_wrong_token_and_the_words_for_an_unknown_column(account: Account) -> None:
    account.control("options", {"element451_wrong_token": 400, "element451_names_fields": False})
    assert account.get("mappings", {"Feature": "wrong"}).status_code == 400
    refusal = account.post("users/export", {"item": {**columns("user-none"), "segment": EVERYBODY}})
    assert refusal.status_code == 400
    assert "user-none" not in refusal.json()["message"]


@pytest.mark.parametrize(("option", "creates"), [("all", []), ("element_id", [1]), ("none", [0, 1])])
def test_the_columns_that_an_import_matches_by(account: Account, option: str, creates: list[int]) -> None:
    made = three(account)
    account.control("options", {"element451_matching": option})
    cells = [("user-elementid", made[0]), ("user-identities-salesforceid", f"003{13:015}")]
    done = [
        account.load([import_column(slug, unique=True), import_column("user-first-name")], [value, "B"])
        for slug, value in cells
    ]
    assert [number for number, data in enumerate(done) if data["result"]["created"]] == creates


@pytest.mark.parametrize(("option", "left"), [("kept", ["A", "A"]), ("emptied", [None, None])])
def test_what_empty_cells_do_whatever_their_columns_say(
    account: Account, option: str, left: list[str | None]
) -> None:
    made = account.add(first_name="A", last_name="A")
    account.control("options", {"element451_empty_cells": option})
    slugs = {"user-first-name": "skip", "user-last-name": "null"}
    given = [import_column(slug, empty=empty) for slug, empty in slugs.items()]
    account.load([import_column("user-elementid", unique=True), *given], [made, None, None])
    kept = account.contact(made)
    assert [kept.get(slug) for slug in slugs] == left


def test_a_row_that_is_not_stored_may_go_without_a_warning(account: Account) -> None:
    made = account.add(first_name="A")
    account.control("options", {"element451_warns": False})
    given = [import_column("user-elementid", unique=True), import_column("user-dob")]
    data = account.load(given, [made, "no day"])
    assert data["warnings"] == []
    assert data["result"] == {"created": [], "updated": []}
    assert account.find("user-first-name", "$eq", "A") == [made]
