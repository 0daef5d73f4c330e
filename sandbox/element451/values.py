"""What a field can hold: a cell of an import, or a person's edit, checked and typed. Empty cells never come
here."""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox.element451 import zone
from sandbox.element451.fields import Field

TEXT_LENGTH = 255
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_FLOAT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def is_empty(cell: object) -> bool:
    """Whether a cell counts as empty: null, blanks only, or a list of nothing."""
    return cell is None or cell == [] or (isinstance(cell, str) and not cell.strip())


def store(field: Field, cell: Any, zone_name: str) -> Any:
    """The value to keep. Raises ValueError with the reason when the field cannot hold the cell."""
    return _STORE[field.type](field, cell, zone_name)


def _text(field: Field, cell: Any, _zone: str) -> str:
    text = _textarea(field, cell, _zone)
    if len(text) > TEXT_LENGTH:
        raise ValueError(f"is longer than {TEXT_LENGTH} characters")
    return text


def _textarea(_field: Field, cell: Any, _zone: str) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str | int | float):
        raise ValueError("is not a text")
    return str(cell)


def _boolean(_field: Field, cell: Any, _zone: str) -> bool:
    known = (
        cell
        if isinstance(cell, bool)
        else _BOOLEANS.get(str(cell).strip().lower())
        if isinstance(cell, str | int)
        else None
    )
    if known is None:
        raise ValueError("is neither true nor false")
    return known


def _integer(_field: Field, cell: Any, _zone: str) -> int:
    if isinstance(cell, bool) or not isinstance(cell, int | str) or not _INTEGER.fullmatch(str(cell).strip()):
        raise ValueError("is not an integer")
    return int(cell)


def _float(_field: Field, cell: Any, _zone: str) -> float:
    if (
        isinstance(cell, bool)
        or not isinstance(cell, int | float | str)
        or not _FLOAT.fullmatch(str(cell).strip())
    ):
        raise ValueError("is not a number")
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError("is not a number")
    return number


def _date(_field: Field, cell: Any, _zone: str) -> str:
    try:
        if isinstance(cell, str) and _DAY.fullmatch(cell):
            return date.fromisoformat(cell).isoformat()
    except ValueError:
        pass
    raise ValueError("is not a date such as 2026-11-23")


def _datetime(_field: Field, cell: Any, zone_name: str) -> str:
    if not isinstance(cell, str):
        raise ValueError("is not a datetime such as 2026-11-23T09:00:00-05:00")
    return zone.read(cell, zone_name)


def _choice(field: Field, cell: Any, _zone: str) -> str:
    return _option(field, cell)


def _several(field: Field, cell: Any, _zone: str) -> list[str]:
    parts = _split(field, cell) if isinstance(cell, str) else cell
    if not isinstance(parts, list):
        raise ValueError("is not a list of options")
    chosen = {_option(field, part) for part in parts}
    return [value for value, _ in field.options if value in chosen]


def _split(field: Field, joined: str) -> list[str]:
    """The parts of a comma-joined cell; an option that holds a comma is taken whole."""
    found: list[str] = []
    rest = joined.strip()
    whole = sorted((value for value, _ in field.options), key=len, reverse=True)
    while rest:
        value = next(
            (value for value in whole if rest == value or re.match(re.escape(value) + r"\s*,", rest)), None
        )
        part = rest.split(",", 1)[0] if value is None else value
        found.append(part.strip())
        rest = rest[len(part) :].strip().removeprefix(",").strip()
    return found


def _option(field: Field, cell: Any) -> str:
    if not isinstance(cell, str) or not any(cell == value for value, _ in field.options):
        raise ValueError(f"{cell!r} is not an option")
    return cell


def _whole(field: Field, cell: Any, _zone: str) -> Any:
    wanted = {"array": list, "object": dict, "upload": str}[field.type]
    if not isinstance(cell, wanted):
        raise ValueError(f"is not an {field.type}")
    return cell


_STORE: dict[str, Callable[[Field, Any, str], Any]] = {
    "text": _text,
    "textarea": _textarea,
    "boolean": _boolean,
    "integer": _integer,
    "float": _float,
    "date": _date,
    "datetime": _datetime,
    "dropdown": _choice,
    "radio": _choice,
    "checkbox": _several,
    "array": _whole,
    "object": _whole,
    "upload": _whole,
}
