"""Conversations: what people do with them, and how they are exported."""

import pytest

from tests.sandbox.account import EVERYBODY, Account, Json, columns, segment

NOBODY = "0" * 24
ALL = segment("conversation-updated-at", "$gte", "1970-01-01T00:00:00+00:00", "conversations")


@pytest.fixture
def account(account: Account) -> Account:
    account.control("clock", {"now": "2030-01-01T12:00:00Z"})
    return account


def conversation(account: Account, id: str) -> Json:
    found: Json = account.person("GET", f"conversations/{id}").json()
    return found


def test_conversations_are_exported_like_contacts(account: Account) -> None:
    who = account.add(first_name="Ada")
    id = account.add_conversation(
        user_elementid=who, channel="sms", subject="Hi", tags=["visit"], transcript="x" * 200_000
    )
    slugs = [
        "conversation-user-elementid",
        "conversation-channel",
        "conversation-status",
        "conversation-is-anonymous",
        "conversation-transcript",
    ]
    answer = account.export(slugs, "conversations/export", conversations=[id, NOBODY])
    expected: Json = {
        "conversation-id": id,
        "conversation-user-elementid": who,
        "conversation-channel": "sms",
        "conversation-status": "open",
    }
    assert answer["data"] == [
        {**expected, "conversation-is-anonymous": False, "conversation-transcript": "x" * 200_000}
    ]
    assert (
        account.export(slugs, "conversations/export", segment=ALL, per_page=50, last_id=None)["data"]
        == answer["data"]
    )


@pytest.mark.parametrize(
    "item",
    [
        {**columns("conversation-subject"), "users": [NOBODY]},
        {**columns("user-first-name"), "conversations": [NOBODY]},
        {**columns("conversation-subject"), "conversations": [NOBODY] * 51},
        {**columns("conversation-subject"), "segment": EVERYBODY},
        {**columns("conversation-subject"), "segment": ALL, "per_page": 51},
    ],
)
def test_a_conversation_export_that_the_contract_does_not_allow_is_refused(
    account: Account, item: Json
) -> None:
    assert account.post("conversations/export", {"item": item}).status_code == 400


def test_an_anonymous_conversation_may_get_its_contact_later(account: Account) -> None:
    account.control("options", {"element451_empties": "blank"})
    id, who = account.add_conversation(channel="messenger"), account.add(first_name="Ada")
    slugs = ["conversation-user-elementid", "conversation-is-anonymous"]
    (row,) = account.export(slugs, "conversations/export", conversations=[id])["data"]
    assert row == {
        "conversation-id": id,
        "conversation-user-elementid": "",
        "conversation-is-anonymous": True,
    }
    assert account.person("POST", f"conversations/{id}/attach", {"contact": NOBODY}).status_code == 400
    attached = account.person("POST", f"conversations/{id}/attach", {"contact": who}).json()
    assert (attached["conversation-user-elementid"], attached["conversation-is-anonymous"]) == (who, False)


def test_a_closed_conversation_reopens_with_a_new_message(account: Account) -> None:
    id = account.add_conversation(transcript="Hello.")
    assert account.person("POST", f"conversations/{id}/close").json()["conversation-status"] == "closed"
    account.control("clock", {"now": "2030-01-02T12:00:00Z"})
    again = account.person("POST", f"conversations/{id}/reopen", {"message": "Still there?"}).json()
    assert (
        again["conversation-status"],
        again["conversation-transcript"],
        again["conversation-message-count"],
    ) == (
        "open",
        "Hello.\nStill there?",
        2,
    )
    assert again["conversation-last-activity-at"].startswith("2030-01-02")
    assert again["conversation-updated-at"].startswith("2030-01-02")


def test_conversations_can_be_edited_and_deleted(account: Account) -> None:
    id = account.add_conversation(subject="Hi")
    assert (
        account.person("PATCH", f"conversations/{id}", {"conversation-assigned-to": "Dana"}).json()[
            "conversation-assigned-to"
        ]
        == "Dana"
    )
    assert (
        account.person("PATCH", f"conversations/{id}", {"conversation-user-elementid": NOBODY}).status_code
        == 400
    )
    assert account.person("DELETE", f"conversations/{id}").status_code == 200
    assert account.export(["conversation-subject"], "conversations/export", segment=ALL)["data"] == []
