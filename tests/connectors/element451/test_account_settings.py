"""An account that differs from what is assumed of Element451 is told by settings of its connection: nothing
else of the program notices (contracts/element451.md A2, A7, A8, A9)."""

from datetime import UTC, datetime

import pytest

from syncer.connectors.element451 import Element451Client
from syncer.connectors.element451.account_settings import AccountSettings, BadSetting
from syncer.connectors.errors import FieldRefused
from syncer.core.records import Kind
from syncer.core.trust.verdict import State
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN

OTHER = {
    "conversations_path": "talks/export",
    "conversation_id": "talk-id",
    "conversation_contact": "talk-user-elementid",
    "conversation_stamp": "talk-updated-at",
    "contact_stamp": "user-changed-at",
}


def client(sandbox: RunningSandbox, **settings: object) -> Element451Client:
    return Element451Client(f"{sandbox.url}/v2", FEATURE_TOKEN, account=AccountSettings.of(settings))


def everybody(sandbox: RunningSandbox) -> list[str]:
    rows = sandbox.records("contact", system="element451", fields=["user-elementid"])
    return [str(row["user-elementid"]) for row in rows]


def disproved(client: Element451Client, contact: str | None = None) -> list[str]:
    return [verdict.check for verdict in client.examine(contact) if verdict.state is State.DISPROVED]


def test_other_words_are_translated_both_ways(sandbox: RunningSandbox) -> None:
    sandbox.reset(contacts=20, conversations=10)
    with client(sandbox) as usual:
        fields = {field.key: field for field in usual.catalogue()}
        wanted = [fields[slug] for slug in ("conversation-user-elementid", "conversation-updated-at")]
        before = list(usual.changed(Kind.CONVERSATION, wanted, None, None))
    sandbox.options(element451_words="other")
    with client(sandbox, **OTHER) as made:
        assert {"conversation-id", "user-updated-at"} <= {field.key for field in made.catalogue()}
        after = list(made.changed(Kind.CONVERSATION, wanted, None, None))
        assert [page.records for page in after] == [page.records for page in before]
        since = datetime(1990, 1, 1, tzinfo=UTC)
        found = [record.id for page in made.changed(Kind.CONTACT, [], since, None) for record in page.records]
    assert found == everybody(sandbox)


def test_the_doctor_disproves_the_usual_words_and_proves_those_that_are_set(sandbox: RunningSandbox) -> None:
    sandbox.reset(contacts=20, conversations=10)
    sandbox.options(element451_words="other")
    with client(sandbox) as usual, client(sandbox, **OTHER) as made:
        assert "conversations" in disproved(usual)
        assert disproved(made) == []


def test_a_refused_field_is_named_as_it_is_known_here(sandbox: RunningSandbox) -> None:
    sandbox.reset(contacts=2, conversations=2)
    wrong = {**OTHER, "conversation_contact": "talk-nobody"}
    with client(sandbox) as usual:
        fields = [field for field in usual.catalogue() if field.key == "conversation-user-elementid"]
    sandbox.options(element451_words="other")
    with client(sandbox, **wrong) as made, pytest.raises(FieldRefused) as refused:
        list(made.changed(Kind.CONVERSATION, fields, None, None))
    assert refused.value.fields == ("conversation-user-elementid",)


def test_the_word_that_empties_a_field_is_a_setting(sandbox: RunningSandbox) -> None:
    made = sandbox.create_element451("contact", **{"user-preferred-name": "Ada"})
    sandbox.options(element451_empty_cells="only_remove")
    with client(sandbox) as usual, client(sandbox, empty_cell="remove") as other:
        assert disproved(usual, made) == ["empty cells"]
        assert disproved(other, made) == []


def test_pages_are_as_large_as_the_settings_say(sandbox: RunningSandbox) -> None:
    sandbox.reset(contacts=9, conversations=0)
    with client(sandbox, read_size=2, search_size=4, field_list_size=7) as made:
        fields = [field for field in made.catalogue() if field.key == "user-first-name"]
        sandbox.reset_counters()
        found = [
            record.id for page in made.changed(Kind.CONTACT, fields, None, None) for record in page.records
        ]
    assert found == everybody(sandbox)
    calls, count = sandbox.counters()["calls"]["element451"], len(found)
    assert calls["export"] == -(-count // 2)
    assert calls["search"] - -(-count // 4) in (0, 1)  # a page without rows may follow


@pytest.mark.parametrize(
    "given",
    [
        {"no_such": "x"},
        {"read_size": 51},
        {"read_size": "many"},
        {"import_size": 0},
        {"empty_cell": "delete"},
        {"conversations_path": "https://elsewhere.example/"},
        {"conversations_path": "../mappings"},
        {"contact_stamp": "<mapping:x>"},
        {"conversation_id": "conversation-updated-at"},
    ],
)
def test_a_setting_that_cannot_be_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(BadSetting):
        AccountSettings.of(given)
