"""What to do about each cause of a failure: its short words, and one or two sentences for a school's analyst.
Pure; standard library only.

The reason of an entry says what happened; this says what to do then. Codes are Salesforce's
(contracts/salesforce.md A8), Element451's as its adapter names them, and the product's own (`plan`,
`recovery`, `opening`).
"""

from typing import NamedTuple


class Advice(NamedTuple):
    """``words`` name the cause in a few words; ``remedy`` says what to do about it."""

    words: str
    remedy: str


_BY_ITSELF = (
    "Nothing needs to be done: it is tried again by itself, at first in the next run, then less often. If it"
    " goes on for a day,"
)
_RECONNECT = "Open Connection and connect Salesforce again; then everything goes on by itself."
_AGAIN = "then choose Retry, or leave the next try to the sync."

_RECORD = {
    "REQUIRED_FIELD_MISSING": (
        "A required field would be empty",
        (
            "Fill the field in on the record in the system that owns it, or map a field that has a value,"
            f" {_AGAIN}"
        ),
    ),
    "STRING_TOO_LONG": (
        "Text too long",
        (
            "Shorten the text where it is written, or have the Salesforce administrator lengthen the field,"
            f" {_AGAIN}"
        ),
    ),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
        "Value not in Salesforce's list",
        (
            "Open Mappings and give the value a counterpart in the field's value map, or have it added to"
            f" the list in Salesforce, {_AGAIN}"
        ),
    ),
    "INVALID_EMAIL_ADDRESS": ("Not a valid e-mail address", f"Correct the address on the record, {_AGAIN}"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (
        "Refused by a validation rule",
        (
            "Correct the record so that it keeps the rule, or ask the Salesforce administrator to change the"
            f" rule, {_AGAIN}"
        ),
    ),
    "FIELD_FILTER_VALIDATION_EXCEPTION": (
        "Refused by a lookup filter",
        (
            "Choose a value that the filter allows, or ask the Salesforce administrator to change the"
            f" filter, {_AGAIN}"
        ),
    ),
    "FIELD_INTEGRITY_EXCEPTION": (
        "Values do not fit together",
        (
            "Look at the fields that Salesforce names, such as a state that does not belong to its country,"
            f" correct them, {_AGAIN}"
        ),
    ),
    "DUPLICATES_DETECTED": (
        "A duplicate rule found a similar record",
        (
            "Look for the similar record in Salesforce: merge the two, or give it the Element ID so that"
            f" they become one pair, {_AGAIN}"
        ),
    ),
    "DUPLICATE_VALUE": (
        "Value taken by another record",
        (
            "Look in Salesforce for the record that has the same value: merge the two, or correct the value"
            f" on one of them, {_AGAIN}"
        ),
    ),
    "DUPLICATE_EXTERNAL_ID": (
        "Several records with one ID",
        (
            f"Merge these records in Salesforce, so that one of them has the ID, {_AGAIN} Have the field made"
            " unique, so that it cannot come back."
        ),
    ),
    "ENTITY_IS_DELETED": (
        "In Salesforce's recycle bin",
        (
            "If it was deleted by mistake, restore it from the recycle bin: it then comes back into the sync"
            " by itself. Else leave it."
        ),
    ),
    "INVALID_CROSS_REFERENCE_KEY": (
        "A record that is missing or hidden",
        (
            "Look whether the record, and those that it refers to, exist and may be seen by the connected"
            f" user; put that right, {_AGAIN}"
        ),
    ),
    "NOT_FOUND": (
        "Not found in Salesforce",
        (
            "Look whether the record still exists. If it does, let the connected user see it (sharing"
            f" rules), {_AGAIN}"
        ),
    ),
    "INSUFFICIENT_ACCESS_OR_READONLY": (
        "Connected user may not change it",
        (
            "Ask the Salesforce administrator to let the connected user edit this record (permission set,"
            f" sharing rules, record locks), {_AGAIN}"
        ),
    ),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        "Connected user may not use a linked record",
        (
            "Ask the Salesforce administrator to share the linked record (such as the account or owner) with"
            f" the connected user, {_AGAIN}"
        ),
    ),
    "INVALID_FIELD": (
        "Field unknown or hidden",
        (
            "Open Mappings: it shows which field is missing. Remove it there, or have the connected user"
            f" granted access to it, {_AGAIN}"
        ),
    ),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (
        "Connected user may not write a field",
        (
            "Ask the Salesforce administrator for edit access to the field for the connected user, or make"
            f" Salesforce its owner under Mappings, {_AGAIN}"
        ),
    ),
    "INVALID_TYPE": (
        "Object unknown or hidden",
        (
            "Check the entity under Sync Preferences, and that the connected user may use that object in"
            f" Salesforce, {_AGAIN}"
        ),
    ),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": (
        "Value of another type",
        (
            "Correct the value on the record, or map the field to one of a fitting type under Mappings,"
            f" {_AGAIN}"
        ),
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": (
        "Number too large",
        f"Correct the number, or have the Salesforce administrator enlarge the field, {_AGAIN}",
    ),
    "TOO_MANY_ENUM_VALUE": ("Too many values chosen", f"Choose fewer values on the record, {_AGAIN}"),
    "MALFORMED_ID": (
        "Not a Salesforce ID",
        f"Correct the ID on the record, or map the field to another one under Mappings, {_AGAIN}",
    ),
    "JSON_PARSER_ERROR": (
        "Value does not fit its field",
        (
            "Correct the value on the record, or map the field to one of a fitting type under Mappings,"
            f" {_AGAIN}"
        ),
    ),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
        "Refused by an automation",
        (
            "Show Salesforce's own text to the Salesforce administrator: a trigger or flow has to be"
            f" corrected, or the record, {_AGAIN}"
        ),
    ),
    "CANNOT_EXECUTE_FLOW_TRIGGER": (
        "A flow failed",
        f"Show Salesforce's own text to the Salesforce administrator: the flow has to be corrected, {_AGAIN}",
    ),
    "STORAGE_LIMIT_EXCEEDED": (
        "Salesforce's storage is full",
        f"Ask the Salesforce administrator to free data storage or to buy more, {_AGAIN}",
    ),
    "DELETE_FAILED": (
        "Held by other records",
        f"Look at the records that Salesforce names and put them right, {_AGAIN}",
    ),
    "INVALID_ASSIGNMENT_RULE": (
        "Refused by an assignment rule",
        f"Ask the Salesforce administrator to correct the assignment rule, {_AGAIN}",
    ),
}

_PASSING = {
    "UNABLE_TO_LOCK_ROW": (
        "Record was in use",
        f"{_BY_ITSELF} ask the Salesforce administrator which automation holds these records.",
    ),
    "UNKNOWN_EXCEPTION": (
        "Inner error of Salesforce",
        f"{_BY_ITSELF} give Salesforce's own text to Salesforce's support.",
    ),
    "SERVER_UNAVAILABLE": ("Salesforce not available", f"{_BY_ITSELF} look at status.salesforce.com."),
    "TOO_MANY_APEX_REQUESTS": (
        "Salesforce busy",
        f"{_BY_ITSELF} ask the Salesforce administrator what else runs in the organization.",
    ),
    "QUERY_TIMEOUT": (
        "Salesforce took too long",
        f"{_BY_ITSELF} ask the Salesforce administrator what slows the object down.",
    ),
    "OPERATION_TOO_LARGE": ("Too much at once", f"{_BY_ITSELF} lower the batch size under Sync Preferences."),
    "TXN_SECURITY_METERING_ERROR": (
        "Held back by transaction security",
        f"{_BY_ITSELF} show Salesforce's own text to the Salesforce administrator.",
    ),
    "EXCEEDED_ID_LIMIT": (
        "Too many records at once",
        f"{_BY_ITSELF} lower the batch size under Sync Preferences.",
    ),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": (
        "Salesforce in maintenance",
        f"{_BY_ITSELF} look at status.salesforce.com.",
    ),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": (
        "Held up by another record",
        f"{_BY_ITSELF} look at the other failed entries of the same run.",
    ),
    "PROCESSING_HALTED": (
        "Held up by another record",
        f"{_BY_ITSELF} look at the other failed entries of the same run.",
    ),
    "UNEXPECTED_ANSWER": (
        "Unclear answer of Salesforce",
        f"{_BY_ITSELF} tell whoever runs this installation.",
    ),
    "NETWORK": ("Element451 not reached", f"{_BY_ITSELF} check under Connection that the API URL is right."),
    "network": (
        "Salesforce not reached",
        f"{_BY_ITSELF} check under Connection that the Salesforce URL is right.",
    ),
    "SKIPPED": (
        "Skipped by Element451",
        f"{_BY_ITSELF} look in Element451 whether several contacts share this one's ID.",
    ),
    "NO_ANSWER": ("No word from Element451", f"{_BY_ITSELF} look the contact up in Element451."),
    "PROCESS_ENDED": (
        "Interrupted",
        (
            "Look at the record in both systems: the values may have arrived or not. The next run brings them"
            " into step by itself; Retry does it now."
        ),
    ),
    "INVALID_QUERY_LOCATOR": (
        "Reading was interrupted",
        f"{_BY_ITSELF} tell whoever runs this installation.",
    ),
    "INVALID_REPLICATION_DATE": ("Reading starts anew", f"{_BY_ITSELF} tell whoever runs this installation."),
}

_LIMITS = {
    "REQUEST_LIMIT_EXCEEDED": (
        "Salesforce's daily limit is used up",
        (
            "It goes on by itself once the limit frees up. If it happens often, lower the share of the limit"
            " under Sync Preferences, or buy more calls."
        ),
    ),
    "SHARE_OF_LIMIT": (
        "The sync's share of the limit is used up",
        (
            "It goes on by itself once the limit frees up. To let it use more, raise its share of the API"
            " limit under Sync Preferences."
        ),
    ),
}

_CONNECTION = {
    **dict.fromkeys(
        (
            "API_DISABLED_FOR_ORG",
            "API_CURRENTLY_DISABLED",
            "FUNCTIONALITY_NOT_ENABLED",
            "INSUFFICIENT_ACCESS",
        ),
        (
            "Salesforce's API not allowed",
            "Ask the Salesforce administrator to allow the API for the connected user and the organization.",
        ),
    ),
    "INVALID_SESSION_ID": (
        "Sign-in not accepted",
        f"{_BY_ITSELF} open Connection and connect Salesforce again.",
    ),
    **dict.fromkeys(
        (
            "not_connected",
            "reconnect_needed",
            "no_refresh_token",
            "invalid_grant",
            "organization",
            "other_organization",
            "identity",
            "signature",
        ),
        ("Salesforce must be connected again", _RECONNECT),
    ),
    **dict.fromkeys(
        ("address", "instance_url"),
        ("An address was not followed", f"Check the addresses under Connection and connect again, {_AGAIN}"),
    ),
    "tls": (
        "Secure connection refused",
        (
            "Ask whoever runs this installation to check its clock, and the certificates of a proxy between"
            " it and Salesforce."
        ),
    ),
    "version": (
        "Salesforce's API too old",
        (
            "Ask the Salesforce administrator: the organization must offer the API version that the reason"
            " names."
        ),
    ),
    "MALFORMED_QUERY": (
        "Question not understood",
        "Tell whoever runs this installation, with Salesforce's own text.",
    ),
    "INVALID_QUERY_FILTER_OPERATOR": (
        "Field cannot be searched",
        f"Map another field under Mappings, {_AGAIN}",
    ),
    "FIELD_GONE": (
        "Mapped field is gone",
        f"Open Mappings and remove the field, or bring it back in Element451, {_AGAIN}",
    ),
    "CONFIGURATION": (
        "Settings have errors",
        "Open Mappings: what is wrong stands beside the rows. Correct it; the next run then goes on.",
    ),
    "REQUEST": (
        "Request not sent",
        "Check the API URL under Connection; if it is right, tell whoever runs this installation.",
    ),
    "CONTRACT": (
        "Unclear answer of Element451",
        "Nothing was concluded from it. Tell whoever runs this installation, with Element451's own text.",
    ),
    "CREATED": (
        "Element451 created a contact unasked",
        (
            "Imports stopped so that no more are made. Look the contacts up in Element451 by the IDs in its"
            " own text, and ask Element451's support."
        ),
    ),
}

_OURS = {
    "MORE_THAN_ONE_MATCH": (
        "More than one possible match",
        (
            "Nothing was written. Find the duplicates that the reason names and merge them, or clear the"
            f" wrong ID, {_AGAIN}"
        ),
    ),
    "ID_CHANGED": (
        "Stored ID was changed",
        (
            "Put the ID back on the record, or switch updates on under Sync Preferences so that the sync"
            f" does it, {_AGAIN}"
        ),
    ),
    "CONTACT_FAILED": (
        "Its contact failed",
        (
            "Put the contact right first: open the newest of its contact's entries. The conversation then"
            " follows by itself."
        ),
    ),
    "VALUE_DOES_NOT_FIT": (
        "Value does not fit the other field",
        (
            "Correct the value on the record, or give it a counterpart in the field's value map under"
            f" Mappings, {_AGAIN}"
        ),
    ),
    "ALTERED_AFTER_WRITE": (
        "Changed after each write",
        (
            "Something in the receiving system (a flow, trigger or formula) alters this value each time."
            f" Have it changed, or make that system the field's owner under Mappings, {_AGAIN}"
        ),
    ),
    "AMBIGUOUS": ("Several contacts with one Salesforce ID", f"Merge these contacts in Element451, {_AGAIN}"),
    "IMPORT_WARNING": (
        "Refused by Element451",
        (
            "Correct the value that Element451 names, on the record or in the value map under Mappings,"
            f" {_AGAIN}"
        ),
    ),
    "GONE": (
        "No longer in Element451",
        (
            "Look in Element451 whether the contact was merged or deleted. The next run follows a merge by"
            " itself; a deleted one leaves the sync."
        ),
    ),
    "NO_KEY": (
        "No Salesforce ID to create it by",
        f"Check under Mappings that the Salesforce ID is mapped, {_AGAIN}",
    ),
}

_KNOWN = {
    code: Advice(*told)
    for part in (_RECORD, _PASSING, _LIMITS, _CONNECTION, _OURS)
    for code, told in part.items()
}
_KINDS = {
    "Unreachable": Advice("System not reached", f"{_BY_ITSELF} check both systems under Connection."),
    "Passing": Advice("System not available", f"{_BY_ITSELF} check both systems under Connection."),
    "Busy": Advice("Sign-in being renewed", f"{_BY_ITSELF} check both systems under Connection."),
    "LimitReached": Advice("Limit used up", "It goes on by itself once the system allows more calls."),
    "ReconnectNeeded": Advice(
        "Must be connected again",
        "Open Connection and connect the system again; then everything goes on by itself.",
    ),
    "FieldRefused": _KNOWN["INVALID_FIELD"],
    "NotAllowed": Advice(
        "Not allowed", f"Ask the system's administrator for the permission that the reason names, {_AGAIN}"
    ),
    "Unexpected": Advice(
        "Unclear answer",
        "Nothing was concluded from it. Tell whoever runs this installation, with the system's own text.",
    ),
}
"""Faults without a code of their own go by their kind (`systems.errors`)."""
_HTTP = {
    "401": Advice(
        "Credentials not accepted",
        "Open Connection and connect Element451 again with a valid feature token and API key.",
    ),
    "403": Advice(
        "Not allowed",
        f"Ask for the permission to be given to the feature token or the connected user, {_AGAIN}",
    ),
    "429": Advice("Too many requests", f"{_BY_ITSELF} ask the system's support for a higher limit."),
}
_BY_CAUSE = {
    "passing": Advice("Passing fault", f"{_BY_ITSELF} tell whoever runs this installation."),
    "waiting": Advice(
        "Waits for another record", "Put the other record right first; this one then follows by itself."
    ),
    "lasting": Advice("Refused", f"Read the system's own text, correct the record or the settings, {_AGAIN}"),
}


def known(code: str) -> bool:
    """Whether there is advice for this very code, rather than for its sort."""
    return code in _KNOWN or code in _KINDS or code.startswith("HTTP ") or code.isdigit()


def for_code(code: str, cause: str | None = None) -> Advice:
    """What to do about a failure with this code. One that is not known goes by its ``cause``
    (`systems.errors.Cause`), if that is."""
    if found := _KNOWN.get(code) or _KINDS.get(code):
        return found
    status = code.removeprefix("HTTP ")
    if status.isdigit():
        passing = status.startswith("5") or status in ("406", "420")
        return _HTTP.get(status) or (_KINDS["Passing"] if passing else _KINDS["Unexpected"])
    return _BY_CAUSE.get(cause or "lasting", _BY_CAUSE["lasting"])
