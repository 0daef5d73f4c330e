"""How the account refuses a call, and the small checks of a body's shape."""

import re
from collections.abc import Iterable
from typing import Any

_HEX = re.compile(r"[0-9a-f]{24}")


class Refusal(Exception):
    """A call that the contract does not allow: a status, and the sentence of the answer's ``message``."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def bad(message: str) -> Refusal:
    """A refusal of a body that makes no sense (400)."""
    return Refusal(400, message)


def keys(given: Any, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Any]:
    """``given`` as an object with exactly the keys allowed. Raises Refusal otherwise."""
    if not isinstance(given, dict):
        raise bad(f"{where} must be an object.")
    if missing := sorted(set(required) - set(given)):
        raise bad(f"{where} lacks {', '.join(missing)}.")
    if unknown := sorted(set(given) - set(required) - set(optional)):
        raise bad(f"{where} has unknown keys: {', '.join(map(str, unknown))}.")
    return given


def is_id(value: object) -> bool:
    """Whether ``value`` is 24 hexadecimal digits."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def record_ids(given: Any, where: str, most: int) -> list[str]:
    """``given`` as 1 to ``most`` ids. Raises Refusal otherwise."""
    if not isinstance(given, list) or not given:
        raise bad(f"{where} must be a list of ids.")
    if len(given) > most:
        raise bad(f"{where} holds {len(given)} ids, at most {most} are allowed.")
    for value in given:
        if not is_id(value):
            raise bad(f"{where}: {value!r} is not an id of 24 hexadecimal digits.")
    return given


def page_size(given: Any, most: int) -> int:
    """``per_page``, which defaults to ``most``. Raises Refusal when it is no number from 1 to ``most``."""
    if given is None:
        return most
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise bad(f"per_page must be a number from 1 to {most}.")
    return given


def last_id(given: Any) -> str:
    """After which id a page begins; empty at the start. Raises Refusal when it is no id."""
    if given is None or given == "":
        return ""
    if not is_id(given):
        raise bad("last_id must be an id of 24 hexadecimal digits.")
    return str(given)
