"""What an undo came to, in people's words."""

from collections.abc import Mapping

_WORDS = {
    "restored": "put back",
    "already": "back already",
    "moved_since": "changed since, and left",
    "cannot": "cannot be put back",
}


def sentence(piles: Mapping[str, int]) -> str:
    """How many values of each pile, such as "Values: 1 put back."; those without any are left out."""
    told = ", ".join(f"{piles[pile]:,} {words}" for pile, words in _WORDS.items() if piles.get(pile))
    return f"Values: {told or 'none was to be put back'}."
