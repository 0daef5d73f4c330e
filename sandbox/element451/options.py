"""The options of the imitation account, set by name through ``/_sandbox/options``."""

from dataclasses import dataclass

from sandbox.element451.zone import zone

_WORDS = {
    "element451_empties": ("mixed", "blank", "null", "absent", "word"),
    "element451_checkboxes": ("mixed", "objects", "list", "joined"),
    "element451_last_page": ("mixed", "absent", "blank", "extra", "wraps"),
    "element451_since": ("from", "after", "ignored"),
    "element451_order": ("id", "changed"),
    "element451_matching": ("all", "element_id", "none"),
    "element451_empty_cells": ("as_said", "kept", "emptied", "only_remove"),
    "element451_words": ("usual", "other"),
}


@dataclass
class Element451Options:
    """Where the contract leaves room, the account varies by record, field or request; an option fixes
    one way only.

    ``element451_empties``: how an empty value is spelt. ``element451_checkboxes``: how several values are.
    ``element451_last_page``: whether ``next_last_id`` is absent or blank on the last page, or names an extra
    page with no rows. Setting one to another word raises ValueError, an unknown zone KeyError.

    Others break an assumption of the contract: ``element451_empties`` "word" spells empty as the text null,
    ``element451_last_page`` "wraps" begins anew behind the end, ``element451_since`` is what $gte finds,
    ``element451_order`` the order of a segment, ``element451_matching`` the columns by which an import
    finds a contact, ``element451_empty_cells`` what an import makes of empty cells whatever they say,
    ``element451_words`` how it calls conversations and the stamp of contacts.
    """

    element451_feature_token: str = "sandbox-feature"  # noqa: S105 the imitation's published default
    element451_api_key: str = ""  # when set, `Authorization: Bearer E451.<key>` is required too
    element451_zone: str = "America/New_York"  # of the datetimes that are answered
    element451_empties: str = "mixed"
    element451_checkboxes: str = "mixed"
    element451_last_page: str = "mixed"
    element451_since: str = "from"
    element451_order: str = "id"
    element451_matching: str = "all"
    element451_empty_cells: str = "as_said"
    element451_words: str = "usual"
    element451_warns: bool = True  # whether a row that is not stored is in the warnings
    element451_names_fields: bool = True  # whether a refusal of a column names its slug
    element451_wrong_token: int = 401  # the status where a credential is wrong
    element451_stamps_off: float = 0.0  # seconds by which its stamps are ahead of the clock
    element451_most_bytes: int = 10 * 1024 * 1024  # of a body; a larger one: 413
    element451_calls_per_minute: int = 0  # beyond so many: 429; 0 is no limit
    element451_retry_after: bool = True  # whether a 429 says when to come back

    def __setattr__(self, name: str, value: object) -> None:
        if value not in _WORDS.get(name, (value,)):
            raise ValueError(f"{name} is one of {', '.join(_WORDS[name])}, not {value!r}")
        if name == "element451_zone":
            zone(str(value))
        super().__setattr__(name, value)
