"""Element451's records by id, and its changes in the order of their ids: what odd servers say and do."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from syncer.connectors.element451.reading import CONTACTS_PER_PAGE
from syncer.connectors.errors import Unexpected, Unreachable
from syncer.core.records import Kind, RecordState
from tests.connectors.element451.scripted_server import (
    Asked,
    Says,
    Server,
    answering,
    element_id,
    in_turn,
    rows,
)
from tests.support.memory import element451_field

NAME = element451_field("user-first-name")
SUBJECT = element451_field("conversation-subject", kind=Kind.CONVERSATION)
LATER = "users/export/search"


def account(size: int) -> Any:
    """An account of ``size`` contacts and as many conversations, without any but the first name or
    subject."""

    def answer(asked: Asked) -> Says:
        item = asked.body["item"]
        if "users" in item:
            return rows(*({"user-elementid": id, "user-first-name": "A"} for id in item["users"]))
        first = int(item["last_id"] or "0", 16) + 1
        key = "_id" if asked.path == LATER else "conversation-id"
        page = [{key: element_id(number)} for number in range(first, min(first + item["per_page"], size + 1))]
        return rows(*page, last=page[-1][key] if page else None)

    return answer


def searches(server: Server) -> int:
    return server.paths().count(LATER)


@pytest.mark.parametrize("kind", Kind)
def test_an_idle_call_costs_one_request(kind: Kind) -> None:
    with answering(account(0)) as server, server.client() as client:
        pages = list(client.changed(kind, [NAME], datetime(2026, 3, 2, tzinfo=UTC), None))
        assert client.calls == 1
    assert [page.records for page in pages] == [[]]


def test_everything_is_asked_for_since_the_beginning() -> None:
    with answering(account(0)) as server, server.client() as client:
        list(client.changed(Kind.CONTACT, [NAME], None, None))
    asked = server.asked[0].body["item"]
    assert asked["segment"]["users"]["filters"]["value"] == "1970-01-01T00:00:00+00:00"
    assert (asked["per_page"], asked["last_id"], asked["project"]) == (5000, None, ["_id"])


def test_contacts_come_in_pages_from_few_requests() -> None:
    with answering(account(5100)) as server, server.client() as client:
        pages = list(client.changed(Kind.CONTACT, [NAME], None, None))
        # One search finds 5,000; each is followed up, because it says that more may follow.
        assert (searches(server), client.calls) == (3, 3 + 102)
    assert [len(page.records) for page in pages] == [1000] * 5 + [100]
    ids = [record.id for page in pages for record in page.records]
    assert ids == [element_id(number) for number in range(1, 5101)]
    assert [page.cursor for page in pages] == [page.records[-1].id for page in pages]


def test_no_more_than_the_next_page_is_read_ahead() -> None:
    with answering(account(5000)) as server, server.client() as client:
        pages = client.changed(Kind.CONTACT, [NAME], None, None)
        assert isinstance(pages, Generator)
        next(pages)
        server.wait_for("users/export", 2 * CONTACTS_PER_PAGE // 50)
        next(pages)
        assert server.paths().count("users/export") <= 3 * CONTACTS_PER_PAGE // 50
        pages.close()


@pytest.mark.parametrize("kind", Kind)
def test_a_caller_that_stops_listening_leaves_no_thread_behind(kind: Kind) -> None:
    with answering(account(2500)) as server, server.client() as client:
        pages = client.changed(kind, [NAME], None, None)
        assert isinstance(pages, Generator)
        next(pages)
        pages.close()
        assert [thread for thread in enumerate_threads() if thread.name.startswith("element451")] == []


@pytest.mark.parametrize("last", [None, ""])
@pytest.mark.parametrize("kind", Kind)
def test_a_page_without_a_next_id_is_the_last_one(kind: Kind, last: str | None) -> None:
    key = "_id" if kind is Kind.CONTACT else "conversation-id"

    def answer(asked: Asked) -> Says:
        return (
            rows({"user-elementid": element_id(1)})
            if "users" in asked.body["item"]
            else rows({key: element_id(1)}, last=last)
        )

    with answering(answer) as server, server.client() as client:
        assert [len(page.records) for page in client.changed(kind, [NAME], None, None)] == [1]


@pytest.mark.parametrize("kind", Kind)
def test_a_server_that_ignores_where_to_go_on_is_not_read_for_ever(kind: Kind) -> None:
    key = "_id" if kind is Kind.CONTACT else "conversation-id"

    def answer(asked: Asked) -> Says:
        same = element_id(7)
        return (
            rows({"user-elementid": same}) if "users" in asked.body["item"] else rows({key: same}, last=same)
        )

    with (
        answering(answer) as server,
        server.client() as client,
        pytest.raises(Unexpected, match="order of their ids"),
    ):
        list(client.changed(kind, [NAME], None, None))
    assert len(server.asked) <= 3


def test_a_search_for_values_is_not_read_for_ever_either() -> None:
    with (
        answering(in_turn(rows({"user-elementid": element_id(7)}, last=element_id(7)))) as server,
        server.client() as client,
    ):
        with pytest.raises(Unexpected):
            client.find(NAME, ["A"], [NAME])
        assert client.calls == 2


def test_records_out_of_order_are_not_read_on() -> None:
    page = rows({"conversation-id": element_id(2)}, {"conversation-id": element_id(1)}, last=element_id(1))
    with (
        answering(in_turn(page)) as server,
        server.client() as client,
        pytest.raises(Unexpected, match="order"),
    ):
        list(client.changed(Kind.CONVERSATION, [SUBJECT], None, None))


@pytest.mark.parametrize("row", [{"user-first-name": "A"}, {"user-elementid": None}, {"user-elementid": " "}])
def test_a_record_that_comes_without_its_id_is_left_out_and_not_gone(row: dict[str, Any]) -> None:
    with answering(in_turn(rows(row))) as server, server.client() as client:
        assert client.read(Kind.CONTACT, [element_id(1)], [NAME]) == []
        assert client.skipped == 2


def test_a_page_on_which_no_record_has_its_id_is_unexpected() -> None:
    with (
        answering(in_turn(rows({"first_name": "A"}, last=element_id(1)))) as server,
        server.client() as client,
        pytest.raises(Unexpected, match="none has its id"),
    ):
        list(client.names([NAME]))


def test_what_was_read_before_a_fault_is_handed_out_first() -> None:
    whole = account(5500)

    def answer(asked: Asked) -> Says:
        return Says({}, 503) if asked.path == LATER and asked.body["item"]["last_id"] else whole(asked)

    with answering(answer) as server, server.client() as client:
        pages = client.changed(Kind.CONTACT, [NAME], None, None)
        assert sum(len(next(pages).records) for _ in range(5)) == 5000
        with pytest.raises(Unreachable):
            next(pages)


def test_a_contact_that_vanishes_while_it_is_read_is_asked_for_twice_and_then_gone() -> None:
    def answer(asked: Asked) -> Says:
        if asked.path == LATER:
            return rows({"_id": element_id(1)}, {"_id": element_id(2)})
        return rows(*({"user-elementid": id} for id in asked.body["item"]["users"] if id != element_id(2)))

    with answering(answer) as server, server.client() as client:
        (page,) = client.changed(Kind.CONTACT, [NAME], None, None)
        assert [record.state for record in page.records] == [RecordState.LIVE, RecordState.ABSENT]
        assert [asked.body["item"]["users"] for asked in server.asked[1:]] == [
            [element_id(1), element_id(2)],
            [element_id(2)],
        ]


def test_a_contact_that_is_there_at_the_second_look_is_not_gone() -> None:
    with (
        answering(in_turn(rows(), rows({"user-elementid": element_id(1)}))) as server,
        server.client() as client,
    ):
        (record,) = client.read(Kind.CONTACT, [element_id(1)], [NAME])
    assert record.state is RecordState.LIVE


def test_what_cannot_be_an_id_names_nobody_and_is_not_asked_for() -> None:
    with answering(account(1)) as server, server.client() as client:
        found = client.read(Kind.CONTACT, ["n/a", "", element_id(1)[:-1]], [NAME])
        assert client.calls == 0
    assert [(record.id, record.state) for record in found] == [
        ("n/a", RecordState.ABSENT),
        ("", RecordState.ABSENT),
        (element_id(1)[:-1], RecordState.ABSENT),
    ]


def test_the_servers_clock_counts_and_ours_only_where_it_is_silent() -> None:
    theirs = Says({"data": []}, 200, {"Date": "Mon, 02 Mar 2026 09:00:00 GMT"})
    with answering(in_turn(theirs, Says({"data": []}, date=False))) as server, server.client() as client:
        (page,) = client.changed(Kind.CONTACT, [NAME], None, None)
        assert timedelta(0) <= datetime(2026, 3, 2, 9, tzinfo=UTC) - page.server_time <= timedelta(seconds=2)
        (page,) = client.changed(Kind.CONTACT, [NAME], None, None)
        assert abs(datetime.now(UTC) - page.server_time) < timedelta(seconds=10)
