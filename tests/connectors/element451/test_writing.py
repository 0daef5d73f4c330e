"""What the Element451 adapter concludes from answers that are not tied to rows."""

from collections.abc import Callable
from typing import Any

import pytest

from syncer.connectors.element451 import Element451Client
from syncer.connectors.errors import FieldRefused, Unexpected, Unreachable
from syncer.core.error_codes.entry import Cause
from syncer.core.records import Value
from tests.connectors.element451.scripted_server import (
    IMPORT,
    KEY,
    Answer,
    Asked,
    Contacts,
    Says,
    answering,
    echo,
    element_id,
    imported,
    in_turn,
    rows,
    sent_rows,
)
from tests.support.memory import element451_field

NAME = element451_field("user-first-name")


def create(client: Element451Client, *keys: str) -> list[Any]:
    return client.create([{KEY: key, "user-first-name": f"Name of {key}"} for key in keys], KEY, [NAME])


def test_created_contacts_are_recognised_by_their_salesforce_id() -> None:
    with answering(Contacts(n7="B")) as server, server.client() as client:
        results = create(client, "A", "B", "C")
        assert client.calls == 2
    assert [(result.record.values[KEY], result.created, result.existing) for result in results] == [
        ("A", True, False),
        ("B", False, True),
        ("C", True, False),
    ]
    assert results[1].id == element_id(7)
    assert [result.refusal for result in results] == [None] * 3


def test_an_update_that_is_not_in_the_answer_is_looked_at_again() -> None:
    warning = {"index": 2, "errors": {"user-dob": ["is not a date"]}}

    def answer(asked: Asked) -> Says:
        if asked.path == IMPORT:
            return imported(updated=[element_id(1)], warnings=[warning])
        return rows(*({"user-elementid": id} for id in asked.body["item"]["users"] if id != element_id(4)))

    with answering(answer) as server, server.client() as client:
        ids = [*(element_id(n) for n in (1, 2, 3, 4)), "junk"]
        done, skipped, warned, gone, junk = client.update([(id, {"user-dob": "2001-02-03"}) for id in ids])
        assert client.write_fault is None
    assert done.refusal is None
    assert skipped.refusal is not None
    assert (skipped.refusal.sentence, skipped.refusal.cause, skipped.deleted) == (
        "Element451 skipped this contact.",
        Cause.PASSING,
        False,
    )
    assert warned.refusal is not None
    assert warned.refusal.sentence == "Element451 refused this contact: user-dob: is not a date"
    assert (warned.refusal.cause, warned.refusal.fields) == (Cause.LASTING, ("user-dob",))
    assert (gone.deleted, junk.deleted) == (True, True)
    reads = [asked.body["item"]["users"] for asked in server.asked if asked.path == "users/export"]
    assert reads == [[element_id(2), element_id(3), element_id(4)], [element_id(4)]]


@pytest.mark.parametrize("errors", [{"user-dob": ["is not a date"]}, "something is wrong"])
def test_a_warning_about_a_contact_that_was_updated_all_the_same_is_told(errors: object) -> None:
    warning = {"index": 0, "errors": errors}
    replies = in_turn(imported(updated=[element_id(1)], warnings=[warning]))
    with answering(replies) as server, server.client() as client:
        (warned,) = client.update([(element_id(1), {"user-dob": "never"})])
        assert len(server.asked) == 1
    assert warned.refusal is None
    assert warned.left_out is not None
    named = ("user-dob",) if isinstance(errors, dict) else ()
    assert (warned.left_out.code, warned.left_out.fields) == ("IMPORT_WARNING", named)


def test_a_warning_about_a_contact_that_was_created_all_the_same_is_told() -> None:
    def answer(asked: Asked) -> Says:
        if asked.path == IMPORT:
            warning = {"index": 1, "errors": {"user-first-name": ["is odd"]}}
            return imported(created=[element_id(1), element_id(2)], warnings=[warning])
        names = {element_id(1): "A", element_id(2): "B"}
        return rows(*({"user-elementid": id, KEY: names[id]} for id in asked.body["item"]["users"]))

    with answering(answer) as server, server.client() as client:
        well, warned = create(client, "A", "B")
    assert (well.created, well.left_out) == (True, None)
    assert (warned.created, warned.id) == (True, element_id(2))
    assert warned.left_out is not None
    assert warned.left_out.fields == ("user-first-name",)


def test_an_update_that_creates_somebody_stops_the_imports() -> None:
    replies = in_turn(imported(updated=[element_id(1)], created=[element_id(99)]), imported())
    names = [(1, "A"), (2, "B"), (1, "C")]
    pairs: list[tuple[str, dict[str, Value]]] = [
        (element_id(number), {"user-first-name": name}) for number, name in names
    ]
    with answering(replies) as server, server.client() as client:
        done, odd, unsent = client.update(pairs)
        assert isinstance(client.write_fault, Unexpected)
        assert client.write_fault.detail == element_id(99)
        assert len(server.asked) == 1
    assert done.refusal is None
    assert odd.refusal is not None
    assert (odd.refusal.sentence, odd.refusal.cause) == (client.write_fault.sentence, Cause.LASTING)
    assert unsent.refusal is not None
    assert (unsent.refusal.sentence, unsent.refusal.cause, unsent.refusal.code) == (
        client.write_fault.sentence,
        Cause.PASSING,
        client.write_fault.code,
    )


def test_results_of_what_was_sent_survive_a_fault_that_comes_midway() -> None:
    def answer(asked: Asked) -> Says:
        return Says({}, 503) if sent_rows(asked)[0]["user-first-name"] == "C" else echo(asked)

    with answering(answer) as server, server.client() as client:
        results = client.update([(element_id(1), {"user-first-name": name}) for name in ("A", "B", "C", "D")])
        assert isinstance(client.write_fault, Unreachable)
        assert len(server.asked) == 2 + 3
        client.update([(element_id(1), {"user-first-name": "A"})])
        assert client.write_fault is None
    assert [result.refusal and result.refusal.cause for result in results] == [
        None,
        None,
        Cause.PASSING,
        Cause.PASSING,
    ]


def test_a_fault_before_anything_is_answered_is_raised() -> None:
    message = Says({"message": "there is no user field 'user-first-name'."}, 400)
    with answering(in_turn(message)) as server, server.client() as client, pytest.raises(FieldRefused):
        client.update([(element_id(1), {"user-first-name": "A"})])


def test_a_lost_reply_is_repeated_and_marks_the_results_as_uncertain() -> None:
    contacts = Contacts()
    lost = [True]

    def answer(asked: Asked) -> Says:
        says = contacts(asked)
        return Says(status=0) if lost and lost.pop() else says

    with answering(answer) as server, server.client() as client:
        (result,) = create(client, "A")
    assert (result.created, result.existing, result.uncertain) == (False, True, True)
    assert list(contacts.keys.values()) == ["A"]


def no_answer_about(key: str, found: bool) -> Answer:
    contacts = Contacts(n7=key) if found else Contacts()

    def answer(asked: Asked) -> Says:
        return imported() if asked.path == IMPORT else contacts(asked)

    return answer


def test_a_creation_that_the_answer_forgets_is_looked_up() -> None:
    with answering(no_answer_about("A", found=True)) as server, server.client() as client:
        (result,) = create(client, "A")
    assert (result.id, result.existing, result.refusal) == (element_id(7), True, None)
    assert result.record.values[KEY] == "A"
    with answering(no_answer_about("A", found=False)) as server, server.client() as client:
        (result,) = create(client, "A")
    assert (result.refusal.sentence, result.refusal.cause) == (
        "Element451 did not say what became of this contact.",
        Cause.PASSING,
    )


def test_two_contacts_with_the_salesforce_id_are_for_a_person_to_merge() -> None:
    def answer(asked: Asked) -> Says:
        return (
            imported()
            if asked.path == IMPORT
            else rows(*({"user-elementid": element_id(n), KEY: "A"} for n in (1, 2)))
        )

    with answering(answer) as server, server.client() as client:
        (result,) = create(client, "A")
    assert (result.refusal.code, result.refusal.cause) == ("AMBIGUOUS", Cause.LASTING)


def test_a_warned_creation_is_refused_with_element451s_words() -> None:
    warnings = [
        {"index": 0, "errors": {"user-first-name": ["is too long", "is odd"]}},
        {"index": 1, "errors": "no reason"},
    ]
    with answering(in_turn(imported(warnings=warnings))) as server, server.client() as client:
        first, second = create(client, "A", "B")
        assert client.calls == 1
    assert first.refusal.detail == "user-first-name: is too long; user-first-name: is odd"
    assert (second.refusal.detail, second.refusal.cause) == ("no reason", Cause.LASTING)


ODD: list[tuple[Any, str]] = [
    ({}, "did not say"),
    ({"data": None}, "did not say"),
    ({"data": {"error": "The import failed.", "result": {}}}, "did not say"),
]


@pytest.mark.parametrize(("content", "words"), ODD)
def test_an_answer_that_says_nothing_of_the_rows_is_unexpected(content: Any, words: str) -> None:
    act: list[Callable[[Element451Client], object]] = [
        lambda c: create(c, "A"),
        lambda c: c.update([(element_id(1), {"user-first-name": "A"})]),
    ]
    with answering(in_turn(Says(content, 201))) as server, server.client() as client:
        for write in act:
            with pytest.raises(Unexpected, match=words):
                write(client)


def test_creations_whose_reading_back_fails_are_tried_again_later_and_only_these() -> None:
    contacts = Contacts()

    def answer(asked: Asked) -> Says:
        item = asked.body["item"]
        return (
            Says({}, 503)
            if element_id(1000) in item.get("users", []) or "segment" in item
            else contacts(asked)
        )

    with answering(answer) as server, server.client() as client:
        results = create(client, *(f"K{number:03d}" for number in range(120)))
        assert isinstance(client.write_fault, Unreachable)
    done = [result for result in results if result.refusal is None]
    assert len(done) == 70
    assert {result.refusal.cause for result in results if result.refusal} == {Cause.PASSING}
