"""ids."""

import re

_SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")


_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(raw: object) -> str | None:
    """The 18-character form of a Salesforce ID, or None where ``raw`` is no such ID (contracts/salesforce.md
    A6: compared on the first 15)."""
    text = str(raw or "").strip()
    if not _SALESFORCE_ID.fullmatch(text):
        return None
    base = text[:15]
    parts = (base[at : at + 5] for at in (0, 5, 10))
    return base + "".join(
        _SUFFIX[sum(1 << bit for bit, char in enumerate(part) if "A" <= char <= "Z")] for part in parts
    )


def element_id(raw: object) -> str | None:
    """An Element ID or conversation ID (24 hexadecimal digits) in lower case, or None where ``raw`` is none
    (contracts/element451.md F4)."""
    text = str(raw or "").strip().lower()
    return text if re.fullmatch(r"[0-9a-f]{24}", text) else None
