"""Values of either system as text for the screen. Whatever a student's name or an error message contains, it
is shown character by character and never interpreted."""

import re
import unicodedata

from syncer.core.text import visible

_MARKUP = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>$:&\"'=^@/]")
_REPLACED_LATER = re.compile(
    r"""(?<=:)(?=[\w+-])        # :smile: and other names of pictures
      | (?<=h)(?=ttps?://)      # addresses become links
      | (?<=w)(?=ww\.)
      | (?<=[\w.+-])(?=@)
      | (?<=[-<>~])(?=[-=>])    # -> and its like become arrows and dashes
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Where Streamlit replaces text after it has removed the escapes. There the text is cut in two by `_NOTHING`,
which draws nothing."""
_CUT, _NOTHING = "\x00", ":small{}"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def plain(value: object, longest: int = 300) -> str:
    """``value`` for a place where Streamlit reads Markdown, so that it appears as it is.

    Markup is escaped, line breaks become blanks, invisible characters are shown by their codes, and text
    that runs from right to left is isolated from its surroundings. What is longer than ``longest``
    characters is cut, and ends in "…".
    """
    whole = visible(value)
    text = f"{whole[:longest]}…" if len(whole) > longest else whole
    escaped = _MARKUP.sub(_escape, _REPLACED_LATER.sub(_CUT, text)).replace(_CUT, _NOTHING)
    right_to_left = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return f"{_ISOLATE}{escaped}{_END_ISOLATE}" if right_to_left else escaped


def _escape(found: re.Match[str]) -> str:
    # Brackets by their number: Streamlit itself puts a backslash before those of a badge, which would make
    # ours visible.
    char = found[0]
    return f"&#{ord(char)};" if char in "[]" else f"\\{char}"
