"""The guard's kinds of change in people's words, what is dangerous first."""

from collections.abc import Mapping
from typing import NamedTuple

from syncer.core.guard import ChangeKind
from syncer.core.text import counted


class KindWords(NamedTuple):
    """How a kind of change is drawn: its shape, its noun, a headline that takes the number of records, what
    happens to a field, and its shape and word in the cell of a table."""

    icon: str
    noun: str
    headline: str
    done: str
    cell: str


KINDS = {
    ChangeKind.BLANK: KindWords(
        ":red[:material/backspace:]", "blank", "Empty values of {}", "emptied", "⌫ blank"
    ),
    ChangeKind.DEACTIVATE: KindWords(
        ":orange[:material/link_off:]",
        "deactivation",
        "Take {} out of the sync",
        "taken out",
        "⊘ deactivation",
    ),
    ChangeKind.CHANGE: KindWords(":blue[:material/edit:]", "change", "Change {}", "changed", "✎ change"),
    ChangeKind.CREATE: KindWords(
        ":green[:material/add_circle:]", "creation", "Create {}", "new", "＋ creation"
    ),
}
"""In the order in which they are shown: what takes something away comes first."""
DANGEROUS = (ChangeKind.BLANK, ChangeKind.DEACTIVATE)
COLOURS = {
    ChangeKind.BLANK: "red",
    ChangeKind.DEACTIVATE: "orange",
    ChangeKind.CHANGE: "blue",
    ChangeKind.CREATE: "green",
}


Counts = Mapping[ChangeKind, int] | Mapping[str, int]
"""How many records of each kind."""


def amount(kinds: Counts) -> str:
    """How many records of each kind, such as "58 blanks and 6 changes"; empty where there are none."""
    told = [counted(kinds[kind], words.noun) for kind, words in KINDS.items() if kinds.get(kind)]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def in_order(kinds: Counts) -> list[ChangeKind]:
    """The kinds of which there are any, what is dangerous first."""
    return [kind for kind in KINDS if kinds.get(kind)]
