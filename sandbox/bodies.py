"""Bodies of calls, read whole and handed on."""

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive


async def read_all(receive: Receive) -> bytes:
    """The whole body of a call. Raises ClientDisconnect when its caller went away before the end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives ``body`` once, and then whatever ``receive`` gives."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
