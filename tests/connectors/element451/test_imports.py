"""What the Element451 adapter sends, and in how many calls."""

from typing import Any

import pytest

from syncer.connectors.element451 import Element451Client
from syncer.connectors.errors import Unexpected
from syncer.core.error_codes.entry import Cause
from tests.connectors.element451.scripted_server import (
    IMPORT,
    KEY,
    Asked,
    Contacts,
    Says,
    answering,
    echo,
    element_id,
    imported,
    imports,
    in_turn,
    rows,
    sent_rows,
)
from tests.support.memory import element451_field

NAME = element451_field("user-first-name")


def create(client: Element451Client, *keys: str) -> list[Any]:
    return client.create([{KEY: key, "user-first-name": f"Name of {key}"} for key in keys], KEY, [NAME])


def test_ten_thousand_creations_cost_twenty_imports_and_two_hundred_reads() -> None:
    found: dict[str, str] = {}

    def answer(asked: Asked) -> Says:
        if asked.path == IMPORT:
            new = {element_id(int(row[KEY])): row[KEY] for row in sent_rows(asked)}
            found.update(new)
            return imported(created=sorted(new, reverse=True))
        return rows(*({"user-elementid": id, KEY: found[id]} for id in asked.body["item"]["users"]))

    with answering(answer) as server, server.client() as client:
        results = create(client, *(str(number) for number in range(1, 10_001)))
        assert (len(imports(server)), client.calls) == (20, 220)
    assert [result.id for result in results] == [element_id(number) for number in range(1, 10_001)]


def test_a_creation_skips_empty_cells_and_an_update_empties_fields() -> None:
    with answering(Contacts()) as server, server.client() as client:
        client.create(
            [
                {KEY: "A", "user-first-name": None, "user-sms-updates": True},
                {KEY: "B", "user-custom-visits": 3},
            ],
            KEY,
            [NAME],
        )
    (asked,) = imports(server)
    columns = {
        column["slug"]: (column["range"], column["empty"])
        for column in asked.body["item"]["template"]["columns"]
    }
    assert columns == {
        KEY: (["unique"], "skip"),
        "user-first-name": ([], "skip"),
        "user-sms-updates": ([], "skip"),
        "user-custom-visits": ([], "skip"),
    }
    assert sent_rows(asked)[1] == {
        KEY: "B",
        "user-first-name": None,
        "user-sms-updates": None,
        "user-custom-visits": 3,
    }
    with answering(in_turn(imported(updated=[element_id(1)]))) as server, server.client() as client:
        client.update(
            [(element_id(1), {"user-first-name": None, "user-race-categories": ["Asian", "White"]})]
        )
    (asked,) = imports(server)
    columns = {
        column["slug"]: (column["range"], column["empty"])
        for column in asked.body["item"]["template"]["columns"]
    }
    assert columns == {
        "user-elementid": (["unique"], "skip"),
        "user-first-name": ([], "null"),
        "user-race-categories": ([], "null"),
    }
    assert sent_rows(asked) == [
        {"user-elementid": element_id(1), "user-first-name": None, "user-race-categories": ["Asian", "White"]}
    ]


def test_updates_with_other_columns_travel_in_other_calls_so_that_nothing_is_emptied_by_accident() -> None:
    with answering(echo) as server, server.client() as client:
        results = client.update(
            [
                (element_id(n), {"user-first-name": "A"} if n % 2 else {"user-last-name": "B"})
                for n in range(1, 7)
            ]
        )
    assert [len(asked.body["item"]["template"]["columns"]) for asked in imports(server)] == [2, 2]
    assert all(len(row) == 2 for asked in imports(server) for row in sent_rows(asked))
    assert [result.id for result in results] == [element_id(n) for n in range(1, 7)]


def test_a_contact_that_is_updated_twice_is_never_twice_in_a_call_and_ends_with_the_last_value() -> None:
    with answering(echo) as server, server.client() as client:
        client.update([(element_id(1), {"user-first-name": name}) for name in ("first", "second", "third")])
    assert [[row["user-first-name"] for row in sent_rows(asked)] for asked in imports(server)] == [
        ["first"],
        ["second"],
        ["third"],
    ]


def test_a_salesforce_id_that_is_created_twice_is_never_twice_in_a_call() -> None:
    with answering(Contacts()) as server, server.client() as client:
        first, second = create(client, "A", "A")
        assert len(imports(server)) == 2
    assert (first.created, second.created, second.existing) == (True, False, True)
    assert first.id == second.id


def test_five_hundred_and_one_updates_are_two_calls() -> None:
    with answering(echo) as server, server.client() as client:
        client.update([(element_id(n), {"user-first-name": "A"}) for n in range(501)])
    assert sorted(len(sent_rows(asked)) for asked in imports(server)) == [1, 500]


def test_an_import_that_is_too_large_is_sent_in_halves() -> None:
    def answer(asked: Asked) -> Says:
        return Says({"message": "Too large."}, 413) if len(sent_rows(asked)) > 2 else echo(asked)

    with answering(answer) as server, server.client() as client:
        results = client.update([(element_id(n), {"user-first-name": "A"}) for n in range(5)])
        assert client.write_fault is None
        assert [len(sent_rows(asked)) for asked in imports(server)] == [5, 2, 3, 1, 2]
    assert [(result.id, result.refusal) for result in results] == [(element_id(n), None) for n in range(5)]


def test_before_send_is_called_before_each_import_and_again_before_a_repetition() -> None:
    moments: list[int] = []
    replies = in_turn(Says({}, 503), imported(updated=[element_id(1)]))
    with (
        answering(replies) as server,
        server.client(before_send=lambda: moments.append(len(server.asked))) as client,
    ):
        client.update([(element_id(1), {"user-first-name": "A"})])
    assert moments == [0, 1]


def test_what_before_send_raises_ends_the_writing() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with answering(echo) as server, server.client(before_send=stop) as client:
        with pytest.raises(KeyboardInterrupt):
            client.update([(element_id(n), {"user-first-name": "A"}) for n in range(1200)])
        assert server.asked == []


def test_a_contact_without_a_salesforce_id_is_not_sent() -> None:
    with answering(Contacts()) as server, server.client() as client:
        results = client.create([{KEY: None}, {}, {KEY: " "}], KEY, [NAME])
        assert client.calls == 0
    assert [result.refusal and result.refusal.code for result in results] == ["NO_KEY"] * 3


def test_only_contacts_are_read_back_with_the_fields_asked_for() -> None:
    with answering(Contacts()) as server, server.client() as client:
        create(client, "A")
    export = next(asked for asked in server.asked if asked.path == "users/export")
    assert {column["slug"] for column in export.body["item"]["template"]["columns"]} == {KEY, NAME.key}


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_row_in_whose_company_every_import_is_refused_fails_alone(status: int) -> None:
    def answer(asked: Asked) -> Says:
        spoiled = any(row["user-first-name"] == "spoils" for row in sent_rows(asked))
        return Says({"message": "The import cannot be read."}, status) if spoiled else echo(asked)

    with answering(answer) as server, server.client() as client:
        names = ["spoils" if n == 77 else "Ann" for n in range(100)]
        results = client.update([(element_id(n), {"user-first-name": name}) for n, name in enumerate(names)])
        assert client.write_fault is None
    refused = {n: result.refusal for n, result in enumerate(results) if result.refusal}
    assert {(n, refusal.code, refusal.cause) for n, refusal in refused.items()} == {
        (77, "IMPORT_WARNING", Cause.LASTING)
    }


def test_a_row_of_a_creation_that_spoils_its_import_fails_alone() -> None:
    contacts = Contacts()

    def answer(asked: Asked) -> Says:
        spoiled = asked.path == IMPORT and any(row[KEY] == "B" for row in sent_rows(asked))
        return Says({"message": "The import cannot be read."}, 400) if spoiled else contacts(asked)

    with answering(answer) as server, server.client() as client:
        results = create(client, "A", "B", "C")
        assert client.write_fault is None
    assert [(result.created, result.refusal and result.refusal.code) for result in results] == [
        (True, None),
        (False, "IMPORT_WARNING"),
        (True, None),
    ]


def test_imports_that_are_refused_whatever_they_hold_stop_the_writing_and_name_no_record() -> None:
    refusal = Says({"message": "The import cannot be read."}, 400)
    with answering(lambda asked: refusal) as server, server.client() as client:
        with pytest.raises(Unexpected):
            client.update([(element_id(n), {"user-first-name": "A"}) for n in range(500)])
        assert client.calls < 60


def test_what_an_import_overwrites_is_read_right_before_it_fifty_contacts_a_call() -> None:
    def answer(asked: Asked) -> Says:
        if asked.path == IMPORT:
            return echo(asked)
        return rows(*({"user-elementid": id, NAME.key: f"old {id}"} for id in asked.body["item"]["users"]))

    with answering(answer) as server, server.client() as client:
        ids = [element_id(n) for n in range(1_200)]
        results = client.update([(id, {NAME.key: "New"}) for id in ids], [NAME])
        assert (len(imports(server)), client.calls) == (3, 3 + 24)
        assert server.paths()[0] != IMPORT
    assert [result.before for result in results] == [{NAME.key: f"old {id}"} for id in ids]


def test_nothing_is_overwritten_where_it_cannot_be_read_before() -> None:
    def answer(asked: Asked) -> Says:
        return echo(asked) if asked.path == IMPORT else Says({"message": "The segment is broken."}, 400)

    with answering(answer) as server, server.client() as client:
        with pytest.raises(Unexpected):
            client.update([(element_id(1), {NAME.key: "New"})], [NAME])
        assert imports(server) == []


def test_a_contact_that_is_missing_from_the_reading_is_updated_all_the_same() -> None:
    def answer(asked: Asked) -> Says:
        return echo(asked) if asked.path == IMPORT else rows()

    with answering(answer) as server, server.client() as client:
        (result,) = client.update([(element_id(1), {NAME.key: "New"})], [NAME])
    assert (result.refusal, result.before) == (None, None)
