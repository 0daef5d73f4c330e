"""Why Salesforce refused a record, in a school administrator's words and what to do (contracts/salesforce.md
A8). No I/O."""

import re
from collections.abc import Sequence

from syncer.connectors.errors import Fault, Refusal, refused
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.responses import TRANSIENT_STATUSES, ApiError
from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import find
from syncer.core.field_types.text import LOOKUP
from syncer.core.fields import Entity

_OTHER = "Salesforce refused the record: {detail}"
_PASSING_OTHER = "Salesforce could not take the record at the moment. It is tried again in the next run."
_LOCKED = "UNABLE_TO_LOCK_ROW"
_REQUEST_TOO_LARGE = "HTTP 413"
_SIZE_REACHED = "Maximum size of request reached"
"""Comes with JSON_PARSER_ERROR (A9)."""
_LIMIT_TEXTS = ("System.LimitException", "Apex CPU time limit exceeded")
"""What an automation (trigger or flow) says that ran out of what Salesforce grants it."""
_DUPLICATE = re.compile(
    r"duplicate value found: (\S+) duplicates value on record with id: ([A-Za-z0-9]{15,18})?"
)


def splits(error: ApiError, status: int) -> bool:
    """Whether a part that was refused as a whole, with this error and HTTP status, is sent again in smaller
    parts: one of its records, or their number, may have spoiled it. So it is with a code that nobody
    foresaw."""
    known = find(error.code)
    return known.split or known.too_large if known else status < 500 and status not in TRANSIENT_STATUSES


def spoils(fault: Fault) -> bool:
    """Whether a whole call was refused because of what it carries: one record, or their number or size, may
    have spoiled it for all (A9)."""
    known = find(fault.code)
    return known is not None and (known.split or known.too_large)


def error_of(fault: Fault) -> ApiError:
    """The error of the one record whose whole call was refused."""
    code = _REQUEST_TOO_LARGE if _SIZE_REACHED in fault.detail else fault.code
    return ApiError(code, fault.detail)


def too_large(error: ApiError) -> bool:
    """Whether there were more records at once than Salesforce, or an automation in it, bears (A9)."""
    known = find(error.code)
    return (known is not None and known.too_large) or any(text in error.message for text in _LIMIT_TEXTS)


def passes(error: ApiError) -> bool:
    """Whether sending the record again, soon, may succeed."""
    known = find(error.code)
    return (known is not None and known.resend) or _wraps_lock(error)


def refusal(errors: Sequence[ApiError], entity: Entity) -> Refusal:
    """The refusal for a record's errors: the first one leads, the others are in the detail."""
    first = errors[0]
    known = find(_LOCKED if _wraps_lock(first) else first.code)
    cause = known.cause if known else Cause.LASTING
    sentence = known.sentence if known else ""
    if not sentence:
        sentence = _PASSING_OTHER if cause is Cause.PASSING else _OTHER
    sentence = sentence.format(
        field=_labels(first, entity), object=entity.label, detail=first.message or first.code
    )
    detail = "; ".join(error.message for error in errors if error.message)
    fields = tuple(dict.fromkeys(name for error in errors for name in _names(error, entity)))
    return Refusal(first.code, sentence, cause, detail, fields)


def unclear(detail: str) -> Refusal:
    """The refusal for a record about which the response says nothing that can be relied on."""
    return refused("UNEXPECTED_ANSWER", detail)


def _wraps_lock(error: ApiError) -> bool:
    """Whether the error of a trigger wraps a lock error, as it often does (A8)."""
    return error.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" and _LOCKED in error.message


def duplicate(error: ApiError) -> tuple[str, str | None]:
    """(field, id) that a DUPLICATE_VALUE names; an empty field where Salesforce says ``<unknown>``."""
    found = _DUPLICATE.search(error.message)
    field = found[1] if found else (error.fields[0] if error.fields else "")
    return ("" if field == "<unknown>" else field), (found[2] if found else None)


def refused_fields(errors: Sequence[ApiError], write: Write, target: Entity) -> set[str]:
    """The fields of an update without which the record may pass: those that its errors name. None where one
    error names no field of the update, or where it concerns the record, its identity or a lookup."""
    found: set[str] = set()
    for error in errors:
        known = find(error.code)
        names = set(_names(error, target))
        if not names or not names <= set(write.values) or (known and known.cause is not Cause.LASTING):
            return set()
        found |= names
    lookups = any(target.fields[name].type == LOOKUP for name in found if name in target.fields)
    return set() if lookups else found


def _labels(error: ApiError, entity: Entity) -> str:
    """The labels of the fields that an error names."""
    names = _names(error, entity)
    return (
        ", ".join(entity.fields[name].label if name in entity.fields else name for name in names) or "a field"
    )


def _names(error: ApiError, entity: Entity) -> list[str]:
    """The fields that an error names, in its list or in its text, by their keys as far as they are known;
    Salesforce itself uses names here and labels there (A8)."""
    names = list(error.fields) or ([duplicate(error)[0]] if error.code == "DUPLICATE_VALUE" else [])
    if not names:
        label, colon, _ = error.message.partition(":")
        known = {field.label: field.key for field in entity.fields.values()} | {
            key: key for key in entity.fields
        }
        names = [known[label]] if colon and label in known else []
    by_lower = {key.lower(): key for key in entity.fields}
    return [by_lower.get(name.lower(), name) for name in names if name]
