"""Error codes of signing in to Salesforce and of the addresses that are called."""

from syncer.core.error_codes.entry import RETRIED, RETRY, Cause, ErrorCode

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
        title="Certificate not trusted",
        remedy=(
            "Ask whoever runs this installation to name the authority of a proxy that looks into TLS in"
            " REQUESTS_CA_BUNDLE, or to check its clock."
        ),
        cause=Cause.PASSING,
    ),
    ErrorCode(
        "proxy",
        title="Stopped at the proxy",
        remedy=f"{RETRIED} ask whoever runs this installation to check HTTPS_PROXY and NO_PROXY.",
        cause=Cause.PASSING,
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
