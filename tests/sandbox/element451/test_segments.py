"""Finding contacts of the imitation account: inline segments, paging, and searches that answer with ids
only."""

from typing import Any

import pytest

from tests.sandbox.account import EVERYBODY, Account, Json, columns, import_body, import_column, segment


def crowd(account: Account, count: int) -> list[str]:
    given = [import_column("user-identities-salesforceid", unique=True), import_column("user-first-name")]
    rows = [[f"003{number:015}", "A"] for number in range(count)]
    for start in range(0, count, 500):
        assert account.post("users/import", import_body(given, *rows[start : start + 500])).status_code == 201
    return sorted(row["user-elementid"] for row in account.person("GET", "contacts").json())


def test_equal_finds_exactly_that_value(account: Account) -> None:
    ada, _, other = (
        account.add(email_address="Ada@x.edu"),
        account.add(email_address="b@x.edu"),
        account.add(email_address="ada@x.edu"),
    )
    assert account.find("user-email-address", "$eq", "Ada@x.edu") == [ada]
    assert account.find("user-email-address", "$eq", "ada@x.edu") == [other]
    assert account.find("user-email-address", "$eq", "nobody@x.edu") == []


def test_in_finds_any_of_the_values_by_any_field(account: Account) -> None:
    a = account.add(
        identities_salesforceid="003A",
        custom_campus_visits=1,
        race_categories=["Asian", "White"],
        sms_updates=True,
    )
    b = account.add(
        identities_salesforceid="003B", custom_campus_visits=2, race_categories=["White"], sms_updates=False
    )
    account.add(identities_salesforceid="003C", custom_campus_visits=3)
    both = sorted([a, b])
    assert account.find("user-identities-salesforceid", "$in", ["003A", "003B", "003X"]) == both
    assert account.find("user-elementid", "$in", [a, b]) == both
    assert account.find("user-custom-campus-visits", "$in", [1, 2]) == both
    assert account.find("user-race-categories", "$in", ["Asian"]) == [a]
    assert account.find("user-race-categories", "$eq", "White") == both
    assert account.find("user-sms-updates", "$eq", True) == [a]


def test_match_finds_by_regular_expression_and_its_flag_ignores_case(account: Account) -> None:
    a, b = account.add(email_address="Ada@x.edu"), account.add(email_address="ada@y.edu")
    account.add(first_name="Nobody")
    assert account.find("user-email-address", "$match", "/^ada@/") == [b]
    assert account.find("user-email-address", "$match", "/^ada@/i") == sorted([a, b])


def test_since_finds_what_was_updated_then_or_later(account: Account) -> None:
    account.control("clock", {"now": "2030-01-01T12:00:00Z"})
    account.add(first_name="Early")
    account.control("clock", {"now": "2030-01-01T13:00:00Z"})
    late = account.add(first_name="Late")
    assert account.find("user-updated-at", "$gte", "2030-01-01T13:00:00+00:00") == [late]
    assert account.find("user-updated-at", "$gte", "2030-01-01T08:00:00-05:00") == [late]
    assert account.find("user-updated-at", "$gte", "2030-01-01T08:00:00") == [
        late
    ]  # without an offset: the account's zone
    assert account.find("user-updated-at", "$gte", "2030-01-01T14:00:00+01:00") == [late]
    assert account.find("user-updated-at", "$gte", "2030-01-01T13:10:00+00:00") == []


FILTER: Json = {"type": "filter", "target": "<mapping:user-email-address>", "operator": "$eq", "value": "a"}

ODD_VALUES: list[Any] = [None, "", [], {"a": 1}]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"users": {}},
        {"conversations": {"filters": FILTER}},
        {"users": {"filters": [FILTER]}},
        {"users": {"filters": {"type": "group", "operator": "$and", "filters": [FILTER]}}},
        {"users": {"filters": FILTER, "exclude": {}}},
        *(
            {"users": {"filters": {**FILTER, "operator": operator}}}
            for operator in ("$ne", "$lte", "$regex", "eq", None)
        ),
        *(
            {"users": {"filters": {**FILTER, "target": target}}}
            for target in (
                "user-email-address",
                "<mapping:user-nothing>",
                "<mapping:conversation-id>",
                "<mapping:user-applications-root>",
                None,
            )
        ),
        *({"users": {"filters": {**FILTER, "value": value}}} for value in ODD_VALUES),
        segment("user-email-address", "$in", "a@x.edu"),
        segment("user-email-address", "$in", []),
        segment("user-email-address", "$in", [None]),
        segment("user-email-address", "$match", "ada"),
        segment("user-email-address", "$match", "/(/"),
        segment("user-email-address", "$gte", "a"),
        segment("user-dob", "$gte", "2001-01-01"),
        segment("user-updated-at", "$eq", "2030-01-01T13:00:00+00:00"),
        *(
            segment("user-updated-at", "$gte", value)
            for value in ("2030-01-01", "2030-01-01T13:00:00Z", "2030-01-01 13:00:00", "yesterday", 5, None)
        ),
    ],
)
@pytest.mark.parametrize("path", ["users/export", "users/export/search"])
def test_a_segment_that_the_contract_does_not_know_is_refused(
    account: Account, given: Any, path: str
) -> None:
    item: Json = {**columns("user-first-name"), "segment": given}
    assert account.post(path, {"item": item}).status_code == 400


@pytest.mark.parametrize("path", ["users/export", "users/export/search"])
def test_a_stored_segment_is_not_found(account: Account, path: str) -> None:
    item: Json = {**columns("user-first-name"), "segment": "6f1f2b6e-2d3c-4c61-9a5e-000000000000"}
    assert account.post(path, {"item": item}).status_code == 404


@pytest.mark.parametrize("way", ["mixed", "absent", "blank", "extra"])
@pytest.mark.parametrize("count", [0, 3, 50, 60, 100])
def test_pages_follow_each_other_by_id_however_the_last_one_is_marked(
    account: Account, way: str, count: int
) -> None:
    ids = crowd(account, count)
    account.control("options", {"element451_last_page": way})
    read: list[str] = []
    last, pages = None, 0
    while True:
        answer = account.export(["user-first-name"], segment=EVERYBODY, per_page=50, last_id=last)
        read += [row["user-elementid"] for row in answer["data"]]
        last, pages = answer["meta"].get("next_last_id"), pages + 1
        if not answer["data"] or not last:
            break
        assert last == answer["data"][-1]["user-elementid"]
    assert read == ids
    assert pages == max(1, -(-count // 50)) + (way == "extra" and count > 0) or way == "mixed"


def test_all_three_ways_to_mark_the_last_page_are_met(account: Account) -> None:
    crowd(account, 3)
    seen = set()
    for second in range(30):
        since = segment("user-updated-at", "$gte", f"2000-01-01T00:00:{second:02}+00:00")
        meta = account.export(["user-first-name"], segment=since)["meta"]
        seen.add(
            "absent" if "next_last_id" not in meta else "blank" if meta["next_last_id"] == "" else "extra"
        )
    assert seen == {"absent", "blank", "extra"}


def test_a_search_answers_with_up_to_5000_ids(account: Account) -> None:
    ids = crowd(account, 120)
    found = account.post(
        "users/export/search",
        {"item": {"segment": EVERYBODY, "project": ["_id"], "per_page": 5000, "last_id": None}},
    )
    assert found.json()["data"] == [{"_id": id} for id in ids]
    page = account.post(
        "users/export/search", {"item": {"segment": EVERYBODY, "per_page": 7, "last_id": ids[99]}}
    ).json()
    assert ([row["_id"] for row in page["data"]], page["meta"]) == (ids[100:107], {"next_last_id": ids[106]})


def test_a_search_also_takes_the_shape_of_an_export(account: Account) -> None:
    ids = crowd(account, 2)
    reply = account.post(
        "users/export/search", {"item": {**columns("user-first-name"), "segment": EVERYBODY}}
    )
    assert [row["_id"] for row in reply.json()["data"]] == ids


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"users": ["0" * 24]},
        {"segment": EVERYBODY, "per_page": 5001},
        {"segment": EVERYBODY, "project": ["_id", "user-email-address"]},
        {"segment": EVERYBODY, "last_id": "x"},
        {"segment": EVERYBODY, "options": {"column_key": "slug"}},
        {"segment": EVERYBODY, **columns("user-nothing")},
    ],
)
def test_a_search_that_the_contract_does_not_allow_is_refused(account: Account, item: Json) -> None:
    assert account.post("users/export/search", {"item": item}).status_code == 400
