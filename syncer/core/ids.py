"""The IDs of both systems in the one spelling in which they are compared. Pure; standard library only."""

import re
from string import ascii_letters, ascii_uppercase, digits

_SALESFORCE_ID = re.compile(r"([A-Za-z0-9]{15})([A-Za-z0-9]{3})?")
_ELEMENT_ID = re.compile(r"[0-9a-f]{24}")
_CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
"""A check character tells by its five bits which of five characters are capitals."""
_CAPITALS = {ord(char): "1" if char in ascii_uppercase else "0" for char in ascii_letters + digits}
_CHECKS = {f"{bits:05b}"[::-1]: check for bits, check in enumerate(_CHECK_CHARACTERS)}


def salesforce_id(raw: object) -> str | None:
    """The 18-character form of a Salesforce ID, or None where ``raw`` is none (contracts/salesforce.md A6).

    The last three of 18 characters prove the case of the first 15. Where something on the way changed all of
    them to one case, they restore it; where they contradict the first 15, the text is no ID (rule 7).
    """
    found = _SALESFORCE_ID.fullmatch(str(raw or "").strip())
    if found is None:
        return None
    first, checks = found.groups()
    if checks is None:
        return first + check_characters(first)
    checks = checks.upper()
    if check_characters(first) == checks:
        return first + checks
    if first not in (first.lower(), first.upper()):
        return None
    first = _restored(first, checks)
    return first + checks if check_characters(first) == checks else None


def contradicted(raw: object) -> bool:
    """Whether ``raw`` has the shape of a Salesforce ID of 18 characters, of which the last three contradict
    the others, or is no single text: nobody can tell which record it names (rule 7)."""
    if isinstance(raw, list):
        return True
    found = _SALESFORCE_ID.fullmatch(str(raw or "").strip())
    return bool(found and found[2]) and salesforce_id(raw) is None


def caseless_id(raw: object) -> str:
    """What all IDs share that differ in the case of their letters only, contradicted ones too. It is in no
    other text and no ID."""
    return f"?{str(raw or '').strip()[:15].lower()}"


def is_damaged(kept: str | None) -> bool:
    """Whether what is kept of a stored ID is only its `caseless_id`."""
    return (kept or "").startswith("?")


def check_characters(first: str) -> str:
    """The last three characters of a Salesforce ID, which say which of its ``first`` 15 are capitals."""
    capitals = first.translate(_CAPITALS)
    return _CHECKS[capitals[:5]] + _CHECKS[capitals[5:10]] + _CHECKS[capitals[10:15]]


def is_of_object(identity: str, key_prefix: str | None) -> bool:
    """Whether a Salesforce ID may be that of an object: it begins with the object's key prefix (None: not
    known)."""
    return key_prefix is None or identity.startswith(key_prefix)


def _restored(first: str, checks: str) -> str:
    """The first 15 characters in the case that the check characters name."""
    capitals = [
        letter in _CHECK_CHARACTERS and _CHECK_CHARACTERS.index(letter) >> bit & 1
        for letter in checks
        for bit in range(5)
    ]
    cased = (
        char.upper() if is_capital else char.lower() for char, is_capital in zip(first, capitals, strict=True)
    )
    return "".join(cased)


def element_id(raw: object) -> str | None:
    """An Element ID or conversation ID (24 hexadecimal digits) in lower case, or None where ``raw`` is none
    (contracts/element451.md F4)."""
    text = str(raw or "").strip().lower()
    return text if _ELEMENT_ID.fullmatch(text) else None
