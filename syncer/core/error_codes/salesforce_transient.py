"""Salesforce's error codes that pass without anybody's help, and its limits (contracts/salesforce.md A8)."""

from syncer.core.error_codes.entry import RETRIED, CallFailure, Cause, ErrorCode

CODES = (
    ErrorCode(
        "UNABLE_TO_LOCK_ROW",
        title="Record was in use",
        sentence=(
            "Someone else was changing the record or its account in Salesforce. It is tried again in the"
            " next run."
        ),
        remedy=f"{RETRIED} ask the Salesforce administrator which automation holds these records.",
        cause=Cause.PASSING,
        resend=True,
        of_call=CallFailure.TRANSIENT,
    ),
    ErrorCode(
        "UNKNOWN_EXCEPTION",
        title="Internal error in Salesforce",
        sentence="Salesforce had an internal error with this record. It is tried again in the next run.",
        remedy=f"{RETRIED} give Salesforce's own text to Salesforce's support.",
        cause=Cause.PASSING,
        resend=True,
        of_call=CallFailure.TRANSIENT,
    ),
    ErrorCode(
        "SERVER_UNAVAILABLE",
        title="Salesforce not available",
        remedy=f"{RETRIED} look at status.salesforce.com.",
        cause=Cause.PASSING,
        resend=True,
        of_call=CallFailure.TRANSIENT,
    ),
    ErrorCode(
        "TOO_MANY_APEX_REQUESTS",
        title="Salesforce busy",
        remedy=f"{RETRIED} ask the Salesforce administrator what else runs in the organization.",
        cause=Cause.PASSING,
        resend=True,
        of_call=CallFailure.TRANSIENT,
    ),
    ErrorCode(
        "QUERY_TIMEOUT",
        title="Salesforce took too long",
        remedy=f"{RETRIED} ask the Salesforce administrator what slows the object down.",
        cause=Cause.PASSING,
        resend=True,
        of_call=CallFailure.TOO_LARGE,
    ),
    ErrorCode(
        "OPERATION_TOO_LARGE",
        title="Too much at once",
        remedy=f"{RETRIED} lower the batch size under Sync Preferences.",
        cause=Cause.PASSING,
        too_large=True,
        of_call=CallFailure.TOO_LARGE,
    ),
    ErrorCode(
        "TXN_SECURITY_METERING_ERROR",
        title="Held back by transaction security",
        remedy=(
            f"{RETRIED} lower the batch size under Sync Preferences, and show Salesforce's own text to the"
            " Salesforce administrator."
        ),
        cause=Cause.PASSING,
        too_large=True,
        of_call=CallFailure.TOO_LARGE,
    ),
    ErrorCode(
        "EXCEEDED_ID_LIMIT",
        title="Too many records at once",
        remedy=f"{RETRIED} lower the batch size under Sync Preferences.",
        cause=Cause.PASSING,
        too_large=True,
        of_call=CallFailure.TOO_LARGE,
    ),
    ErrorCode(
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        title="Salesforce in maintenance",
        sentence="Salesforce is in maintenance and accepts no changes. It is tried again in the next run.",
        remedy=f"{RETRIED} look at status.salesforce.com.",
        cause=Cause.PASSING,
        of_connection=True,
    ),
    ErrorCode(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        title="Held up by another record",
        remedy=f"{RETRIED} look at the other failed entries of the same run.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "PROCESSING_HALTED",
        title="Held up by another record",
        remedy=f"{RETRIED} look at the other failed entries of the same run.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "INVALID_QUERY_LOCATOR",
        title="Reading was interrupted",
        remedy=f"{RETRIED} tell whoever runs this installation.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "INVALID_REPLICATION_DATE",
        title="Everything is read again",
        remedy=f"{RETRIED} tell whoever runs this installation.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "INVALID_SESSION_ID",
        title="Sign-in not accepted",
        remedy=f"{RETRIED} open Connection and connect Salesforce again.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "REQUEST_LIMIT_EXCEEDED",
        title="Salesforce's daily limit is used up",
        remedy=(
            "It goes on automatically once the limit frees up. If it happens often, lower the share of the"
            " limit under Sync Preferences, or buy more calls."
        ),
        cause=Cause.PASSING,
        of_connection=True,
    ),
    ErrorCode(
        "SHARE_OF_LIMIT",
        title="The sync's share of the limit is used up",
        remedy=(
            "It goes on automatically once the limit frees up. To let it use more, raise its share of the"
            " API limit under Sync Preferences."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "UNEXPECTED_ANSWER",
        title="Unclear answer of Salesforce",
        sentence=(
            "Salesforce did not say clearly what became of the record. It is looked at again in the next run."
        ),
        remedy=f"{RETRIED} tell whoever runs this installation.",
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "network",
        title="Salesforce not reached",
        remedy=f"{RETRIED} check under Connection that the Salesforce URL is right.",
        cause=Cause.PASSING,
    ),
)
