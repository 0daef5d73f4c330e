"""Fields that look as if they belonged together: like names, fitting types, not mapped yet. Pure; standard
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

_ALIKE = 0.8
"""The least share of words that two names must have in common: “first name” and “first name”, not “first
name” and “last name”."""
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
"""Words that tell no field from another."""
_OTHERS = frozenset(
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
"""Words that make another field of one: the street is not the second street, the name not the former name."""
_SAME: Mapping[str, tuple[str, ...]] = {
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
"""What the two systems, and schools, call differently."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two fields that seem to belong together, the owner under whom least is doubtful, and the value map
    where like options differ in value."""

    element451: Field
    salesforce: Field
    owner: System
    values: Mapping[str, str]

    @property
    def fields(self) -> tuple[str, str]:
        """Which mapped field it would be."""
        return self.element451.key, self.salesforce.key


def suggest_mappings(
    element451: Iterable[Field],
    salesforce: Iterable[Field],
    kind: Kind,
    taken: Collection[tuple[str, str]],
    creates: Collection[System],
    dismissed: Collection[tuple[str, str]] = (),
) -> list[Suggestion]:
    """Pairs of fields to map, the likeliest first, each field at most once. ``taken``: the (slug, API
    name) of what is mapped; ``dismissed``: what somebody did not want. ``creates``: see
    `field_problems`."""
    ours = [
        one.field
        for one in list_candidates(element451, kind, {slug for slug, _ in taken}, "")
        if one.reason is None
    ]
    theirs = [
        one.field
        for one in list_candidates(salesforce, kind, {name for _, name in taken}, "")
        if one.reason is None
    ]
    found: list[Suggestion] = []
    used: set[str] = set()
    for _, left, right in sorted(_alike_pairs(ours, theirs), key=_likeliest):
        if (left.key, right.key) in dismissed or {left.key, right.key} & used:
            continue
        values = match_by_label(left, right, {}) if supports_value_map(left, right) else {}
        owner = recommended_owner(problems_by_owner(kind, left, right, values, creates))
        if owner:
            used |= {left.key, right.key}
            found.append(Suggestion(left, right, owner, values))
    return found


def _likeliest(pair: tuple[float, Field, Field]) -> tuple[bool, float, bool, str, str]:
    """The order: what a new Salesforce record needs, then by similarity and by sort of value."""
    score, left, right = pair
    return not right.required, -score, left.family != right.family, left.key, right.key


def similarity(left: Field, right: Field) -> float:
    """How much two fields are named alike, by label or key: the share of words that they have in common, from
    0 to 1."""
    return max(_common(one, other) for one in _names(left) for other in _names(right))


def _alike_pairs(ours: Iterable[Field], theirs: Iterable[Field]) -> list[tuple[float, Field, Field]]:
    by_word: dict[str, dict[str, Field]] = {}
    for field in theirs:
        for name in _names(field):
            for word in name:
                by_word.setdefault(word, {})[field.key] = field
    found = []
    for left in ours:
        near = {
            key: right
            for name in _names(left)
            for word in name
            for key, right in by_word.get(word, {}).items()
        }
        found += [
            (score, left, right) for right in near.values() if (score := similarity(left, right)) >= _ALIKE
        ]
    return found


def _names(field: Field) -> tuple[frozenset[str], ...]:
    return tuple(name for name in (name_words(field.label), name_words(field.key)) if name)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return 0 if (one ^ other) & _OTHERS else 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=20_000)
def name_words(name: str) -> frozenset[str]:
    """The words that a label or key is made of: in small letters, synonyms made one, without those that tell
    nothing."""
    found = [word.lower() for word in _WORD.findall(_PREFIX.sub("", name))]
    same = [part for word in found for part in _SAME.get(word, (word,))]
    return frozenset(word for word in same if word not in _NOISE) or frozenset(same)
