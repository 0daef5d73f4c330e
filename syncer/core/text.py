"""Text for people: words for numbers, and values in which every character can be seen. Pure; standard library
only."""

import re

_BLANK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029\s]+")
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Control characters, and those that are not seen or reverse the text. Joiners and marks of direction stay:
scripts need them."""


def visible(value: object) -> str:
    """``value`` as one line in which every character can be seen, and none is obeyed by a terminal."""
    line = _BLANK.sub(" ", str(value)).strip()
    return _INVISIBLE.sub(_by_code, line)


def visible_lines(text: str) -> str:
    """The same of a text whose line breaks and blanks are ours."""
    return "\n".join(_INVISIBLE.sub(_by_code, line) for line in text.split("\n"))


def escaped_json(text: str) -> str:
    """The same of a JSON text: there, such characters are written by their numbers."""
    return _INVISIBLE.sub(_by_number, text)


def _by_code(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def _by_number(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def counted(number: int, noun: str, plural: str | None = None, *, one: str | None = None) -> str:
    """``number`` with its noun: "1 record", "1,234 records".

    ``plural`` is needed where it is not ``noun`` with an "s"; ``one`` is what to write for exactly one
    where that is not "1" and the noun, such as "one example".
    """
    if number == 1:
        return f"1 {noun}" if one is None else one
    return f"{number:,} {plural or f'{noun}s'}"
