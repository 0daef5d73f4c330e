"""What is tried of Salesforce, in the order in which it is shown; and what the configuration expects of the
org."""

from dataclasses import dataclass

from syncer.core.trust.verdict import Check

API_VERSION_CHECK = Check("API version", "The org offers the version of the API that the sync uses.", "A2")
UNIQUE_IDS = Check(
    "unique IDs", "The fields that hold Element451's IDs are external ids and unique.", "rule 14"
)
RIGHTS = Check(
    "rights", "The connected user may read every mapped field, and write what the sync writes.", "A3"
)
VISIBILITY = Check("visibility", "The connected user sees every record that the sync knows.", "A9")
CLOCK = Check("clock", "Salesforce's clock agrees with this machine's clock.", "rule 23")
LIMITS = Check("limits", "The share of the daily limit of calls is enough for the runs of a day.", "A7")
CHANGES = Check("changes", "getUpdated says up to when changes are complete.", "A5.1")
DELETIONS = Check("deletions", "getDeleted names the records that were deleted.", "A5.1")
DUPLICATE_RULES = Check("duplicate rules", "No active duplicate rule refuses new records.", "A9")
SIGN_IN = Check("sign-in", "The sign-in can be renewed, and does not end.", "A1.4, A1.5")
AUTOMATION = Check("automation", "What is written stays as it was written.", "rule 5", True)

READING = (
    API_VERSION_CHECK,
    UNIQUE_IDS,
    RIGHTS,
    VISIBILITY,
    CLOCK,
    LIMITS,
    CHANGES,
    DELETIONS,
    DUPLICATE_RULES,
    SIGN_IN,
)
CHECKS = (*READING, AUTOMATION)


@dataclass(frozen=True, slots=True)
class ExpectedObject:
    """What is expected of one object: ``external_id`` holds Element451's ID; ``read``, ``created`` and
    ``updated`` are the API names of the fields that are read, and written on either occasion."""

    name: str
    external_id: str | None = None
    read: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the configuration expects of the org. ``known``: ids of the contacts' object that must be visible;
    ``calls_a_day``: what an ordinary day takes at least, and ``share_percent`` of the org's limit is what
    the sync may use. ``test_record``: a record of the contacts' object that may be written to. ``renew``:
    the sign-in is renewed, which was done already right after connecting."""

    objects: tuple[ExpectedObject, ...]
    known: tuple[str, ...] = ()
    calls_a_day: int = 0
    share_percent: int = 100
    test_record: str | None = None
    renew: bool = True
