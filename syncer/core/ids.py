"""The IDs of both systems in the one spelling in which they are compared. Pure; standard library only."""

import re

_SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")
_ELEMENT_ID = re.compile(r"[0-9a-f]{24}")
_CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(raw: object) -> str | None:
    """The 18-character form of a Salesforce ID, or None where ``raw`` is no such ID (contracts/salesforce.md
    A6: compared on the first 15)."""
    text = str(raw or "").strip()
    if not _SALESFORCE_ID.fullmatch(text):
        return None
    return text[:15] + check_characters(text[:15])


def check_characters(first: str) -> str:
    """The last three characters of a Salesforce ID, which say which of its ``first`` 15 are capitals."""
    parts = (first[at : at + 5] for at in (0, 5, 10))
    return "".join(
        _CHECK_CHARACTERS[sum(1 << bit for bit, char in enumerate(part) if "A" <= char <= "Z")]
        for part in parts
    )


def element_id(raw: object) -> str | None:
    """An Element ID or conversation ID (24 hexadecimal digits) in lower case, or None where ``raw`` is none
    (contracts/element451.md F4)."""
    text = str(raw or "").strip().lower()
    return text if _ELEMENT_ID.fullmatch(text) else None
