"""JSON as both systems send and get it. A reply is read leniently: text that is no text (bytes that are not
UTF-8, half a surrogate pair) damages the field that holds it, and nothing else (rule 22). No I/O."""

import json
from typing import Any

import orjson

from syncer.core.values import DamagedText, is_whole

REPLACEMENT = "�"


def decode(content: bytes) -> Any:
    """The document in ``content``. A text that cannot be decoded whole becomes a `DamagedText`. Raises
    ValueError where there is no JSON."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    try:
        document = json.loads(
            content.decode("utf-8", "surrogateescape"), strict=False, parse_constant=_no_json
        )
        return _marked(document)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def encode(document: object) -> bytes:
    """``document`` as JSON. What cannot be encoded is replaced: one bad character must not stop a whole call.
    Whoever sends values keeps those apart beforehand (`is_whole`)."""
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        return orjson.dumps(_marked(document))


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return value if is_whole(value) else DamagedText(_replaced(value))
    if isinstance(value, dict):
        return {_replaced(key): _marked(inner) for key, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value


def _replaced(text: str) -> str:
    return "".join(REPLACEMENT if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
