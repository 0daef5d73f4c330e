"""What is known of one error code."""

from dataclasses import dataclass
from enum import StrEnum

RETRY = "then choose Retry, or leave the next try to the sync."
"""How a remedy ends after which the record is done again."""
RETRIED = (
    "Nothing needs to be done: it is retried automatically, at first in the next run, then less often. If it"
    " goes on for a day,"
)
"""How a remedy begins where waiting is enough; what to do if it is not follows."""


class Cause(StrEnum):
    """Why a record failed, as far as trying again is concerned (contracts/salesforce.md A8)."""

    PASSING = "passing"
    """Tried again in the next run, then after growing pauses."""
    LASTING = "lasting"
    """Waits until the record or the settings change, or someone says Retry; tried once a day all the same."""
    WAITING = "waiting"
    """Waits for another record (a conversation for its contact); tried once a day all the same."""


class CallFailure(StrEnum):
    """What a code means where a whole call to Salesforce failed with it, rather than one record."""

    TRANSIENT = "transient"
    """Send the call again, after a pause."""
    TOO_LARGE = "too large"
    """Ask for less at once."""
    FIELD_REFUSED = "field refused"
    """A field or object is unknown or hidden: read the catalogue again."""
    NOT_ALLOWED = "not allowed"
    """The connected user or app lacks a permission."""


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One error code, of Salesforce, of Element451 or of the product itself.

    ``title`` names what went wrong in a few words; ``remedy`` tells a school's analyst what to do about it.
    ``sentence`` says what happened to a record; it may name ``{field}``, ``{object}`` and ``{detail}`` (the
    system's own text), and is empty where the place that notices the error writes its own.

    ``cause``: whether a record that failed with it is tried again. ``resend``: the record is sent again
    within the same write. ``split``: a part of a batch that was refused with it as a whole is sent again in
    smaller parts, as one record may have spoiled it for all; ``too_large``: as there were too many of them.
    ``of_call``: see `CallFailure`. ``of_connection``: it concerns the whole connection, also where it comes
    with a single record.
    """

    code: str
    title: str
    remedy: str
    sentence: str = ""
    cause: Cause = Cause.LASTING
    resend: bool = False
    split: bool = False
    too_large: bool = False
    of_call: CallFailure | None = None
    of_connection: bool = False
