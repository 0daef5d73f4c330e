"""What can go wrong at Element451, by codes that its connector gives: Element451 itself has none."""

from syncer.core.error_codes.entry import RETRIED, RETRY, Cause, ErrorCode

CODES = (
    ErrorCode(
        "NETWORK",
        title="Element451 not reached",
        remedy=f"{RETRIED} check under Connection that the API URL is right.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "SKIPPED",
        title="Skipped by Element451",
        sentence="Element451 skipped this contact.",
        remedy=f"{RETRIED} look in Element451 whether several contacts share this one's ID.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "NO_ANSWER",
        title="No reply from Element451",
        sentence="Element451 did not say what became of this contact.",
        remedy=f"{RETRIED} look the contact up in Element451.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "IMPORT_WARNING",
        title="Refused by Element451",
        sentence="Element451 refused this contact: {detail}",
        remedy=(
            "Correct the value that Element451 names, on the record or in the value map under Mappings,"
            f" {RETRY}"
        ),
    ),
    ErrorCode(
        "AMBIGUOUS",
        title="Several contacts with one Salesforce ID",
        sentence="More than one contact in Element451 has this Salesforce ID. Merge them there.",
        remedy=f"Merge these contacts in Element451, {RETRY}",
    ),
    ErrorCode(
        "GONE",
        title="No longer in Element451",
        sentence="This contact no longer exists in Element451.",
        remedy=(
            "Look in Element451 whether the contact was merged or deleted. The next run follows a merge"
            " automatically; a deleted one leaves the sync."
        ),
    ),
    ErrorCode(
        "NO_KEY",
        title="No Salesforce ID to create it by",
        sentence="A contact cannot be created in Element451 without its Salesforce ID.",
        remedy=f"Check under Mappings that the Salesforce ID is mapped, {RETRY}",
    ),
    ErrorCode(
        "REQUEST",
        title="Request not sent",
        remedy="Check the API URL under Connection; if it is right, tell whoever runs this installation.",
    ),
    ErrorCode(
        "CONTRACT",
        title="Unclear answer of Element451",
        remedy=(
            "Nothing was concluded from it. Tell whoever runs this installation, with Element451's own text."
        ),
    ),
    ErrorCode(
        "CREATED",
        title="Element451 created a contact unasked",
        remedy=(
            "Imports stopped so that no more are made. Look the contacts up in Element451 by the IDs in its"
            " own text, and ask Element451's support."
        ),
    ),
)
