"""Why Salesforce refused a record, in a school administrator's words and what to do (contracts/salesforce.md
A8). No I/O."""

import re
from collections.abc import Sequence

from syncer.connectors.errors import Cause, Fault, Refusal
from syncer.connectors.salesforce.responses import ApiError
from syncer.core.fields import Entity

_WORDS = {
    "REQUIRED_FIELD_MISSING": (
        "Salesforce requires {field}, which would be empty. Fill it in, map it, or give it a default in"
        " Salesforce."
    ),
    "STRING_TOO_LONG": (
        "The text is longer than {field} can hold in Salesforce. Shorten it, or lengthen the field."
    ),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
        "Salesforce accepts only the values of its list in {field}. Add the value to the list, or map it."
    ),
    "INVALID_EMAIL_ADDRESS": "{field} is not a valid e-mail address for Salesforce. Correct it.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule in Salesforce refused the record: {detail}",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "A lookup filter in Salesforce refused {field}: {detail}",
    "FIELD_INTEGRITY_EXCEPTION": "Salesforce found values that do not fit together: {detail}",
    "DUPLICATES_DETECTED": (
        "A duplicate rule in Salesforce found a similar record. Merge the two in Salesforce, or change the"
        " rule."
    ),
    "DUPLICATE_VALUE": "Another Salesforce record already has this value of {field}, which must be unique.",
    "DUPLICATE_EXTERNAL_ID": (
        "More than one Salesforce record has this value of {field}. Merge them in Salesforce, and make the"
        " field unique."
    ),
    "ENTITY_IS_DELETED": "The record is in Salesforce's recycle bin.",
    "INVALID_CROSS_REFERENCE_KEY": (
        "The record, or one that it refers to, does not exist in Salesforce, or the connected user may not"
        " see it."
    ),
    "NOT_FOUND": "The record does not exist in Salesforce, or the connected user may not see it.",
    "INSUFFICIENT_ACCESS_OR_READONLY": (
        "The connected user may not change this record. Check the user's permissions and the sharing rules in"
        " Salesforce."
    ),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        "The connected user may not use a record that this one refers to. Check the sharing rules in"
        " Salesforce."
    ),
    "INVALID_FIELD": (
        "Salesforce does not know {field}, or hides it from the connected user. Check the mapping and the"
        " field's permissions."
    ),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (
        "The connected user may not write {field}. Give the user edit permission for it, or change its owner."
    ),
    "INVALID_TYPE": "Salesforce does not know the object {object}, or hides it from the connected user.",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "The value does not fit the type of {field} in Salesforce.",
    "NUMBER_OUTSIDE_VALID_RANGE": "The number is too large for {field} in Salesforce.",
    "TOO_MANY_ENUM_VALUE": "More values are chosen than {field} can hold in Salesforce.",
    "MALFORMED_ID": "{field} holds something that is not a Salesforce ID.",
    "JSON_PARSER_ERROR": "A value does not fit the type of its field in Salesforce: {detail}",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
        "An automation (trigger or flow) in Salesforce refused the record: {detail}"
    ),
    "CANNOT_EXECUTE_FLOW_TRIGGER": "An automation (flow) in Salesforce failed on the record: {detail}",
    "STORAGE_LIMIT_EXCEEDED": "Salesforce's data storage is full. Free some, or buy more.",
    "DELETE_FAILED": "Salesforce refused to change the record because of others that depend on it: {detail}",
    "INVALID_ASSIGNMENT_RULE": "An assignment rule in Salesforce refused the record: {detail}",
    "UNABLE_TO_LOCK_ROW": (
        "Someone else was changing the record or its account in Salesforce. It is tried again in the next"
        " run."
    ),
    "UNKNOWN_EXCEPTION": "Salesforce had an inner error with this record. It is tried again in the next run.",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": (
        "Salesforce is in maintenance and accepts no changes. It is tried again in the next run."
    ),
    "UNEXPECTED_ANSWER": (
        "Salesforce did not say clearly what became of the record. It is looked at again in the next run."
    ),
}
_OTHER = "Salesforce refused the record: {detail}"
_PASSING_OTHER = "Salesforce could not take the record at the moment. It is tried again in the next run."
AGAIN = frozenset(
    {
        "UNABLE_TO_LOCK_ROW",
        "SERVER_UNAVAILABLE",
        "UNKNOWN_EXCEPTION",
        "TOO_MANY_APEX_REQUESTS",
        "QUERY_TIMEOUT",
    }
)
"""Codes of records that are sent again within the same write."""
_NEXT_RUN = AGAIN | {
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    "REQUEST_LIMIT_EXCEEDED",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "PROCESSING_HALTED",
    "UNEXPECTED_ANSWER",
}
SMALLER = frozenset(
    {
        "JSON_PARSER_ERROR",
        "MALFORMED_ID",
        "OPERATION_TOO_LARGE",
        "TXN_SECURITY_METERING_ERROR",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
    }
)
"""Codes with which one record, or their number, makes Salesforce refuse many: sent again in smaller parts."""
_DUPLICATE = re.compile(
    r"duplicate value found: (\S+) duplicates value on record with id: ([A-Za-z0-9]{15,18})?"
)


def passes(error: ApiError) -> bool:
    """Whether sending the record again, soon, may succeed. A trigger's error often wraps a lock error
    (A8)."""
    return error.code in AGAIN or (
        error.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" and "UNABLE_TO_LOCK_ROW" in error.message
    )


def refusal(errors: Sequence[ApiError], entity: Entity) -> Refusal:
    """The refusal for a record's errors: the first one leads, the others stand in the detail."""
    first = errors[0]
    detail = "; ".join(error.message for error in errors if error.message)
    passing = passes(first) or first.code in _NEXT_RUN
    named = _labels(first, entity)
    words = _WORDS.get("UNABLE_TO_LOCK_ROW" if passes(first) and first.code not in AGAIN else first.code)
    sentence = (words or (_PASSING_OTHER if passing else _OTHER)).format(
        field=named, object=entity.label, detail=first.message or first.code
    )
    fields = tuple(dict.fromkeys(name for error in errors for name in error.fields))
    return Refusal(first.code, sentence, Cause.PASSING if passing else Cause.LASTING, detail, fields)


def unclear(detail: str) -> Refusal:
    """The refusal for a record about which the answer says nothing that can be relied on."""
    return Refusal("UNEXPECTED_ANSWER", _WORDS["UNEXPECTED_ANSWER"], Cause.PASSING, detail)


def unsent(fault: Fault) -> Refusal:
    """The refusal for a record that could not be delivered because of ``fault``."""
    return Refusal(fault.code or type(fault).__name__, fault.sentence, Cause.PASSING, fault.detail)


def duplicate(error: ApiError) -> tuple[str, str | None]:
    """(field, id) that a DUPLICATE_VALUE names; an empty field where Salesforce says ``<unknown>``."""
    found = _DUPLICATE.search(error.message)
    field = found[1] if found else (error.fields[0] if error.fields else "")
    return ("" if field == "<unknown>" else field), (found[2] if found else None)


def _labels(error: ApiError, entity: Entity) -> str:
    """The labels of the fields that an error names, in its list or in its text; Salesforce itself uses names
    here and labels there (A8)."""
    names = list(error.fields) or ([duplicate(error)[0]] if error.code == "DUPLICATE_VALUE" else [])
    if not names:
        label, colon, _ = error.message.partition(":")
        known = {field.label: field.key for field in entity.fields.values()} | {
            key: key for key in entity.fields
        }
        names = [known[label]] if colon and label in known else []
    by_lower = {key.lower(): field.label for key, field in entity.fields.items()}
    labels = [by_lower.get(name.lower(), name) for name in names if name]
    return ", ".join(labels) or "a field"
