"""Fields that hold one text: free text, or one value of a list. Pure; standard library only.

Facts: contracts/salesforce.md A6, A9.
"""

import html
import re
from dataclasses import dataclass
from typing import ClassVar

from syncer.core.field_types.field_type import Family, FieldType, quoted, written_out
from syncer.core.field_types.lists import folded_option, listed_spelling, not_listed
from syncer.core.fields import Field
from syncer.core.ids import salesforce_id
from syncer.core.records import System, Value

_USUAL_LENGTH = 255
_LOCAL, _DOMAIN = r"[^@\s,;:<>()\[\]\\\"]+", r"[^@\s,;:<>()\[\]\\\"]+\.[^@\s.,;:<>()\[\]\\\"]+"
_EMAIL = re.compile(f"{_LOCAL}@{_DOMAIN}")
_RECORD_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")


@dataclass(frozen=True)
class TextType(FieldType):
    """A type that holds text. ``long``: of any length, where the system gives no limit."""

    long: bool = False

    family: ClassVar[Family | None] = Family.TEXT
    takes: ClassVar[frozenset[Family]] = frozenset(Family) - {Family.SEVERAL}

    def convert(self, field: Field, value: Value) -> Value:
        """Any value is written out, a value of the field's list as the list spells it."""
        return value if isinstance(value, list) else listed_spelling(field, written_out(value))

    def comparable(self, field: Field, value: Value) -> Value:
        """Rich text without its markup for single characters; a value of a list whatever its spelling."""
        kept = self.stored(field, value)
        if not isinstance(kept, str):
            return kept
        if field.rich_text:
            return html.unescape(_BARE_AMPERSAND.sub("&amp;", kept))
        return folded_option(field, kept) if self.listed else kept

    def holds(self, field: Field, value: Value) -> bool:
        """Whether ``value`` is text."""
        return isinstance(value, str)

    def limit(self, field: Field, value: Value) -> str | None:
        """The field's list, and its length. Characters are counted as there may be fewest: rich text without
        its markup for single characters."""
        if not isinstance(value, str):
            return None
        if field.limited:
            return not_listed(field, value)
        length = len(html.unescape(value)) if field.rich_text else len(value)
        if field.length and length > field.length:
            return (
                f"{quoted(value)} has {length:,} characters, but {field.label} takes {field.length:,}."
                " Shorten it, or have the field lengthened."
            )
        return None

    def longest(self, field: Field) -> int | None:
        """The field's own limit, else what is usual."""
        return field.length or (None if self.long else _USUAL_LENGTH)


class EmailType(TextType):
    """A type that holds an e-mail address."""

    def comparable(self, field: Field, value: Value) -> Value:
        """Salesforce stores addresses in lower case."""
        kept = self.stored(field, value)
        return kept.lower() if isinstance(kept, str) and field.system is System.SALESFORCE else kept

    def limit(self, field: Field, value: Value) -> str | None:
        """Salesforce refuses what has not the shape of an address."""
        if field.system is System.SALESFORCE and isinstance(value, str) and not _EMAIL.fullmatch(value):
            return f"{quoted(value)} is not a valid e-mail address, which {field.label} needs. Correct it."
        return super().limit(field, value)


class LookupType(TextType):
    """A type that holds the ID of another Salesforce record."""

    def comparable(self, field: Field, value: Value) -> Value:
        """Salesforce answers 18 characters where it was given 15."""
        return salesforce_id(value) or self.stored(field, value)

    def limit(self, field: Field, value: Value) -> str | None:
        """What cannot be an ID."""
        if isinstance(value, str) and _RECORD_ID.fullmatch(value):
            return None
        return f"{quoted(value)} is not a Salesforce ID, which {field.label} needs. Correct it."


TEXT = TextType("text", sized=True, identifies=True)
LONG_TEXT = TextType("long text", sized=True, long=True)
CHOICE = TextType("choose one of a list", listed=True)
EMAIL = EmailType("e-mail", sized=True, identifies=True)
PHONE = TextType("phone", sized=True, identifies=True)
URL = TextType("web address", sized=True)
LOOKUP = LookupType("lookup to another record")
ID = TextType("ID", identifies=True)
