"""What can go wrong in talking to a system.

A call that fails as a whole raises a `Fault`, which carries a sentence for the user and whether it is
permanent:

Fault                       anything that stops a call
+-- Unreachable             network, time-out, 5xx, HTML instead of JSON: passes in time
|   +-- TransientFault      one attempt that failed so (`connectors.retry`): repeated, and raised in the end
|   +-- Busy                another process renews the same tokens (`salesforce.oauth.messages`)
+-- LimitReached            the system, or the school's share, allows no more calls until a moment (`until`)
+-- ReconnectNeeded         the tokens are dead: someone must connect again
+-- FieldRefused            a field or object is unknown or hidden: read the catalogue again
+-- NotAllowed              the user or the app may not do this
+-- Unexpected              a response that the contract does not know

A record that fails alone raises nothing: its `Result` holds a `Refusal`.
"""

from dataclasses import dataclass
from datetime import datetime

from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import find
from syncer.core.records import Record, System, Values


class Fault(Exception):
    """A call that failed as a whole. ``sentence`` is for a school's administrator, ``detail`` the system's
    own text, ``code`` its code."""

    permanent = False

    def __init__(self, system: System, sentence: str, *, code: str = "", detail: str = "") -> None:
        super().__init__(sentence)
        self.system, self.sentence, self.code, self.detail = system, sentence, code, detail


class Unreachable(Fault):
    """The system could not be reached or responded with a passing error, after the attempts of the retry
    policy."""


class LimitReached(Fault):
    """The system (or the school's own share of its limit: of ``share`` percent) allows no more calls before
    ``until`` (UTC)."""

    def __init__(
        self,
        system: System,
        sentence: str,
        *,
        until: datetime,
        code: str = "",
        detail: str = "",
        share: int | None = None,
    ) -> None:
        super().__init__(system, sentence, code=code, detail=detail)
        self.until, self.share = until, share


class ReconnectNeeded(Fault):
    """The sign-in no longer holds; only a person can renew it."""

    permanent = True


class FieldRefused(Fault):
    """A field or an object that was asked for does not exist, or is hidden from the connected user.
    ``fields``: the keys that the system names."""

    permanent = True

    def __init__(
        self, system: System, sentence: str, *, code: str = "", detail: str = "", fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(system, sentence, code=code, detail=detail)
        self.fields = fields


class NotAllowed(Fault):
    """The connected user or app lacks a permission that the call needs."""

    permanent = True


class Unexpected(Fault):
    """The response does not follow the contract; nothing was concluded from it."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one record was not written. ``sentence`` in plain words, ``detail`` the system's own text, ``code``
    its code."""

    code: str
    sentence: str
    cause: Cause
    detail: str = ""
    fields: tuple[str, ...] = ()


def refused(code: str, detail: str = "", fields: tuple[str, ...] = ()) -> Refusal:
    """The refusal of a record with a code that has its sentence and cause in the table of error codes."""
    known = find(code)
    if known is None:
        raise KeyError(code)
    return Refusal(code, known.sentence.format(detail=detail), known.cause, detail, fields)


def refused_by(fault: Fault, cause: Cause = Cause.PASSING) -> Refusal:
    """The refusal of a record that could not be delivered, or not judged, because of ``fault``."""
    return Refusal(fault.code or type(fault).__name__, fault.sentence, cause, fault.detail)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one write, in the order in which it was asked for.

    Either ``refusal`` is None (written; ``id`` names the record), or ``refusal`` says why not. ``deleted``:
    the record is in the recycle bin or gone. ``existing``: the creation was refused because a record with our
    ID is there already (``id`` names it where the system said so). ``uncertain``: the request was repeated
    after a lost response, so that `existing` may be our own doing. ``record``: the record as read back, where
    the connector had to read it.
    ``left_out``: why the target refused fields (its ``fields``, by their keys, if it named any) of a record
    that was written without them. ``before``: of an update, what the target held right before it, of the
    fields written; None where that is not known, as where an earlier attempt may have been carried out.
    ``held_back``: nothing was sent, since the target holds a value that is believed not to be there
    (`Write.believed_empty`); ``record`` is what it holds.
    """

    id: str | None = None
    refusal: Refusal | None = None
    created: bool = False
    deleted: bool = False
    existing: bool = False
    uncertain: bool = False
    record: Record | None = None
    left_out: Refusal | None = None
    before: Values | None = None
    held_back: bool = False
