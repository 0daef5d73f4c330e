"""problems."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from syncer.core.fields import Field


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (an error: nothing runs) or doubtful (a warning). ``where`` is a place in the file,
    such as ``mappings.contact[3]``.

    ``short`` says in a few words what may be wrong where nothing is known that speaks for it, but that a
    field takes less than another may hold.
    """

    severity: Literal["error", "warning"]
    where: str
    message: str
    short: str = ""


def label_and_key(field: Field) -> str:
    """A field as a person reads it: its label, and its slug or API name."""
    return f"{field.label} ({field.key})"


def did_you_mean(name: str, labels: Mapping[str, str]) -> str:
    """“Did you mean …?” with a name, or the name of what is labelled so; nothing where none is near."""
    by_word = {
        normalize_name(word): key for key, label in reversed(list(labels.items())) for word in (label, key)
    }
    near = difflib.get_close_matches(normalize_name(name), by_word, 1, 0.75)
    return f" Did you mean {by_word[near[0]]}?" if near else ""


def normalize_name(text: str) -> str:
    """Letters and digits alone, without case: what two spellings of a name have in common."""
    return "".join(character for character in text.casefold() if character.isalnum())
