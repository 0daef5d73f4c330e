"""An org that gives one reply after the other, and a client of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncer.connectors.protocol import Write
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import SalesforceClient
from syncer.core.fields import Entity
from tests.connectors.salesforce.scripted_server import (
    SECRET,
    Asked,
    FileStore,
    Reply,
    Scripted,
    scripted,
    some_tokens,
    token_reply,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OBJECTS = Reply(
    {
        "sobjects": [
            {"name": "Contact", "label": "Contact", "queryable": True, "createable": True, "updateable": True}
        ]
    }
)


CONTACT = Entity("Contact", "Contact", {})
ONE = [Write("update", {"FirstName": "Ann"}, id="003xx000004TmiQAAS")]
WRITTEN = Reply(
    {
        "compositeResponse": [
            {
                "referenceId": "p0",
                "httpStatusCode": 200,
                "httpHeaders": {},
                "body": [{"id": "003xx000004TmiQAAS", "success": True, "errors": []}],
            }
        ]
    }
)


@contextmanager
def org(
    tmp_path: Path, *replies: Reply | Callable[[Asked], Reply], **options: Any
) -> Iterator[tuple[Scripted, SalesforceClient]]:
    """A client of a server that gives these replies in turn, the last one for ever; tokens are renewed all
    the while."""
    left = list(replies)
    tokens = iter(range(2, 1000))

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/token"):
            return token_reply(f"http://{asked.headers['host']}", f"00Dxx!{next(tokens)}", None)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Reply) else answer(asked)

    with scripted(script) as server:
        store = FileStore(tmp_path / "grant", some_tokens(server.address, "00Dxx!1"))
        quick = RetryPolicy(base_delay=0.001, max_delay=5, sleep=lambda seconds: None)
        client = SalesforceClient(
            store,
            client_id="client",
            client_secret=SECRET,
            allowed_hosts=[server.host],
            **{"retry": quick, "clock": lambda: NOW, **options},
        )
        yield server, client


def error(code: str, message: str = "", status: int = 400, **headers: str) -> Reply:
    return Reply([{"errorCode": code, "message": message}], status, headers)


def data_calls(server: Scripted) -> list[Asked]:
    return [asked for asked in server.asked if "/data/" in asked.path]
