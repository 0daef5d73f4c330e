"""The imitation account's field catalogue, and what an administrator does to it."""

import pytest

from tests.sandbox.account import Account, Json, columns


def catalogue(account: Account) -> dict[str, Json]:
    return {row["slug"]: row for row in account.get("mappings?limit=500").json()["data"]}


def test_pages_are_asked_for_by_limit_and_offset_and_the_total_is_told(account: Account) -> None:
    whole = account.get("mappings?limit=500").json()
    paged: list[Json] = []
    while len(paged) < whole["meta"]["total"]:
        page = account.get(f"mappings?limit=7&offset={len(paged)}").json()
        assert page["meta"] == whole["meta"]
        paged += page["data"]
    assert paged == whole["data"]
    assert account.get("mappings?offset=10000").json()["data"] == []


@pytest.mark.parametrize("query", ["limit=501", "limit=0", "limit=ten", "offset=-1", "offset=x", "page=2"])
def test_a_page_that_the_contract_does_not_know_is_refused(account: Account, query: str) -> None:
    assert account.get(f"mappings?{query}").status_code == 400


def test_every_row_carries_the_keys_of_the_contract(account: Account) -> None:
    for row in catalogue(account).values():
        assert set(row) == {"slug", "name", "type", "entity", "range", "repeater", "read_only", "options"}
        assert row["entity"] == row["slug"].split("-")[0]
        assert all(set(option) == {"name", "value"} for option in row["options"])


def test_the_slugs_that_the_contract_names_are_there(account: Account) -> None:
    rows = catalogue(account)
    expected = {
        "user-elementid": "text",
        "user-identities-salesforceid": "text",
        "user-email-address": "text",
        "user-first-name": "text",
        "user-middle-name": "text",
        "user-last-name": "text",
        "user-preferred-name": "text",
        "user-dob": "date",
        "user-gender": "dropdown",
        "user-phone-cell-number": "text",
        "user-sms-updates": "boolean",
        **{f"user-addresses-home-{part}": "text" for part in ("street1", "street2", "city", "state", "zip")},
        "user-addresses-home-country": "dropdown",
        "user-education-prefered-major": "dropdown",
        "user-education-term": "dropdown",
        "user-education-degree": "dropdown",
        "user-education-student-type": "radio",
        "user-citizenship-country": "dropdown",
        "user-race-categories": "checkbox",
        "user-race-hispanic": "boolean",
        "user-territory": "dropdown",
        "user-sources-source-code": "text",
        "user-updated-at": "datetime",
        "user-calculated-furthest_funnel_stage": "text",
        "user-applications-root": "array",
        "user-labels": "array",
        "conversation-id": "text",
        "conversation-user-elementid": "text",
        "conversation-channel": "dropdown",
        "conversation-status": "dropdown",
        "conversation-subject": "text",
        "conversation-assigned-to": "text",
        "conversation-tags": "checkbox",
        "conversation-created-at": "datetime",
        "conversation-last-activity-at": "datetime",
        "conversation-updated-at": "datetime",
        "conversation-is-anonymous": "boolean",
        "conversation-is-private": "boolean",
        "conversation-message-count": "integer",
        "conversation-transcript": "textarea",
        "conversation-sentiment": "dropdown",
    }
    assert {slug: rows[slug]["type"] for slug in expected} == expected


def test_every_type_of_the_contract_occurs_among_the_fields(account: Account) -> None:
    types = {row["type"] for row in catalogue(account).values()}
    assert types >= {
        "text",
        "textarea",
        "boolean",
        "checkbox",
        "dropdown",
        "radio",
        "date",
        "datetime",
        "integer",
        "float",
        "array",
        "object",
        "upload",
    }


def test_repeaters_and_read_only_fields_are_marked(account: Account) -> None:
    rows = catalogue(account)
    assert (
        {slug for slug in rows if rows[slug]["repeater"]}
        == {slug for slug in rows if slug.endswith(("*", "-root"))}
        != set()
    )
    assert all(
        rows[slug]["read_only"]
        for slug in rows
        if slug.startswith("user-calculated-") or slug in ("user-elementid", "user-updated-at")
    )
    assert not rows["user-first-name"]["read_only"]


def test_stored_values_are_not_labels(account: Account) -> None:
    rows = catalogue(account)
    assert {"name": "United States", "value": "US"} in rows["user-citizenship-country"]["options"]
    assert all(option["value"].startswith("tu.terms.") for option in rows["user-education-term"]["options"])
    assert all(
        option["value"].startswith("tu.majors.")
        for option in rows["user-education-prefered-major"]["options"]
    )


def test_a_removed_field_is_unknown_from_then_on_and_its_values_are_lost(account: Account) -> None:
    id = account.add(custom_high_school="Central", first_name="Ada")
    assert (
        account.person("POST", "field", {"action": "remove", "slug": "user-custom-high-school"}).json() == {}
    )
    assert "user-custom-high-school" not in catalogue(account)
    assert "user-custom-high-school" not in account.contact(id)
    reply = account.post("users/export", {"item": {**columns("user-custom-high-school"), "users": [id]}})
    assert reply.status_code == 400
    assert "user-custom-high-school" in reply.json()["message"]


def test_a_renamed_field_keeps_its_values_under_the_new_slug_and_no_contact_counts_as_changed(
    account: Account,
) -> None:
    id = account.add(custom_high_school="Central")
    before, place = account.contact(id), list(catalogue(account)).index("user-custom-high-school")
    reply = account.person(
        "POST",
        "field",
        {"action": "rename", "slug": "user-custom-high-school", "to": "user-custom-school", "name": "School"},
    )
    assert reply.json()["name"] == "School"
    after = account.contact(id)
    assert (after["user-custom-school"], after["user-updated-at"]) == ("Central", before["user-updated-at"])
    assert list(catalogue(account)).index("user-custom-school") == place


def test_a_retyped_field_keeps_the_values_that_fit(account: Account) -> None:
    fits, does_not = account.add(custom_high_school="12"), account.add(custom_high_school="Central")
    account.person(
        "POST", "field", {"action": "retype", "slug": "user-custom-high-school", "type": "integer"}
    )
    assert account.contact(fits)["user-custom-high-school"] == 12
    assert "user-custom-high-school" not in account.contact(does_not)
    assert catalogue(account)["user-custom-high-school"]["type"] == "integer"


def test_options_can_be_changed_and_fields_added(account: Account) -> None:
    options = [{"name": "North", "value": "n"}]
    account.person("POST", "field", {"action": "options", "slug": "user-custom-campus", "options": options})
    assert catalogue(account)["user-custom-campus"]["options"] == options
    account.person(
        "POST",
        "field",
        {"action": "add", "slug": "user-custom-shoe-size", "name": "Shoe size", "type": "float"},
    )
    assert account.contact(account.add(custom_shoe_size=42.5))["user-custom-shoe-size"] == 42.5


@pytest.mark.parametrize(
    "change",
    [
        {"action": "forget", "slug": "user-dob"},
        {"action": "remove", "slug": "user-nothing"},
        {"action": "remove", "slug": "user-elementid"},
        {"action": "rename", "slug": "user-dob", "to": "user-gender"},
        {"action": "rename", "slug": "user-dob", "to": "Not A Slug"},
        {"action": "retype", "slug": "user-dob", "type": "colour"},
        {"action": "add", "slug": "user-dob", "name": "Again"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(account: Account, change: Json) -> None:
    before = catalogue(account)
    assert account.person("POST", "field", change).status_code == 400
    assert catalogue(account) == before
