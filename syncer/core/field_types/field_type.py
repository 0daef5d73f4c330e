"""What a type of field is: everything that depends on the type, in one place. Pure; standard library only."""

import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from syncer.core.records import System, Value

if TYPE_CHECKING:
    from syncer.core.fields import Field


class Family(StrEnum):
    """What sort of value a field holds, in the words of a sentence. Fields of one family can be mapped to
    each other."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "yes or no"
    DATE = "a date"
    DATETIME = "a date with a time"
    SEVERAL = "several values"


class Unfit(Exception):
    """A value that the receiving field cannot take; ``str()`` is a sentence for the analyst. ``value``: what
    it would have been there."""

    def __init__(self, sentence: str, value: Value = None) -> None:
        super().__init__(sentence)
        self.value = value


@dataclass(frozen=True)
class FieldType:
    """A type of field. Each family of types has a class of its own; what is said here is their default.

    ``label`` is what the screen calls the type. ``listed``: its values are chosen from a list. ``sized``: how
    long a value may be matters to whoever maps it. ``identifies``: a value may tell one person from others,
    as an e-mail address does (rule 7).
    """

    label: str
    listed: bool = False
    sized: bool = False
    identifies: bool = False

    family: ClassVar[Family | None] = None
    """None: fields of this type cannot be mapped."""
    takes: ClassVar[frozenset[Family]] = frozenset()
    """The families whose values can all be converted to this one."""
    takes_with_value_map: ClassVar[frozenset[Family]] = frozenset()
    """The families whose values can be converted with the help of a value map."""

    def read(self, field: "Field", raw: object) -> Value:
        """The normalised value of ``raw``, as it came over the wire. What the type cannot explain stays text,
        and a list or an object in place of one value stays several, for the plan to refuse in words."""
        if isinstance(raw, str):
            return self.parse(raw) if raw.strip() else None
        if isinstance(raw, list | tuple | dict):
            return parts_of(raw)
        return None if raw is None else self.parse(raw)

    def parse(self, raw: object) -> Value:
        """The normalised value of ``raw``, which is not empty."""
        return as_text(raw)

    def stored(self, field: "Field", value: Value) -> Value:
        """``value`` as the field's system holds it after a write. Salesforce trims text; line ends are
        compared as ``\\n``."""
        return trimmed(value) if field.system is System.SALESFORCE else value

    def comparable(self, field: "Field", value: Value) -> Value:
        """What two values have in common that are the same once the field's system has stored them, however
        they are spelt (rule 5). Never written."""
        return self.stored(field, value)

    def convert(self, field: "Field", value: Value) -> Value:
        """A value of the other system in the form that the field has for it, fit or not."""
        return self.read(field, value)

    def unreadable(self, field: "Field", value: Value) -> str | None:
        """Why ``value``, as the field's system holds it, is more than the field can hold; None where it is
        not."""
        if isinstance(value, list):
            return f"{field.label} holds more than one value in {field.system.label}: {quoted(value)}."
        return None

    def limit(self, field: "Field", value: Value) -> str | None:
        """Why the field's system would refuse ``value``, which is of the field's type and as it would be
        stored; None where it might accept it."""
        return None

    def holds(self, field: "Field", value: Value) -> bool:
        """Whether ``value`` is one that the field may hold."""
        return False

    def described(self, field: "Field") -> str:
        """What the field holds, in the words of a sentence."""
        return str(self.family)

    def whole(self, field: "Field") -> bool:
        """Whether the field holds whole numbers only."""
        return False

    def longest(self, field: "Field") -> int | None:
        """How many characters a value may have once it is text; None where there is no limit."""
        return 25


def trimmed(value: Value) -> Value:
    """Text as Salesforce stores it."""
    if not isinstance(value, str):
        return value
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.strip() or None


def as_text(raw: object) -> str:
    """``raw`` as text, as it is read from the wire."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw)


def parts_of(raw: list[object] | tuple[object, ...] | dict[str, object]) -> Value:
    """What a list or an object holds, as text; None where it holds nothing."""
    named = [(f"{name}: ", part) for name, part in raw.items()] if isinstance(raw, dict) else []
    listed = named or [("", part) for part in raw]
    return sorted({name + text for name, part in listed if (text := _part(part))}) or None


def _part(raw: object) -> str:
    if raw is None:
        return ""
    text = json.dumps(raw, ensure_ascii=False) if isinstance(raw, list | tuple | dict) else as_text(raw)
    return text.replace("\x00", "").strip()


def written_out(value: Value) -> str:
    """A value as text for a person or a text field: a number never with an exponent."""
    if isinstance(value, list):
        return ", ".join(value)
    return format(Decimal(str(value)), "f") if isinstance(value, float) else as_text(value)


def quoted(value: Value) -> str:
    """A value in a sentence, in quotation marks."""
    return f"“{shortened(written_out(value))}”"


def shortened(text: str) -> str:
    """A value as a sentence quotes it."""
    return text if len(text) <= 60 else text[:57] + "…"
