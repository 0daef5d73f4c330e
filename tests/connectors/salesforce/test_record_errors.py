"""Why a record was refused, in words that a school's administrator understands, with Salesforce's own text
behind them."""

import pytest

from syncer.connectors.salesforce.record_errors import refusal
from syncer.connectors.salesforce.responses import ApiError
from syncer.core.error_codes.entry import Cause
from syncer.core.field_types.several import CHOICES
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Entity, Field
from syncer.core.records import System

RACE = Field(System.SALESFORCE, "hed__Race__c", "Race", CHOICES)
LAST = Field(System.SALESFORCE, "LastName", "Last Name", TEXT)
CONTACT = Entity("Contact", "Contact", {"hed__Race__c": RACE, "LastName": LAST})


@pytest.mark.parametrize(
    ("error", "words", "cause"),
    [
        (
            ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ("LastName",)),
            "requires Last Name",
            Cause.LASTING,
        ),
        (
            ApiError(
                "STRING_TOO_LONG", "Last Name: data value too large: XXXX (max length=80)", ("LastName",)
            ),
            "than Last Name",
            Cause.LASTING,
        ),
        (
            ApiError("STRING_TOO_LONG", "Last Name: data value too large: XXXX (max length=80)"),
            "than Last Name",
            Cause.LASTING,
        ),
        (
            ApiError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Race: bad value", ("hed__Race__c",)),
            "in Race",
            Cause.LASTING,
        ),
        (
            ApiError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Graduates need a term"),
            "Graduates need a term",
            Cause.LASTING,
        ),
        (
            ApiError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Use {braces} and {0}"),
            "Use {braces} and {0}",
            Cause.LASTING,
        ),
        (ApiError("DUPLICATES_DETECTED", "Use one of these records?"), "or the match fields", Cause.LASTING),
        (
            ApiError("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Name.", ("Name",)),
            "may not write Name",
            Cause.LASTING,
        ),
        (ApiError("SOMETHING_NEW", "We changed our minds"), "We changed our minds", Cause.LASTING),
        (ApiError("SOMETHING_NEW"), "SOMETHING_NEW", Cause.LASTING),
        (ApiError("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"), "next run", Cause.PASSING),
        (ApiError("TOO_MANY_APEX_REQUESTS"), "next run", Cause.PASSING),
        (ApiError("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"), "maintenance", Cause.PASSING),
        (ApiError("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"), "storage is full", Cause.PASSING),
    ],
)
def test_each_refusal_says_what_to_do_in_plain_words(error: ApiError, words: str, cause: Cause) -> None:
    why = refusal([error], CONTACT)
    assert words in why.sentence
    assert (why.code, why.cause, why.detail) == (error.code, cause, error.message)


def test_a_record_with_several_mistakes_names_all_their_fields() -> None:
    why = refusal(
        [ApiError("STRING_TOO_LONG", "a", ("LastName",)), ApiError("INVALID_EMAIL_ADDRESS", "b", ("Email",))],
        CONTACT,
    )
    assert (why.code, why.detail, why.fields) == ("STRING_TOO_LONG", "a; b", ("LastName", "Email"))
