"""Which mapped fields hold a person's name or e-mail address, and how somebody is found and shown by them.
Pure; standard library only."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache

from syncer.core.records import Value

MAX_SEARCH_LENGTH = 300
"""Characters of a search text: enough for any name and address, and well within what an index takes."""


class NamePart(IntEnum):
    """What a field holds of a person, in the order in which people write it."""

    GIVEN = 1
    FAMILY = 2
    FULL = 3
    OTHER = 4
    EMAIL = 5


_PARTS = {
    **dict.fromkeys(("firstname", "givenname"), NamePart.GIVEN),
    **dict.fromkeys(("lastname", "familyname", "surname"), NamePart.FAMILY),
    **dict.fromkeys(("name", "fullname", "displayname"), NamePart.FULL),
    **dict.fromkeys(
        ("middlename", "preferredname", "preferredfirstname", "nickname", "chosenname", "maidenname"),
        NamePart.OTHER,
    ),
}


@lru_cache(maxsize=4096)
def name_part(key: str) -> NamePart | None:
    """What the field of this key holds of a person, told by its name: ``user-first-name``, ``LastName``,
    ``hed__Preferred_Name__c``."""
    bare = [piece for piece in key.split("__") if piece != "c"][-1:] or [
        key
    ]  # without Salesforce's namespace and suffix
    word = bare[0].removeprefix("user-").replace("-", "").replace("_", "").lower()
    return NamePart.EMAIL if word.endswith(("email", "emailaddress")) else _PARTS.get(word)


def name_fields(keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these fields that name a person, in the order in which people write them."""
    found = [(part, key) for key in keys if (part := name_part(key))]
    return tuple(key for _, key in sorted(found))


def search_text(values: Mapping[str, Value], keys: tuple[str, ...]) -> str | None:
    """Name and e-mail address as people would look for them, without regard to capitals; None where
    ``values`` hold neither."""
    texts = [value for key in keys if isinstance(value := values.get(key), str)]
    return " ".join(texts).casefold()[:MAX_SEARCH_LENGTH] if texts else None


def name_and_email(*sides: Mapping[str, Value]) -> tuple[str, str]:
    """(name, e-mail address) as they are shown, each from the first side that has it; empty where none
    does."""
    name = email = ""
    for values in sides:
        known = {
            part: value
            for key in reversed(name_fields(values))
            if isinstance(value := values[key], str) and (part := name_part(key))
        }
        both = " ".join(known[part] for part in (NamePart.GIVEN, NamePart.FAMILY) if part in known)
        name, email = name or both or known.get(NamePart.FULL, ""), email or known.get(NamePart.EMAIL, "")
    return name, email
