"""Values at the edge: read from the wire into `records.Value`, once, and back. What depends on the type of a
field is in `syncer.core.field_types`. Pure; standard library only."""

import re

from syncer.core.fields import Field
from syncer.core.records import System, Value

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


class DamagedText(str):
    """Text that could not be decoded whole; what was unreadable in it is U+FFFD. It is shown to people at
    best, and never carried as a value (rule 22)."""


def is_damaged(raw: object) -> bool:
    """Whether a value, as it came over the wire, is or holds text that could not be decoded."""
    return isinstance(raw, DamagedText) or (isinstance(raw, list) and any(map(is_damaged, raw)))


def is_whole(value: object) -> bool:
    """Whether a value can be encoded. A lone half of a surrogate pair is no character."""
    if isinstance(value, list):
        return all(map(is_whole, value))
    return not (isinstance(value, str) and not value.isascii() and _HALF_A_PAIR.search(value))


def read(field: Field, raw: object) -> Value:
    """The normalised value of ``raw`` as ``field`` holds it. What the type cannot explain stays text, for the
    plan to refuse in words."""
    if isinstance(raw, str) and "\x00" in raw:
        raw = raw.replace("\x00", "")  # no database keeps it, and nobody can want it
    return field.type.read(field, raw)


def send(system: System, value: Value) -> object:
    """The JSON value to put on the wire: several values go to Salesforce joined by ``;`` and to Element451 as
    a list."""
    return ";".join(value) if isinstance(value, list) and system is System.SALESFORCE else value


def stored(field: Field, value: Value) -> Value:
    """``value`` as ``field``'s system will hold it after a write, so that a comparison never sees a
    difference that a write cannot remove (rule 5)."""
    return field.type.stored(field, value)


def same(field: Field, left: Value, right: Value) -> bool:
    """Whether two values of ``field`` are the same once its system has stored them, in whatever spelling
    (rule 5)."""
    return left == right or field.type.comparable(field, left) == field.type.comparable(field, right)
