"""How values leave the account: three spellings of empty, three of a checkbox, datetimes in the account's
zone.

Which spelling is met depends on the record and the field alone, so that the same read gives the same answer.
"""

from typing import Any
from zlib import crc32

from sandbox.element451 import zone
from sandbox.element451.fields import Field
from sandbox.element451.options import Element451Options

_EMPTIES = ("blank", "null", "absent")
_CHECKBOXES = ("objects", "list", "joined")


def put(
    row: dict[str, Any], id: str, field: Field, values: dict[str, Any], options: Element451Options
) -> None:
    """Put the field into an answer's row, or leave it out. ``values`` are the record's, as kept."""
    value = values.get(field.slug)
    if value is None or value in ("", []):
        if options.element451_empties == "mixed" and field.slug in values:
            row[field.slug] = value  # set to null or an empty text on purpose
            return
        if options.element451_empties == "word":
            row[field.slug] = "null"
            return
        spelling = _spelling(options.element451_empties, _EMPTIES, id, field.slug)
        if spelling != "absent":
            row[field.slug] = "" if spelling == "blank" else None
    elif field.type == "datetime":
        row[field.slug] = zone.write(value, options.element451_zone)
    elif field.type == "checkbox":
        row[field.slug] = _ticks(id, field, value, options)
    else:
        row[field.slug] = value


def last_page(key: bytes, options: Element451Options) -> str:
    """How the last page of the read ``key`` is marked: absent, blank or extra."""
    return _spelling(
        options.element451_last_page, ("absent", "blank", "extra"), key.decode("utf-8", "replace"), ""
    )


def _spelling(option: str, all_of_them: tuple[str, ...], id: str, slug: str) -> str:
    return all_of_them[crc32(f"{id}{slug}".encode()) % 3] if option == "mixed" else option


def _ticks(id: str, field: Field, values: list[str], options: Element451Options) -> Any:
    spelling = _spelling(options.element451_checkboxes, _CHECKBOXES, id, field.slug)
    if spelling == "list":
        return values
    if spelling == "joined":
        return ", ".join(values) if id < "8" else ",".join(values)
    # Options are shown by label, and some of the unticked ones come along.
    known = dict(field.options)
    shown = [{"checked": True, "text": known.get(value, value)} for value in values]
    unticked = [label for value, label in field.options if value not in values]
    return shown + [{"checked": False, "text": label} for label in unticked[: crc32(id.encode()) % 3]]
