"""Salesforce's error codes for what is missing, hidden or not allowed (contracts/salesforce.md A8)."""

from syncer.core.error_codes.entry import RETRY, CallFailure, Cause, ErrorCode

CODES = (
    ErrorCode(
        "ENTITY_IS_DELETED",
        title="In Salesforce's recycle bin",
        sentence="The record is in Salesforce's recycle bin.",
        remedy=(
            "If it was deleted by mistake, restore it from the recycle bin: it then comes back into the"
            " sync automatically. Else leave it."
        ),
    ),
    ErrorCode(
        "INVALID_CROSS_REFERENCE_KEY",
        title="A record that is missing or hidden",
        sentence=(
            "The record, or one that it refers to, does not exist in Salesforce, or the connected user may"
            " not see it."
        ),
        remedy=(
            "Look whether the record, and those that it refers to, exist and may be seen by the connected"
            f" user; put that right, {RETRY}"
        ),
    ),
    ErrorCode(
        "NOT_FOUND",
        title="Not found in Salesforce",
        sentence="The record does not exist in Salesforce, or the connected user may not see it.",
        remedy=(
            "Look whether the record still exists. If it does, let the connected user see it (sharing"
            f" rules), {RETRY}"
        ),
        of_call=CallFailure.FIELD_REFUSED,
    ),
    ErrorCode(
        "INSUFFICIENT_ACCESS_OR_READONLY",
        title="Connected user may not change it",
        sentence=(
            "The connected user may not change this record. Check the user's permissions and the sharing"
            " rules in Salesforce."
        ),
        remedy=(
            "Ask the Salesforce administrator to let the connected user edit this record (permission set,"
            f" sharing rules, record locks), {RETRY}"
        ),
        of_call=CallFailure.NOT_ALLOWED,
    ),
    ErrorCode(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        title="Connected user may not use a linked record",
        sentence=(
            "The connected user may not use a record that this one refers to. Check the sharing rules in"
            " Salesforce."
        ),
        remedy=(
            "Ask the Salesforce administrator to share the linked record (such as the account or owner)"
            f" with the connected user, {RETRY}"
        ),
    ),
    ErrorCode(
        "INVALID_FIELD",
        title="Field unknown or hidden",
        sentence=(
            "Salesforce does not know {field}, or hides it from the connected user. Check the mapping and"
            " the field's permissions."
        ),
        remedy=(
            "Open Mappings: it shows which field is missing. Remove it there, or have the connected user"
            f" granted access to it, {RETRY}"
        ),
        of_call=CallFailure.FIELD_REFUSED,
    ),
    ErrorCode(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        title="Connected user may not write a field",
        sentence=(
            "The connected user may not write {field}. Give the user edit permission for it, or change its"
            " owner."
        ),
        remedy=(
            "Ask the Salesforce administrator for edit access to the field for the connected user, or make"
            f" Salesforce its owner under Mappings, {RETRY}"
        ),
        of_call=CallFailure.FIELD_REFUSED,
    ),
    ErrorCode(
        "INVALID_TYPE",
        title="Object unknown or hidden",
        sentence="Salesforce does not know the object {object}, or hides it from the connected user.",
        remedy=(
            "Check the entity under Sync Preferences, and that the connected user may use that object in"
            f" Salesforce, {RETRY}"
        ),
        of_call=CallFailure.FIELD_REFUSED,
    ),
    ErrorCode(
        "STORAGE_LIMIT_EXCEEDED",
        title="Salesforce's storage is full",
        sentence="Salesforce's data storage is full. Free some, or buy more.",
        remedy=f"Ask the Salesforce administrator to free data storage or to buy more, {RETRY}",
        cause=Cause.PASSING,
        of_connection=True,
    ),
    ErrorCode(
        "MALFORMED_QUERY",
        title="Question not understood",
        remedy="Tell whoever runs this installation, with Salesforce's own text.",
    ),
    ErrorCode(
        "INVALID_QUERY_FILTER_OPERATOR",
        title="Field cannot be searched",
        remedy=f"Map another field under Mappings, {RETRY}",
    ),
    *(
        ErrorCode(
            code,
            title="Salesforce's API not allowed",
            remedy=(
                "Ask the Salesforce administrator to allow the API for the connected user and the"
                " organization."
            ),
            of_call=CallFailure.NOT_ALLOWED,
            cause=cause,
            of_connection=cause is Cause.PASSING,
        )
        for code, cause in (
            ("INSUFFICIENT_ACCESS", Cause.LASTING),
            ("API_DISABLED_FOR_ORG", Cause.PASSING),
            ("API_CURRENTLY_DISABLED", Cause.PASSING),
            ("FUNCTIONALITY_NOT_ENABLED", Cause.LASTING),
        )
    ),
)
