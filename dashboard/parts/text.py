"""Values from either system as text: whatever a student's name or an error holds, it is shown letter by letter and never obeyed."""

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&\"'=^@/])")
_BLANK = re.compile(r"[\x00-\x1f\x7f\s]+")
_ISOLATE, _END = "\u2068", "\u2069"


def plain(value: object, longest: int = 300) -> str:
    """``value`` for a place where Streamlit reads Markdown: each sign that means something there is escaped, line ends become blanks, text that
    runs from right to left stays by itself, and what is longer than ``longest`` characters is cut, with a sign that it is."""
    text = _BLANK.sub(" ", str(value)).strip()
    cut = f"{text[:longest]}…" if len(text) > longest else text
    escaped = _SIGNS.sub(r"\\\1", cut)
    return f"{_ISOLATE}{escaped}{_END}" if cut else ""
