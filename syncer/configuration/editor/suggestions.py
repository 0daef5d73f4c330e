"""Suggested mappings: fields with similar names and matching types that are not mapped yet. Pure; standard
library only."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from syncer.configuration.editor.candidates import list_candidates
from syncer.configuration.editor.ownership import problems_by_owner, recommended_owner
from syncer.configuration.editor.value_maps import match_by_label, supports_value_map
from syncer.core.fields import Field
from syncer.core.records import Kind, System

MIN_SIMILARITY = 0.8
"""The share of words that two names must have in common at least: “first name” and “last name” do not."""
_PREFIX = re.compile(r"^[a-z0-9]{1,15}__(?=.*__c$)", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOISE = frozenset(
    {
        "user",
        "conversation",
        "custom",
        "c",
        "pc",
        "of",
        "the",
        "a",
        "number",
        "address",
        "addresses",
        "value",
        "1",
    }
)
"""Words that do not distinguish one field from another."""
_DISTINGUISHING = frozenset(
    {
        "former",
        "previous",
        "old",
        "other",
        "alternate",
        "secondary",
        "second",
        "work",
        "assistant",
        "emergency",
        "parent",
        *"23456789",
    }
)
"""Words that make it another field: a street is not a second street, a name not a former name."""
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("dob", "birthdate", "birthday"), ("birth", "date")),
    **dict.fromkeys(("mobile", "cellphone"), ("cell", "phone")),
    **dict.fromkeys(("zip", "zipcode", "postalcode"), ("postal", "code")),
    "postal": ("postal", "code"),
    **dict.fromkeys(("home", "permanent"), ("mailing",)),
    **dict.fromkeys(("mail", "e"), ("email",)),
    **dict.fromkeys(("surname", "lastname"), ("last", "name")),
    "firstname": ("first", "name"),
    "sex": ("gender",),
    "telephone": ("phone",),
    "province": ("state",),
    "ethnicities": ("ethnicity",),
    "messages": ("message",),
}
"""Different words for the same, by system or by school."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two fields that seem to belong together, the recommended owner, and a value map if options with the
    same label have different values."""

    element451: Field
    salesforce: Field
    owner: System
    values: Mapping[str, str]

    @property
    def fields(self) -> tuple[str, str]:
        """The keys of the mapped field that it would be."""
        return self.element451.key, self.salesforce.key


def suggest_mappings(
    element451: Iterable[Field],
    salesforce: Iterable[Field],
    kind: Kind,
    taken: Collection[tuple[str, str]],
    created_in: Collection[System],
    dismissed: Collection[tuple[str, str]] = (),
) -> list[Suggestion]:
    """Pairs of fields to map, the likeliest first, each field at most once. ``taken``: the keys of what is
    mapped; ``dismissed``: suggestions that somebody rejected. ``created_in``: see `field_problems`."""
    free_element451 = [
        one.field
        for one in list_candidates(element451, kind, {slug for slug, _ in taken}, "")
        if one.reason is None
    ]
    free_salesforce = [
        one.field
        for one in list_candidates(salesforce, kind, {name for _, name in taken}, "")
        if one.reason is None
    ]
    found: list[Suggestion] = []
    used: set[str] = set()
    for _, left, right in sorted(_similar_pairs(free_element451, free_salesforce), key=_rank):
        if (left.key, right.key) in dismissed or {left.key, right.key} & used:
            continue
        values = match_by_label(left, right, {}) if supports_value_map(left, right) else {}
        owner = recommended_owner(problems_by_owner(kind, left, right, values, created_in))
        if owner:
            used |= {left.key, right.key}
            found.append(Suggestion(left, right, owner, values))
    return found


def _rank(pair: tuple[float, Field, Field]) -> tuple[bool, float, bool, str, str]:
    """The sort key: first what a new Salesforce record needs, then by similarity and by type."""
    score, left, right = pair
    return not right.required, -score, left.family != right.family, left.key, right.key


def similarity(left: Field, right: Field) -> float:
    """How similar the names of two fields are, by label or key: the share of words that they have in common,
    from 0 to 1."""
    return max(_common(one, other) for one in _names(left) for other in _names(right))


def _similar_pairs(
    element451: Iterable[Field], salesforce: Iterable[Field]
) -> list[tuple[float, Field, Field]]:
    by_word: dict[str, dict[str, Field]] = {}
    for field in salesforce:
        for name in _names(field):
            for word in name:
                by_word.setdefault(word, {})[field.key] = field
    found = []
    for left in element451:
        near = {
            key: right
            for name in _names(left)
            for word in name
            for key, right in by_word.get(word, {}).items()
        }
        found += [
            (score, left, right)
            for right in near.values()
            if (score := similarity(left, right)) >= MIN_SIMILARITY
        ]
    return found


def _names(field: Field) -> tuple[frozenset[str], ...]:
    return tuple(name for name in (name_words(field.label), name_words(field.key)) if name)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return 0 if (one ^ other) & _DISTINGUISHING else 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=20_000)
def name_words(name: str) -> frozenset[str]:
    """The words of a label or key in lower case, with synonyms replaced and without those that distinguish
    nothing."""
    found = [word.lower() for word in _WORD.findall(_PREFIX.sub("", name))]
    same = [part for word in found for part in _SYNONYMS.get(word, (word,))]
    return frozenset(word for word in same if word not in _NOISE) or frozenset(same)
