"""Values from either system as text: whatever a student's name or an error holds, it is shown letter by
letter and never obeyed."""

import re
import unicodedata

_SIGNS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>$:&\"'=^@/]")
_BLANK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029\s]+")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, and those that show nothing or turn the text around. Joiners and marks of direction
stay: scripts need them."""
_REPLACED_LATER = re.compile(
    r"""(?<=:)(?=[\w+-])        # :smile: and other names of pictures
      | (?<=h)(?=ttps?://)      # addresses become links
      | (?<=w)(?=ww\.)
      | (?<=[\w.+-])(?=@)
      | (?<=[-<>~])(?=[-=>])    # -> and its like become arrows and dashes
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Where Streamlit looks at the text again once escapes are gone; there, the text is cut in two by a piece of
no text (`_NOTHING`)."""
_CUT, _NOTHING = "\x00", ":small{}"
_ISOLATE, _END = "\u2068", "\u2069"


def plain(value: object, longest: int = 300) -> str:
    """``value`` for a place where Streamlit reads Markdown: each sign that means something there is escaped,
    line ends become blanks, characters that nobody would see are named, text that runs from right to left
    stays by itself, and what is longer than ``longest`` characters is cut, with a sign that it is."""
    seen = visible(value)
    text = f"{seen[:longest]}…" if len(seen) > longest else seen
    escaped = _SIGNS.sub(_escaped, _REPLACED_LATER.sub(_CUT, text)).replace(_CUT, _NOTHING)
    from_the_right = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return f"{_ISOLATE}{escaped}{_END}" if from_the_right else escaped


def _escaped(sign: re.Match[str]) -> str:
    # Brackets by their number: Streamlit puts a backslash before those of a badge itself, which would leave
    # ours to be seen.
    return f"&#{ord(sign[0])};" if sign[0] in "[]" else f"\\{sign[0]}"


def visible(value: object) -> str:
    """``value`` as one line in which each character is seen: what `plain` shows, where no Markdown is
    read."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", _BLANK.sub(" ", str(value)).strip())
