"""All error codes by their name."""

from syncer.core.error_codes import (
    element451,
    product,
    salesforce_access,
    salesforce_transient,
    salesforce_values,
    sign_in,
)
from syncer.core.error_codes.entry import CallFailure, Cause, ErrorCode

ALL_CODES: tuple[ErrorCode, ...] = (
    *salesforce_values.CODES,
    *salesforce_access.CODES,
    *salesforce_transient.CODES,
    *sign_in.CODES,
    *element451.CODES,
    *product.CODES,
)
_BY_CODE = {entry.code: entry for entry in ALL_CODES}


def find(code: str) -> ErrorCode | None:
    """The entry of a code; None where nobody foresaw it."""
    return _BY_CODE.get(code)


def cause_of(code: str) -> Cause:
    """Whether a record that failed with this code is tried again; unknown codes are lasting."""
    entry = find(code)
    return entry.cause if entry else Cause.LASTING


def codes_of_calls(meaning: CallFailure) -> frozenset[str]:
    """The codes that have this meaning where a whole call to Salesforce failed."""
    return frozenset(entry.code for entry in ALL_CODES if entry.of_call is meaning)
