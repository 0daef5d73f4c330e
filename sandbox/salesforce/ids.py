"""Salesforce ids: 15 case-sensitive characters and 3 that check them (contracts/salesforce.md A6)."""

import re
from functools import lru_cache

CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}([0-9A-Za-z]{3})?")


def id18(short: str) -> str:
    """The 18-character form of a 15-character id."""
    checks = (
        sum(1 << place for place, letter in enumerate(short[start : start + 5]) if "A" <= letter <= "Z")
        for start in (0, 5, 10)
    )
    return short + "".join(CHECK_CHARACTERS[check] for check in checks)


@lru_cache(maxsize=262_144)
def normal_id(given: str) -> str | None:
    """The 18-character form of an id given with 15 or 18 characters; None when it is not one (wrong shape or
    check characters). Where 18 characters lost the case of their letters, the last three restore it."""
    if not _SHAPE.fullmatch(given):
        return None
    short, checks = given[:15], given[15:].upper()
    if checks and short in (short.lower(), short.upper()):
        short = _recased(short, checks)
    full = id18(short)
    return full if full[15:] == checks or not checks else None


def _recased(short: str, checks: str) -> str:
    """The 15 characters in the case that their check characters state."""
    bits = [max(CHECK_CHARACTERS.find(check), 0) for check in checks]
    return "".join(
        letter.upper() if bits[place // 5] >> place % 5 & 1 else letter.lower()
        for place, letter in enumerate(short)
    )


def make_id(prefix: str, number: int, instance: str = "5f") -> str:
    """The 18-character id of the ``number``-th thing of an object's key prefix."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    return id18(prefix + instance + digits.rjust(10, "0"))


ORG_ID = make_id("00D", 4_510_001)
USER_ID = make_id("005", 4_510_002)  # the user of the API
PERSON_ID = make_id("005", 4_510_003)  # the user who works in the org by hand
