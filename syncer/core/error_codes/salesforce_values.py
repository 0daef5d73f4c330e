"""Salesforce's error codes for a record whose values it does not accept (contracts/salesforce.md A8)."""

from syncer.core.error_codes.entry import RETRY, ErrorCode

SMALLER_BATCHES = "Where the text names a limit, lower the batch size under Sync Preferences."
CODES = (
    ErrorCode(
        "REQUIRED_FIELD_MISSING",
        title="A required field would be empty",
        sentence=(
            "Salesforce requires {field}, which would be empty. Fill it in, map it, or give it a default in"
            " Salesforce."
        ),
        remedy=(
            "Fill the field in on the record in the system that owns it, or map a field that has a value,"
            f" {RETRY}"
        ),
    ),
    ErrorCode(
        "STRING_TOO_LONG",
        title="Text too long",
        sentence="The text is longer than {field} can hold in Salesforce. Shorten it, or lengthen the field.",
        remedy=(
            "Shorten the text where it is written, or have the Salesforce administrator lengthen the"
            f" field, {RETRY}"
        ),
    ),
    ErrorCode(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        title="Value not in Salesforce's list",
        sentence=(
            "Salesforce accepts only the values of its list in {field}. Add the value to the list, or map it."
        ),
        remedy=(
            "Open Mappings and give the value a counterpart in the field's value map, or have it added to"
            f" the list in Salesforce, {RETRY}"
        ),
    ),
    ErrorCode(
        "TOO_MANY_ENUM_VALUE",
        title="Too many values chosen",
        sentence="More values are chosen than {field} can hold in Salesforce.",
        remedy=f"Choose fewer values on the record, {RETRY}",
    ),
    ErrorCode(
        "INVALID_EMAIL_ADDRESS",
        title="Not a valid e-mail address",
        sentence="{field} is not a valid e-mail address for Salesforce. Correct it.",
        remedy=f"Correct the address on the record, {RETRY}",
    ),
    ErrorCode(
        "NUMBER_OUTSIDE_VALID_RANGE",
        title="Number too large",
        sentence="The number is too large for {field} in Salesforce.",
        remedy=f"Correct the number, or have the Salesforce administrator enlarge the field, {RETRY}",
    ),
    ErrorCode(
        "MALFORMED_ID",
        title="Not a Salesforce ID",
        sentence="{field} holds something that is not a Salesforce ID.",
        remedy=f"Correct the ID on the record, or map the field to another one under Mappings, {RETRY}",
        split=True,
    ),
    ErrorCode(
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        title="Value of another type",
        sentence="The value does not fit the type of {field} in Salesforce.",
        remedy=(
            "Correct the value on the record, or map the field to one of a fitting type under Mappings,"
            f" {RETRY}"
        ),
        split=True,
    ),
    ErrorCode(
        "JSON_PARSER_ERROR",
        title="Value does not fit its field",
        sentence="A value does not fit the type of its field in Salesforce: {detail}",
        remedy=(
            "Correct the value on the record, or map the field to one of a fitting type under Mappings,"
            f" {RETRY}"
        ),
        split=True,
    ),
    ErrorCode(
        "HTTP 413",
        title="Too large for one request",
        sentence="The record is larger than what Salesforce takes in one request. Shorten its longest text.",
        remedy=(f"Shorten the longest text of the record, or take its field out of the mapping, {RETRY}"),
        split=True,
    ),
    ErrorCode(
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        title="Refused by a validation rule",
        sentence="A validation rule in Salesforce refused the record: {detail}",
        remedy=(
            "Correct the record so that it keeps the rule, or ask the Salesforce administrator to change"
            f" the rule, {RETRY}"
        ),
    ),
    ErrorCode(
        "FIELD_FILTER_VALIDATION_EXCEPTION",
        title="Refused by a lookup filter",
        sentence="A lookup filter in Salesforce refused {field}: {detail}",
        remedy=(
            "Choose a value that the filter allows, or ask the Salesforce administrator to change the"
            f" filter, {RETRY}"
        ),
    ),
    ErrorCode(
        "FIELD_INTEGRITY_EXCEPTION",
        title="Values do not fit together",
        sentence="Salesforce found values that do not fit together: {detail}",
        remedy=(
            "Look at the fields that Salesforce names, such as a state that does not belong to its"
            f" country, correct them, {RETRY}"
        ),
    ),
    ErrorCode(
        "DUPLICATES_DETECTED",
        title="A duplicate rule found a similar record",
        sentence=(
            "A duplicate rule in Salesforce found a similar record. Link it by the Element ID or the match"
            " fields, or change the rule."
        ),
        remedy=(
            "Look for the similar record in Salesforce. Where it is the same person, give it the Element ID,"
            " or choose match fields under Sync Preferences, so that the two become one pair; else have the"
            f" rule changed, {RETRY}"
        ),
    ),
    ErrorCode(
        "DUPLICATE_VALUE",
        title="Value taken by another record",
        sentence="Another Salesforce record already has this value of {field}, which must be unique.",
        remedy=(
            "Look in Salesforce for the record that has the same value: merge the two, or correct the"
            f" value on one of them, {RETRY}"
        ),
    ),
    ErrorCode(
        "DUPLICATE_EXTERNAL_ID",
        title="Several records with one ID",
        sentence=(
            "More than one Salesforce record has this value of {field}. Merge them in Salesforce, and make"
            " the field unique."
        ),
        remedy=(
            f"Merge these records in Salesforce, so that one of them has the ID, {RETRY} Have the field"
            " made unique, so that it cannot come back."
        ),
    ),
    ErrorCode(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        title="Refused by an automation",
        sentence="An automation (trigger or flow) in Salesforce refused the record: {detail}",
        remedy=(
            "Show Salesforce's own text to the Salesforce administrator: a trigger or flow has to be"
            f" corrected, or the record, {RETRY} {SMALLER_BATCHES}"
        ),
    ),
    ErrorCode(
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        title="A flow failed",
        sentence="An automation (flow) in Salesforce failed on the record: {detail}",
        remedy=(
            "Show Salesforce's own text to the Salesforce administrator: the flow has to be corrected,"
            f" {RETRY} {SMALLER_BATCHES}"
        ),
    ),
    ErrorCode(
        "INVALID_ASSIGNMENT_RULE",
        title="Refused by an assignment rule",
        sentence="An assignment rule in Salesforce refused the record: {detail}",
        remedy=f"Ask the Salesforce administrator to correct the assignment rule, {RETRY}",
    ),
    ErrorCode(
        "DELETE_FAILED",
        title="Held by other records",
        sentence="Salesforce refused to change the record because of others that depend on it: {detail}",
        remedy=f"Look at the records that Salesforce names and put them right, {RETRY}",
    ),
)
