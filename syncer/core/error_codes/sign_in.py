"""Error codes of signing in to Salesforce and of the addresses that are called."""

from syncer.core.error_codes.entry import RETRY, ErrorCode

CODES = (
    *(
        ErrorCode(
            code,
            title="Salesforce must be connected again",
            remedy="Open Connection and connect Salesforce again; then everything goes on automatically.",
        )
        for code in (
            "not_connected",
            "reconnect_needed",
            "no_refresh_token",
            "invalid_grant",
            "organization",
            "other_organization",
            "identity",
            "signature",
        )
    ),
    *(
        ErrorCode(
            code,
            title="An address was not followed",
            remedy=f"Check the addresses under Connection and connect again, {RETRY}",
        )
        for code in (
            "address",
            "instance_url",
        )
    ),
    ErrorCode(
        "tls",
        title="Secure connection refused",
        remedy=(
            "Ask whoever runs this installation to check its clock, and the certificates of a proxy between"
            " it and Salesforce."
        ),
    ),
    ErrorCode(
        "version",
        title="Salesforce's API too old",
        remedy=(
            "Ask the Salesforce administrator: the organization must offer the API version that the reason"
            " names."
        ),
    ),
)
