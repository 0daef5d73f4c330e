"""What to do about a failure, for a school's analyst: found by its code, else by its kind, its HTTP status or
its cause.

The reason of a log entry says what happened; this says what to do then. The codes themselves are entered in
`syncer.core.error_codes`.
"""

from typing import NamedTuple

from syncer.core.error_codes.entry import RETRIED, RETRY, Cause
from syncer.core.error_codes.table import find


class Remedy(NamedTuple):
    """``title`` names the failure in a few words; ``advice`` says what to do about it."""

    title: str
    advice: str


_PASSING = Remedy("System not available", f"{RETRIED} check both systems under Connection.")
_UNCLEAR = Remedy(
    "Unclear answer",
    "Nothing was concluded from it. Tell whoever runs this installation, with the system's own text.",
)
BY_KIND = {
    "Unreachable": Remedy("System not reached", f"{RETRIED} check both systems under Connection."),
    "TransientFault": _PASSING,
    "Busy": Remedy("Sign-in being renewed", f"{RETRIED} check both systems under Connection."),
    "LimitReached": Remedy("Limit used up", "It goes on automatically once the system allows more calls."),
    "ReconnectNeeded": Remedy(
        "Must be connected again",
        "Open Connection and connect the system again; then everything goes on automatically.",
    ),
    "NotAllowed": Remedy(
        "Not allowed", f"Ask the system's administrator for the permission that the reason names, {RETRY}"
    ),
    "Unexpected": _UNCLEAR,
}
"""A `Fault` without a code goes by the name of its class; see also `SAME_AS`."""
SAME_AS = {"FieldRefused": "INVALID_FIELD"}
BY_HTTP_STATUS = {
    401: Remedy(
        "Credentials not accepted",
        "Open Connection and connect again: Element451 with a valid feature token and API key, Salesforce"
        " by signing in.",
    ),
    403: Remedy(
        "Not allowed",
        f"Ask for the permission to be given to the feature token or the connected user, {RETRY}",
    ),
    406: _PASSING,
    410: Remedy(
        "No longer offered", "Ask whoever runs this installation to install a newer release of this program."
    ),
    414: Remedy("Question too long", "Map fewer fields, and tell whoever runs this installation."),
    420: _PASSING,
    429: Remedy("Too many requests", f"{RETRIED} ask the system's support for a higher limit."),
}
BY_CAUSE = {
    Cause.PASSING: Remedy("Passing fault", f"{RETRIED} tell whoever runs this installation."),
    Cause.WAITING: Remedy(
        "Waits for another record", "Put the other record right first; this one then follows automatically."
    ),
    Cause.LASTING: Remedy(
        "Refused", f"Read the system's own text, correct the record or the settings, {RETRY}"
    ),
}


def known(code: str) -> bool:
    """Whether there is a remedy for this very code, rather than for its cause."""
    return _of_code(code) is not None


def for_code(code: str, cause: str | None = None) -> Remedy:
    """What to do about a failure with this code; about an unknown one, by its ``cause`` (`Cause`; lasting
    where that is unknown too)."""
    return _of_code(code) or BY_CAUSE[Cause(cause or Cause.LASTING)]


def _of_code(code: str) -> Remedy | None:
    if entry := find(SAME_AS.get(code, code)):
        return Remedy(entry.title, entry.remedy)
    if code in BY_KIND:
        return BY_KIND[code]
    status = code.removeprefix("HTTP ")
    return _of_http_status(int(status)) if status.isdigit() else None


def _of_http_status(status: int) -> Remedy:
    if status >= 500:
        return _PASSING
    return BY_HTTP_STATUS.get(status, _UNCLEAR)
