"""What people do with contacts, and how it shows in exports and in the journal."""

import pytest

from tests.sandbox.account import EVERYBODY, Account, Json, segment

NOBODY = "0" * 24
ALL = segment("conversation-updated-at", "$gte", "1970-01-01T00:00:00+00:00", "conversations")


@pytest.fixture
def account(account: Account) -> Account:
    account.control("clock", {"now": "2030-01-01T12:00:00Z"})
    return account


def conversation(account: Account, id: str) -> Json:
    found: Json = account.person("GET", f"conversations/{id}").json()
    return found


def test_an_edit_shows_in_the_export_and_moves_the_time_of_update(account: Account) -> None:
    id = account.add(first_name="Ada", last_name="Lovelace", dob="1815-12-10")
    account.control("clock", {"now": "2030-01-02T12:00:00Z"})
    edited = account.person(
        "PATCH",
        f"contacts/{id}",
        {"user-last-name": "Byron", "user-dob": None, "user-race-categories": ["White"]},
    ).json()
    assert edited == {
        "user-elementid": id,
        "user-first-name": "Ada",
        "user-last-name": "Byron",
        "user-race-categories": ["White"],
        "user-updated-at": edited["user-updated-at"],
    }
    assert edited["user-updated-at"].startswith("2030-01-02T12:00:0")
    line = account.journal()[-1]
    assert (line["by"], line["operation"], line["object"], line["id"]) == ("person", "update", "contact", id)
    assert line["fields"] == {"user-last-name": "Byron", "user-dob": None, "user-race-categories": ["White"]}


def test_the_system_may_be_made_to_calculate_what_nobody_can_import(account: Account) -> None:
    id = account.add(first_name="Ada")
    account.person("PATCH", f"contacts/{id}", {"user-calculated-furthest_funnel_stage": "admit"})
    assert (
        account.export(["user-calculated-furthest_funnel_stage"], users=[id])["data"][0][
            "user-calculated-furthest_funnel_stage"
        ]
        == "admit"
    )


@pytest.mark.parametrize(
    "values",
    [
        {"user-nothing": 1},
        {"conversation-subject": "x"},
        {"user-elementid": NOBODY},
        {"user-updated-at": "x"},
        {"user-dob": "soon"},
        {"user-gender": "Q"},
    ],
)
def test_a_value_that_does_not_fit_is_refused(account: Account, values: Json) -> None:
    id = account.add(first_name="Ada")
    before = account.contact(id)
    assert account.person("PATCH", f"contacts/{id}", values).status_code == 400
    assert account.person("POST", "contacts", values).status_code == 400
    assert account.contact(id) == before


def test_a_deleted_contact_is_gone_and_its_conversations_go_on_naming_it(account: Account) -> None:
    id = account.add(first_name="Ada")
    conversation_id = account.add_conversation(user_elementid=id)
    assert account.person("DELETE", f"contacts/{id}").json() == {}
    assert account.person("GET", f"contacts/{id}").status_code == 400
    assert account.export(["user-first-name"], segment=EVERYBODY)["data"] == []
    assert conversation(account, conversation_id)["conversation-user-elementid"] == id
    assert (account.journal()[-1]["operation"], account.journal()[-1]["id"]) == ("delete", id)


def test_merging_keeps_the_masters_id_and_deletes_the_other(account: Account) -> None:
    master, loser = (
        account.add(first_name="Ada", last_name="L"),
        account.add(first_name="A.", identities_salesforceid="003A", dob="1815-12-10"),
    )
    conversation_id = account.add_conversation(user_elementid=loser)
    account.control("clock", {"now": "2030-01-02T12:00:00Z"})
    merged = account.person("POST", f"contacts/{master}/merge", {"loser": loser}).json()
    assert (merged["user-elementid"], merged["user-first-name"], merged["user-identities-salesforceid"]) == (
        master,
        "Ada",
        "003A",
    )
    assert merged["user-updated-at"].startswith("2030-01-02")
    assert account.export(["user-first-name"], users=[loser])["data"] == []
    assert conversation(account, conversation_id)["conversation-user-elementid"] == master
    assert conversation(account, conversation_id)["conversation-updated-at"].startswith("2030-01-02")


def test_a_master_with_a_salesforce_id_keeps_its_own(account: Account) -> None:
    master, loser = account.add(identities_salesforceid="003M"), account.add(identities_salesforceid="003L")
    account.person("POST", f"contacts/{master}/merge", {"loser": loser})
    assert account.contact(master)["user-identities-salesforceid"] == "003M"
    for odd in (master, loser, NOBODY):
        assert account.person("POST", f"contacts/{master}/merge", {"loser": odd}).status_code == 400


def test_all_records_can_be_listed_in_one_plain_spelling(account: Account) -> None:
    ids = sorted(account.add(first_name=name) for name in ("A", "B"))
    conversation_id = account.add_conversation(subject="Hi")
    assert [row["user-elementid"] for row in account.person("GET", "contacts").json()] == ids
    assert [row["conversation-id"] for row in account.person("GET", "conversations").json()] == [
        conversation_id
    ]
    listed = account.session.get(
        f"{account.url}/_sandbox/records?system=element451&object=contact", timeout=10
    ).json()
    assert listed == account.person("GET", "contacts").json()


def test_a_reset_leaves_an_empty_account_with_a_fresh_catalogue(account: Account) -> None:
    account.add(first_name="A")
    account.person("POST", "field", {"action": "remove", "slug": "user-dob"})
    account.control("reset", {})
    assert account.person("GET", "contacts").json() == []
    assert "user-dob" in {row["slug"] for row in account.get("mappings?limit=500").json()["data"]}
