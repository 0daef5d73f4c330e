"""Writing contacts into the imitation account: what is matched, stored, skipped and refused."""

from typing import Any

import pytest

from tests.sandbox.account import Account, Json, import_body, import_column

ID = import_column("user-elementid", unique=True, empty="skip")
KEY = import_column("user-identities-salesforceid", unique=True, empty="skip")
FIRST, LAST, EMAIL = (import_column(f"user-{name}") for name in ("first-name", "last-name", "email-address"))


def test_rows_that_match_are_updated_and_the_others_created(account: Account) -> None:
    known = account.add(identities_salesforceid="003A", first_name="Ada", last_name="Old")
    data = account.load([KEY, LAST], ["003A", "New"], ["003B", "Fresh"])
    assert data["stats"] == {"created": 1, "updated": 1}
    assert (data["error"], data["warnings"], data["result"]["updated"]) == (None, [], [known])
    (fresh,) = data["result"]["created"]
    assert account.contact(known)["user-last-name"] == "New"
    assert account.contact(known)["user-first-name"] == "Ada"
    assert (
        account.contact(fresh)["user-identities-salesforceid"],
        account.contact(fresh)["user-last-name"],
    ) == ("003B", "Fresh")


def test_a_creation_that_is_sent_again_finds_the_first_one(account: Account) -> None:
    (id,) = account.load([KEY, LAST], ["003A", "Once"])["result"]["created"]
    again = account.load([KEY, LAST], ["003A", "Twice"])
    assert again["result"] == {"created": [], "updated": [id]}
    twice_in_one = account.load([KEY, LAST], ["003B", "First"], ["003B", "Second"])
    assert twice_in_one["stats"]["created"] == 1
    assert account.contact(twice_in_one["result"]["created"][0])["user-last-name"] == "Second"


def test_an_update_of_an_id_that_nobody_has_is_skipped_with_a_warning(account: Account) -> None:
    known = account.add(last_name="Old")
    data = account.load([ID, LAST], ["0" * 24, "Lost"], [known, "New"], ["not an id", "Lost"])
    assert data["result"] == {"created": [], "updated": [known]}
    assert [warning["index"] for warning in data["warnings"]] == [0, 2]
    assert list(data["warnings"][0]["errors"]) == ["user-elementid"]
    assert len(account.person("GET", "contacts").json()) == 1


def test_the_ids_that_are_answered_do_not_follow_the_rows(account: Account) -> None:
    data = account.load([KEY, LAST], *([f"003{number:04}", "X"] for number in range(40)))
    keys = [account.contact(id)["user-identities-salesforceid"] for id in data["result"]["created"]]
    assert sorted(keys) == [f"003{number:04}" for number in range(40)] != keys


def test_columns_that_match_different_contacts_skip_the_row(account: Account) -> None:
    account.add(identities_salesforceid="003A", email_address="a@x.edu")
    account.add(identities_salesforceid="003B", email_address="b@x.edu")
    unique_email = import_column("user-email-address", unique=True)
    data = account.load(
        [KEY, unique_email, LAST],
        ["003A", "b@x.edu", "Mixed"],
        ["003A", "a@x.edu", "Fits"],
        ["003C", "b@x.edu", "By e-mail"],
    )
    assert data["stats"] == {"created": 0, "updated": 2}
    assert [warning["index"] for warning in data["warnings"]] == [0]
    assert set(data["warnings"][0]["errors"]) == {"user-identities-salesforceid", "user-email-address"}


def test_a_value_that_several_contacts_share_skips_the_row(account: Account) -> None:
    for name in ("A", "B"):
        account.add(first_name=name, email_address="family@x.edu")
    data = account.load([import_column("user-email-address", unique=True), LAST], ["family@x.edu", "Who?"])
    assert (data["stats"], data["warnings"][0]["index"]) == ({"created": 0, "updated": 0}, 0)


def test_a_row_with_nothing_to_match_by_is_skipped(account: Account) -> None:
    data = account.load([KEY, LAST], ["", "Nobody"], [None, "Nobody"])
    assert [warning["index"] for warning in data["warnings"]] == [0, 1]
    assert account.person("GET", "contacts").json() == []


@pytest.mark.parametrize("cell", ["", None, "  ", []])
@pytest.mark.parametrize(
    ("empty", "left", "exported"),
    [("skip", "Old", "Old"), ("null", None, None), ("empty_string", None, ""), ("remove", None, ...)],
)
def test_an_empty_cell_does_what_its_column_says(
    account: Account, cell: Any, empty: str, left: str | None, exported: Any
) -> None:
    id = account.add(last_name="Old", first_name="Ada")
    account.load([ID, import_column("user-last-name", empty=empty), FIRST], [id, cell, "Eve"])
    assert account.contact(id).get("user-last-name") == left
    account.control("options", {"element451_empties": "absent" if exported is ... else "mixed"})
    (row,) = account.export(["user-last-name"], users=[id])["data"]
    assert row.get("user-last-name", ...) == exported


CELLS: list[tuple[str, Any, Any]] = [
    ("user-first-name", 'Zoë 🌸 "Bob", O\'Neil', 'Zoë 🌸 "Bob", O\'Neil'),
    ("user-first-name", 12, "12"),
    ("user-first-name", True, "true"),
    ("user-addresses-home-zip", "02134", "02134"),
    ("user-custom-advisor-notes", "x" * 5000, "x" * 5000),
    ("user-custom-campus-visits", "7", 7),
    ("user-custom-campus-visits", -7, -7),
    ("user-custom-gpa", "3.50", 3.5),
    ("user-custom-gpa", 3, 3.0),
    ("user-sms-updates", "Yes", True),
    ("user-sms-updates", False, False),
    ("user-sms-updates", 0, False),
    ("user-dob", "2000-02-29", "2000-02-29"),
    ("user-custom-last-advised-at", "2026-07-01T09:00:00-04:00", "2026-07-01T13:00:00+00:00"),
    ("user-custom-last-advised-at", "2026-07-01T09:00:00", "2026-07-01T13:00:00+00:00"),
    ("user-gender", "F", "F"),
    ("user-custom-campus", "main", "main"),
    ("user-race-categories", ["White", "Asian", "White"], ["Asian", "White"]),
    ("user-race-categories", "White, Asian", ["Asian", "White"]),
    ("user-custom-interests", "Study abroad, exchange,arts", ["arts", "Study abroad, exchange"]),
]


@pytest.mark.parametrize(("slug", "cell", "kept"), CELLS)
def test_cells_are_stored_typed(account: Account, slug: str, cell: Any, kept: Any) -> None:
    id = account.add(last_name="A")
    assert account.load([ID, import_column(slug)], [id, cell])["warnings"] == []
    found = account.contact(id)[slug]
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("slug", "cell"),
    [
        ("user-first-name", "x" * 256),
        ("user-first-name", ["A"]),
        ("user-first-name", {"a": 1}),
        ("user-custom-campus-visits", "3.5"),
        ("user-custom-campus-visits", 3.5),
        ("user-custom-campus-visits", True),
        ("user-custom-campus-visits", "many"),
        ("user-custom-gpa", "3,5"),
        ("user-custom-gpa", "nan"),
        ("user-sms-updates", "maybe"),
        ("user-sms-updates", 2),
        ("user-dob", "2001-02-30"),
        ("user-dob", "02/03/2001"),
        ("user-dob", "2001-02-03T00:00:00-05:00"),
        ("user-custom-last-advised-at", "2026-07-01"),
        ("user-custom-last-advised-at", "2026-07-01T13:00:00Z"),
        ("user-custom-last-advised-at", "2026-07-01T13:00:00.000+00:00"),
        ("user-gender", "Female"),
        ("user-custom-campus", "Main Campus"),
        ("user-education-term", "Fall 2026"),
        ("user-race-categories", ["Martian"]),
        ("user-race-categories", "Asian;White"),
        ("user-custom-interests", "Arts, music and theatre"),
        ("user-race-categories", [{"checked": True, "text": "Asian"}]),
    ],
)
def test_a_row_that_cannot_be_stored_is_warned_of_and_the_good_rows_are_stored(
    account: Account, slug: str, cell: Any
) -> None:
    id, other = account.add(last_name="A"), account.add(last_name="B")
    data = account.load([ID, LAST, import_column(slug)], [id, "Changed", cell], [other, "Changed", None])
    assert data["result"] == {"created": [], "updated": [other]}
    (warning,) = data["warnings"]
    assert (warning["index"], list(warning["errors"])) == (0, [slug])
    assert all(isinstance(text, str) and text for text in warning["errors"][slug])
    assert [account.contact(who)["user-last-name"] for who in (id, other)] == ["A", "Changed"]


def test_the_time_of_update_moves_even_when_nothing_changes(account: Account) -> None:
    account.control("clock", {"now": "2030-01-01T12:00:00Z"})
    id = account.add(last_name="Same")
    account.control("clock", {"now": "2030-01-02T12:00:00Z"})
    assert account.load([ID, LAST], [id, "Same"])["result"]["updated"] == [id]
    assert account.contact(id)["user-updated-at"].startswith("2030-01-02T12:00:0")


def test_what_an_import_wrote_stands_in_the_journal(account: Account) -> None:
    id = account.add(last_name="Old", first_name="Ada")
    before = len(account.journal())
    created = account.load([KEY, FIRST, LAST], ["003A", "Eve", ""])["result"]["created"]
    account.load([ID, FIRST, LAST], [id, "Ada", "New"])
    lines = [
        {name: line[name] for name in ("system", "operation", "object", "id", "fields", "by")}
        for line in account.journal()[before:]
    ]
    common = {"system": "element451", "object": "contact", "by": "api"}
    keyed = {"user-identities-salesforceid": "003A", "user-first-name": "Eve", "user-last-name": None}
    assert lines == [
        {**common, "operation": "create", "id": created[0], "fields": keyed},
        {**common, "operation": "update", "id": id, "fields": {"user-last-name": "New"}},
    ]


def test_single_rows_can_be_made_to_fail(account: Account) -> None:
    a, b = account.add(last_name="A"), account.add(last_name="B")
    account.control(
        "faults",
        {"action": "record", "system": "element451", "id": a, "error": {"user-last-name": ["is locked"]}},
    )
    data = account.load([ID, LAST], [a, "New"], [b, "New"])
    assert data["warnings"] == [{"index": 0, "errors": {"user-last-name": ["is locked"]}}]
    assert data["result"]["updated"] == [b]


def test_five_hundred_rows_are_taken_and_one_more_is_not(account: Account) -> None:
    rows = [[f"003{number:04}", "X"] for number in range(501)]
    assert account.post("users/import", import_body([KEY, LAST], *rows)).status_code == 413
    assert account.person("GET", "contacts").json() == []
    assert account.load([KEY, LAST], *rows[:500])["stats"]["created"] == 500


def spoiled(**changes: Any) -> Json:
    return import_body([KEY, {**LAST, **changes}], ["003A", "X"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"item": {"items": []}},
        import_body([KEY, LAST]),
        import_body([], []),
        import_body([FIRST, LAST], ["A", "B"]),
        import_body([KEY, KEY], ["003A", "003A"]),
        {"item": {"template": {"columns": [KEY]}, "items": {"0": "003A"}}},
        {"item": {"template": {"columns": [KEY]}, "items": [["003A"]]}},
        {"item": {"template": {"columns": [KEY]}, "items": [{"0": "003A", "1": "X"}]}},
        {"item": {"template": {"columns": [KEY, LAST]}, "items": [{"0": "003A"}]}},
        {
            "item": {
                "template": {"columns": [{key: value for key, value in KEY.items() if key != "formula"}]},
                "items": [{"0": "003A"}],
            }
        },
        spoiled(mode="name"),
        spoiled(formula="UPPER(A)"),
        spoiled(transformations=["trim"]),
        spoiled(scope=["a"]),
        spoiled(validations=["required"]),
        spoiled(type="text"),
        spoiled(range=["primary"]),
        spoiled(range="unique"),
        spoiled(empty="clear"),
        spoiled(empty=None),
        spoiled(field=None),
        spoiled(width=3),
        spoiled(slug="user-nothing"),
        spoiled(slug="conversation-subject"),
        spoiled(slug="user-elementid"),
        spoiled(slug="user-updated-at"),
        spoiled(slug="user-calculated-engagement_score"),
        spoiled(slug="user-applications-root"),
        spoiled(slug="user-applications-status*"),
        spoiled(slug="user-labels"),
        spoiled(slug="user-addresses-home"),
        spoiled(slug="user-custom-photo"),
        spoiled(slug="user-dob", range=["unique"]),
    ],
)
def test_an_import_that_the_contract_does_not_allow_is_refused_and_stores_nothing(
    account: Account, body: Json
) -> None:
    reply = account.post("users/import", body)
    assert reply.status_code == 400, reply.text
    assert list(reply.json()) == ["message"]
    assert account.person("GET", "contacts").json() == []
