"""What both systems' connectors hand to the core: records with normalised values. Pure; standard library
only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = str | bool | int | float | list[str] | None
"""One normalised value. Every spelling of empty is ``None``; dates are ``YYYY-MM-DD``; datetimes are UTC
``YYYY-MM-DDTHH:MM:SS+00:00``; integral numbers are ``int``; several values are a sorted list without repeats,
never an empty one. JSON keeps all of it as it is."""

Values = Mapping[str, Value]
"""Values by field key. A key that is missing is *unknown*, which is not empty (rule 6)."""


class Kind(StrEnum):
    """The two kinds of record that are synced (docs/architecture.md, "Words")."""

    CONTACT = "contact"
    CONVERSATION = "conversation"


class System(StrEnum):
    """The two systems; also the possible owners of a mapped field."""

    ELEMENT451 = "element451"
    SALESFORCE = "salesforce"

    @property
    def label(self) -> str:
        """The system's name as a person writes it."""
        return "Element451" if self is System.ELEMENT451 else "Salesforce"

    @property
    def other(self) -> "System":
        """The system on the other side."""
        return System.SALESFORCE if self is System.ELEMENT451 else System.ELEMENT451


class RecordState(StrEnum):
    """What a system says of a record."""

    LIVE = "live"
    DELETED = "deleted"  # Salesforce: in the recycle bin, may be undeleted
    ABSENT = "absent"  # a read by its ID did not bring it, which proves nothing (rule 9)
    GONE = "gone"  # proved not to exist any more
    MERGED = "merged"  # Salesforce: deleted, and `merged_into` names the survivor


NOT_GONE = (RecordState.LIVE, RecordState.ABSENT)
"""The states in which a record has not been proved gone (rule 9)."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as one system holds it.

    ``id`` is the Element ID, the conversation ID or the 18-character Salesforce ID. ``values`` holds the
    fields that were asked for, by slug or API name. ``account`` (Salesforce only) is the AccountId, by which
    writes are ordered to avoid lock errors. ``damaged`` names the fields whose text could not be decoded:
    their values are unknown (rule 22).

    Of an absent record: ``listed`` says that the system named it in a list at the same time,
    ``beside_living`` that the same call brought a record that is known to live (rule 9).
    """

    id: str
    values: dict[str, Value]
    state: RecordState = RecordState.LIVE
    merged_into: str | None = None
    account: str | None = None
    damaged: frozenset[str] = frozenset()
    listed: bool = False
    beside_living: bool = False
