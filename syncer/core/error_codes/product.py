"""Error codes of the product itself: of planning, and of runs."""

from syncer.core.error_codes.code import Code
from syncer.core.error_codes.entry import RETRIED, RETRY, Cause, ErrorCode

CODES = (
    ErrorCode(
        Code.MORE_THAN_ONE_MATCH,
        title="More than one possible match",
        remedy=(
            "Nothing was written. Find the duplicates that the reason names and merge them, or clear the"
            f" wrong ID, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.ID_CHANGED,
        title="Stored ID was changed",
        remedy=(
            "Put the ID back on the record, or switch updates on under Sync Preferences so that the sync"
            f" does it, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.CONTACT_FAILED,
        title="Its contact failed",
        remedy=(
            "Put the contact right first: open the newest of its contact's entries. The conversation then"
            " follows automatically."
        ),
        cause=Cause.WAITING,
    ),
    ErrorCode(
        Code.VALUE_DOES_NOT_FIT,
        title="Value does not fit the other field",
        remedy=(
            "Correct the value on the record (fill it in where it is empty), or give it a counterpart in the"
            f" field's value map under Mappings, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.VALUE_NOT_IN_MAP,
        title="Value is not in the value map",
        remedy=(
            "Add the value to the field's value map under Mappings, correct it on the record, or let values"
            f" pass that the map does not list, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.ALTERED_AFTER_WRITE,
        title="Changed after each write",
        remedy=(
            "Something in the receiving system (a flow, trigger or formula) alters this value each time."
            f" Have it changed, or make that system the field's owner under Mappings, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.MOVED_SINCE,
        title="Changed since, and left as it is",
        remedy=(
            "Nothing has to be done: what somebody, or a later run, wrote since is kept. Where the value"
            " before is wanted all the same, enter it by hand; the entry shows it."
        ),
    ),
    ErrorCode(
        Code.CANNOT_BE_UNDONE,
        title="Cannot be put back",
        remedy=(
            "Open the record in the system that the entry names, and put it right by hand. The sync deletes"
            " nobody, and links nobody back."
        ),
    ),
    ErrorCode(
        Code.CREATIONS_STOPPED,
        title="Cannot be created at the moment",
        remedy=(
            "Map what the reason names, give it a default in Salesforce, or bring the field back. Updates go"
            " on meanwhile, and the record is created as soon as it can be."
        ),
    ),
    ErrorCode(
        Code.DAMAGED_ID,
        title="Damaged Salesforce ID",
        remedy=(
            "Copy the ID from the address of the record's page in Salesforce into the contact in Element451,"
            " or empty the field there if the person is not in Salesforce. It then goes on by itself."
        ),
    ),
    ErrorCode(
        Code.DAMAGED_TEXT,
        title="Damaged text",
        sentence="A value has characters that cannot be sent.",
        remedy=(
            "Open the record in the system that the reason names, type the text of the field anew (half an"
            f" emoji is the usual cause) and save it, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.NOT_VISIBLE,
        title="Not found, or not visible",
        remedy=(
            "Look for the record in the system that the reason names. If it is there, let the connected user"
            " see and edit it (in Salesforce: sharing rules, View All Records); the next run then goes on. If"
            " it is still not there a day later, the pair leaves the sync."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        Code.ID_OF_ANOTHER_OBJECT,
        title="ID of another object",
        remedy=(
            "Look whether the right Salesforce object is chosen for contacts under Sync Preferences. If it"
            f" is, clear the ID on the record in Element451, {RETRY}"
        ),
    ),
    ErrorCode(
        Code.SUSPECT_FIELD,
        title="Emptiness not believed",
        remedy=(
            f"{RETRIED} look at the field in the system that owns it: nearly all records that held a value"
            " come back without one. If they were emptied on purpose, choose “Read everything again” on the"
            " Overview."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "FIELD_GONE",
        title="Mapped field is gone",
        remedy=f"Open Mappings and remove the field, or bring it back in Element451, {RETRY}",
    ),
    ErrorCode(
        "ROWS_SKIPPED",
        title="Rows without an ID",
        remedy=(
            "Nothing needs to be done if it was once: what was in them comes with the next change or the"
            " nightly comparison. If it goes on, tell the system's support."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "CONFIGURATION",
        title="Settings have errors",
        remedy="Open Mappings: what is wrong stands beside the rows. Correct it; the next run then goes on.",
    ),
    ErrorCode(
        "CALL_TOO_LONG",
        title="Answer not finished in time",
        remedy=(
            f"{RETRIED} ask whoever runs this installation to look at the network, or to raise CALL_SECONDS."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "REPLY_TOO_LARGE",
        title="Answer too large",
        remedy=(
            f"{RETRIED} ask whoever runs this installation to raise REPLY_MEGABYTES, or map fewer long texts."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "SECRET_KEY",
        title="The key to the secrets is missing",
        remedy=(
            "Ask whoever runs this installation to put the key back that the reason names; then everything"
            " goes on automatically."
        ),
    ),
    ErrorCode(
        "PROCESS_ENDED",
        title="Interrupted",
        remedy=(
            "Look at the record in both systems: the values may have arrived or not. The next run brings"
            " them into step automatically; Retry does it now."
        ),
        cause=Cause.PASSING,
    ),
)
