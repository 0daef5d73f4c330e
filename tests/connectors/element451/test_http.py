"""How the Element451 adapter bears what can go wrong on the way."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from syncer.connectors.errors import (
    Fault,
    FieldRefused,
    LimitReached,
    NotAllowed,
    ReconnectNeeded,
    Unexpected,
    Unreachable,
)
from syncer.core.records import Kind, System
from tests.connectors.element451.scripted_server import Asked, Says, answering, element_id, in_turn, rows
from tests.support.memory import element451_field

FIELD = element451_field("user-first-name")
CATALOGUE = Says({"data": [{"slug": "user-first-name"}], "meta": {"total": 1}})
HTML = Says(b"<html>Busy</html>", 503, {"Content-Type": "text/html"})


def test_every_call_carries_the_feature_token_and_the_key_where_there_is_one() -> None:
    with (
        answering(in_turn(CATALOGUE)) as server,
        server.client() as without,
        server.client(api_key="secret") as with_key,
    ):
        without.catalogue()
        with_key.catalogue()
        first, second = (asked.headers for asked in server.asked)
    assert first["Feature"] == second["Feature"] == "token"
    assert first["Content-Type"] == "application/json"
    assert "Authorization" not in first
    assert second["Authorization"] == "Bearer E451.secret"


def test_a_netrc_file_does_not_replace_our_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(in_turn(CATALOGUE)) as server, server.client(api_key="secret") as client:
        client.catalogue()
    assert server.asked[0].headers["Authorization"] == "Bearer E451.secret"


@pytest.mark.parametrize("body", [{"message": "No."}, {"error": "No."}, {"error": {"message": "No."}}])
@pytest.mark.parametrize(
    ("status", "fault", "words"),
    [
        (401, ReconnectNeeded, "feature token"),
        (403, NotAllowed, "does not allow"),
        (400, Unexpected, "refused the request: No."),
        (404, Unexpected, "refused the request: No."),
        (422, Unexpected, "refused the request: No."),
    ],
)
def test_a_refusal_is_told_at_once_with_element451s_own_words(
    body: object, status: int, fault: type[Fault], words: str
) -> None:
    with (
        answering(in_turn(Says(body, status))) as server,
        server.client() as client,
        pytest.raises(fault, match=words) as told,
    ):
        client.catalogue()
    assert (told.value.code, told.value.detail) == (f"HTTP {status}", "No.")
    assert told.value.system is System.ELEMENT451
    assert len(server.asked) == 1


def test_a_refusal_that_names_a_field_asks_for_the_catalogue_to_be_read_again() -> None:
    reply = Says({"message": "columns[0]: there is no user field 'user-first-name'."}, 400)
    with (
        answering(in_turn(reply)) as server,
        server.client() as client,
        pytest.raises(FieldRefused, match="user-first-name"),
    ):
        client.read(Kind.CONTACT, [element_id(1)], [FIELD])


def test_a_refusal_that_names_a_longer_slug_is_not_about_ours() -> None:
    reply = Says({"message": "there is no user field 'user-first-name-2'."}, 400)
    with answering(in_turn(reply)) as server, server.client() as client, pytest.raises(Unexpected):
        client.read(Kind.CONTACT, [element_id(1)], [FIELD])


@pytest.mark.parametrize(
    "trouble",
    [
        HTML,
        Says({"message": "Slow down."}, 429),
        Says(b"", 502),
        Says({}, 504),
        Says({}, 500),
        Says(status=0),
    ],
)
def test_what_passes_by_itself_is_tried_again(trouble: Says) -> None:
    with answering(in_turn(trouble, CATALOGUE)) as server, server.client() as client:
        assert client.catalogue()[0].key == "user-first-name"
        assert client.calls == len(server.asked) == 2


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(HTML, "HTTP 503"), (Says({"message": "Slow down."}, 429), "HTTP 429"), (Says(status=0), "NETWORK")],
)
def test_what_does_not_pass_ends_the_call_after_a_few_tries(trouble: Says, code: str) -> None:
    with (
        answering(in_turn(trouble)) as server,
        server.client(max_attempts=4) as client,
        pytest.raises(Unreachable) as told,
    ):
        client.catalogue()
    assert told.value.code == code
    assert len(server.asked) == 4


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with answering(in_turn(CATALOGUE)) as server:
        client = server.client()
    with client, pytest.raises(Unreachable, match="could not be reached"):
        client.catalogue()


def test_the_wait_between_tries_grows_and_varies() -> None:
    waits: list[float] = []
    with (
        answering(in_turn(HTML)) as server,
        server.client(max_attempts=6, max_delay=4.0, sleep=waits.append) as client,
        pytest.raises(Unreachable),
    ):
        client.catalogue()
    assert len(waits) == 5
    assert all(wait <= limit for wait, limit in zip(waits, [0.5, 1, 2, 4, 4], strict=True))


@pytest.mark.parametrize("at", [False, True])
def test_a_wait_that_element451_asks_for_is_kept(at: bool) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    headers = (
        {
            "Retry-After": format_datetime(now + timedelta(seconds=7), usegmt=True),
            "Date": format_datetime(now, usegmt=True),
        }
        if at
        else {"Retry-After": "7"}
    )
    waits: list[float] = []
    with (
        answering(in_turn(Says({}, 429, headers), CATALOGUE)) as server,
        server.client(sleep=waits.append) as client,
    ):
        client.catalogue()
    assert len(waits) == 1
    assert 7 <= waits[0] < 9


def test_a_wait_that_one_request_was_asked_for_holds_for_those_that_begin_meanwhile() -> None:
    waits: list[float] = []
    with (
        answering(in_turn(Says({}, 429, {"Retry-After": "7"}), CATALOGUE)) as server,
        server.client(sleep=waits.append) as client,
    ):
        client.catalogue()
        client.catalogue()
        assert len(server.asked) == client.calls == 3
    assert len(waits) == 2
    assert all(5 < wait < 9 for wait in waits)


def test_a_longer_wait_ends_the_run_and_says_until_when() -> None:
    before = datetime.now(UTC)
    reply = Says({"message": "Enough for this hour."}, 429, {"Retry-After": "1800"})
    with (
        answering(in_turn(reply)) as server,
        server.client() as client,
        pytest.raises(LimitReached, match="until") as told,
    ):
        client.catalogue()
    assert len(server.asked) == 1
    assert timedelta(minutes=29) < told.value.until - before < timedelta(minutes=31)


GARBLED = [
    Says(b"<html>Sign in</html>", 200, {"Content-Type": "text/html"}),
    Says(b'{"data": [', 200),
    Says([], 200),
    Says(b"", 200),
]


@pytest.mark.parametrize("garbled", GARBLED)
def test_an_answer_that_is_no_json_passes_once(garbled: Says) -> None:
    with answering(in_turn(garbled, CATALOGUE)) as server, server.client() as client:
        client.catalogue()
    with (
        answering(in_turn(garbled)) as server,
        server.client(max_attempts=5) as client,
        pytest.raises(Unexpected, match="not JSON"),
    ):
        client.catalogue()
    assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [Says({}), Says({"data": "x"}), Says({"data": None})])
def test_an_answer_without_records_is_unexpected(answer: Says) -> None:
    with answering(in_turn(answer)) as server, server.client() as client:
        with pytest.raises(Unexpected):
            client.catalogue()
        with pytest.raises(Unexpected):
            next(client.changed(Kind.CONTACT, [FIELD], None, None))


def test_a_redirect_is_not_followed_so_that_the_token_stays_here() -> None:
    with (
        answering(in_turn(CATALOGUE)) as elsewhere,
        answering(in_turn(Says({}, 302, {"Location": elsewhere.url}))) as server,
    ):
        with server.client() as client, pytest.raises(Unexpected, match="another address"):
            client.catalogue()
        assert elsewhere.asked == []


def test_a_compressed_reply_is_decompressed() -> None:
    compressed = Says(
        gzip.compress(b'{"data": [{"slug": "user-first-name"}]}'), 200, {"Content-Encoding": "gzip"}
    )
    with answering(in_turn(compressed)) as server, server.client() as client:
        assert client.catalogue()[0].key == "user-first-name"
        assert "gzip" in server.asked[0].headers["Accept-Encoding"]


def test_calls_are_counted_from_several_threads() -> None:
    def answer(asked: Asked) -> Says:
        return rows(*({"user-elementid": id} for id in asked.body["item"]["users"]))

    with answering(answer) as server, server.client() as client:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda number: client.read(Kind.CONTACT, [element_id(number)], [FIELD]), range(60)))
        assert client.calls == 60 == len(server.asked)


@pytest.mark.parametrize("status", [410, 414])
def test_a_status_that_somebody_can_do_something_about_says_what(status: int) -> None:
    with (
        answering(in_turn(Says(b"", status))) as server,
        server.client() as client,
        pytest.raises(Unexpected, match="whoever runs this installation") as told,
    ):
        client.catalogue()
    assert told.value.code == f"HTTP {status}"
