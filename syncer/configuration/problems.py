"""A problem of a configuration, and the words that sentences about fields share. Pure; standard library
only."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from syncer.core.fields import Field

_PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (an error: nothing runs) or doubtful (a warning). ``where`` is a place in the file,
    such as ``mappings.contact[3]``.

    ``short`` is given for a warning that rests only on what a field could hold, not on known values: the
    problem in a few words, which the screen shows in place of the message.
    """

    severity: Literal["error", "warning"]
    where: str
    message: str
    short: str = ""


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """Those because of which nothing runs."""
    return [problem for problem in problems if problem.severity == "error"]


def not_among(problems: Iterable[Problem], former: Iterable[Problem]) -> list[Problem]:
    """The problems that are not among the ``former``, wherever their rows have moved to."""
    known = {message_without_row(problem) for problem in former}
    return [problem for problem in problems if message_without_row(problem) not in known]


def message_without_row(problem: Problem) -> str:
    """The message without the places of rows, so that it stays equal when rows move."""
    return _PLACE.sub("", problem.message)


def label_and_key(field: Field) -> str:
    """The name of a field for people: its label, and its slug or API name."""
    return f"{field.label} ({field.key})"


def did_you_mean(name: str, labels: Mapping[str, str]) -> str:
    """“Did you mean …?” with the key that is, or whose label is, most like ``name``; empty if none is alike.
    ``labels``: labels by key."""
    by_word = {
        normalize_name(word): key for key, label in reversed(list(labels.items())) for word in (label, key)
    }
    near = difflib.get_close_matches(normalize_name(name), by_word, 1, 0.75)
    return f" Did you mean {by_word[near[0]]}?" if near else ""


def normalize_name(text: str) -> str:
    """The letters and digits of ``text`` in lower case, so that different spellings of a name compare
    equal."""
    return "".join(character for character in text.casefold() if character.isalnum())
