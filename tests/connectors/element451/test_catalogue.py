"""Element451's catalogue, whatever its pages hold, and contacts found by a value."""

from syncer.core.records import Kind
from tests.connectors.element451.scripted_server import (
    Asked,
    Says,
    answering,
    element_id,
    in_turn,
    rows,
)
from tests.support.memory import element451_field

NAME = element451_field("user-first-name")


def test_a_catalogue_of_many_pages_is_read_to_its_end() -> None:
    def answer(asked: Asked) -> Says:
        first = int(asked.path.rpartition("=")[2])
        return Says(
            {
                "data": [
                    {"slug": f"user-custom-{number}"} for number in range(first, min(first + 500, 1234))
                ],
                "meta": {"total": 1234},
            }
        )

    with answering(answer) as server, server.client() as client:
        assert len([field for field in client.catalogue() if "custom" in field.key]) == 1234
        assert client.calls == 3


def test_a_catalogue_that_ignores_the_offset_ends_all_the_same() -> None:
    with (
        answering(in_turn(Says({"data": [{"slug": "user-first-name"}]}))) as server,
        server.client() as client,
    ):
        assert client.catalogue()[0].key == "user-first-name"
        assert client.calls == 2


def test_a_row_of_the_catalogue_may_lack_everything_but_its_slug() -> None:
    listed = [
        {"slug": "user-first-name"},
        {"slug": ""},
        {"name": "No slug"},
        {"slug": "user-siblings*", "name": "Siblings"},
        {"slug": "user-applications-root"},
        {"slug": "user-calculated-score", "type": "integer"},
        {
            "slug": "user-gender",
            "type": "dropdown",
            "options": [{"name": "Woman", "value": "F"}, "X", {"name": "Other"}, 7],
        },
        {"slug": "conversation-subject", "read_only": False},
        {"slug": "user-locked", "read_only": True},
        {"slug": "user-identities-salesforceid", "range": None},
    ]
    with answering(in_turn(Says({"data": listed}))) as server, server.client() as client:
        fields = {field.key: field for field in client.catalogue()}
    assert (
        fields["user-first-name"].label,
        fields["user-first-name"].type_name,
        fields["user-first-name"].kind,
    ) == (
        "user-first-name",
        "text",
        Kind.CONTACT,
    )
    assert [key for key, field in fields.items() if field.repeater] == [
        "user-siblings*",
        "user-applications-root",
    ]
    assert not fields["user-calculated-score"].updatable
    assert fields["user-calculated-score"].calculated
    assert fields["user-gender"].options == (("F", "Woman"), ("X", "X"), ("Other", "Other"))
    assert fields["conversation-subject"].kind is Kind.CONVERSATION
    assert not fields["conversation-subject"].creatable
    assert not fields["user-locked"].creatable
    assert [key for key, field in fields.items() if field.unique] == [
        "user-identities-salesforceid",
        "user-elementid",
        "conversation-id",
    ]


def test_many_values_are_found_fifty_at_a_time_on_all_their_pages() -> None:
    def answer(asked: Asked) -> Says:
        item = asked.body["item"]
        wanted = item["segment"]["users"]["filters"]["value"]
        assert len(wanted) <= 50
        first = int(item["last_id"] or "0", 16)
        # Two contacts have each value, and a page has but one of them.
        every = sorted(int(value) * 2 + twin for value in wanted for twin in (0, 1))
        page = [number for number in every if number > first][:50]
        return rows(
            *({"user-elementid": element_id(number), "user-first-name": str(number // 2)} for number in page),
            last=element_id(page[-1]) if page else None,
        )

    values = [str(number) for number in range(1, 121)]
    with answering(answer) as server, server.client() as client:
        found = client.find(NAME, [*values, *values, "", " "], [NAME])
    assert sorted(str(record.values["user-first-name"]) for record in found) == sorted(values * 2)
