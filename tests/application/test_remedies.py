"""What to do about each failure: every code that the product can meet has an entry of its own, with one to three
sentences of advice."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from syncer.application import remedies
from syncer.connectors import errors, network
from syncer.core.error_codes.entry import Cause
from syncer.core.error_codes.table import ALL_CODES
from syncer.core.reasons import Code

SYNCER = Path(__file__).resolve().parents[2] / "syncer"
CODE = re.compile(r"[A-Z][A-Z0-9]+(_[A-Z0-9]+)*")
NOT_OF_RECORDS = {"state", "no_code", "client", "feature_token"}
"""Codes of signing in: they are said on the page where somebody does, and no record fails for them."""
TABLE = """
INVALID_SESSION_ID REQUEST_LIMIT_EXCEEDED UNABLE_TO_LOCK_ROW QUERY_TIMEOUT SERVER_UNAVAILABLE UNKNOWN_EXCEPTION TOO_MANY_APEX_REQUESTS
INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE TXN_SECURITY_METERING_ERROR OPERATION_TOO_LARGE EXCEEDED_ID_LIMIT INVALID_QUERY_LOCATOR
INVALID_REPLICATION_DATE DUPLICATES_DETECTED DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID ENTITY_IS_DELETED INVALID_CROSS_REFERENCE_KEY
INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY MALFORMED_ID REQUIRED_FIELD_MISSING
FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_INTEGRITY_EXCEPTION STRING_TOO_LONG INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST INVALID_EMAIL_ADDRESS
INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE INVALID_TYPE NOT_FOUND MALFORMED_QUERY JSON_PARSER_ERROR API_DISABLED_FOR_ORG
API_CURRENTLY_DISABLED CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY STORAGE_LIMIT_EXCEEDED
"""
"""The errors that a sync meets in Salesforce (contracts/salesforce.md A8)."""


def constants(node: ast.AST) -> Iterator[str]:
    """Every text in a piece of code."""
    return (
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def given_as_code(tree: ast.AST) -> Iterator[str]:
    """Every text that is given as ``code=``, first to a `Refusal`, or as the sixth part of an `Outcome`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg == "code":
                yield from constants(keyword.value)
        called = getattr(node.func, "id", "")
        first = (
            node.args[:1]
            if called in ("Refusal", "refused")
            else node.args[4:6]
            if called == "Outcome"
            else []
        )
        yield from (text for argument in first for text in constants(argument) if CODE.fullmatch(text))


@cache
def named_by_the_product() -> set[str]:
    """The codes that the program itself names, wherever a record or a whole call may fail."""
    found: set[str] = {*Code, network.TLS, network.PROXY, network.NETWORK}
    for path in SYNCER.rglob("*.py"):
        found |= {
            code
            for code in given_as_code(ast.parse(path.read_text(encoding="utf-8")))
            if code and not code.startswith("HTTP ")
        }
    responses = ast.parse((SYNCER / "connectors" / "salesforce" / "responses.py").read_text(encoding="utf-8"))
    found |= {text for text in constants(responses) if CODE.fullmatch(text) and "_" in text}
    return found - NOT_OF_RECORDS


def test_the_product_names_the_codes_that_this_looks_for() -> None:
    assert named_by_the_product() >= {
        "MORE_THAN_ONE_MATCH",
        "CONTACT_FAILED",
        "NO_ANSWER",
        "FIELD_GONE",
        "SHARE_OF_LIMIT",
        "network",
        "REQUEST_LIMIT_EXCEEDED",
    }


def test_every_code_has_advice_of_its_own() -> None:
    assert [code for code in {*named_by_the_product(), *TABLE.split()} if not remedies.known(code)] == []


def test_each_code_has_one_entry() -> None:
    assert [code for code, entries in Counter(entry.code for entry in ALL_CODES).items() if entries > 1] == []


def test_a_fault_without_a_code_goes_by_its_kind() -> None:
    kinds = [
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.Fault) and kind is not errors.Fault
    ]
    assert len(kinds) == 6
    assert all(remedies.known(kind) for kind in kinds)


@pytest.mark.parametrize(
    "remedy",
    [
        *(remedies.for_code(entry.code) for entry in ALL_CODES),
        *remedies.BY_KIND.values(),
        *remedies.BY_HTTP_STATUS.values(),
        *remedies.BY_CAUSE.values(),
    ],
    ids=lambda remedy: remedy.title,
)
def test_a_remedy_is_a_short_title_and_at_most_three_sentences(remedy: remedies.Remedy) -> None:
    assert len(remedy.title) <= 45
    assert not remedy.title.endswith(".")
    assert remedy.advice.endswith(".")
    assert remedy.advice[0].isupper()
    assert 1 <= len(re.findall(r"\.(?:\s|$)", remedy.advice)) <= 3
    assert "  " not in remedy.advice


@pytest.mark.parametrize("cause", Cause)
def test_a_code_that_nobody_foresaw_goes_by_its_cause(cause: Cause) -> None:
    assert not remedies.known("SOMETHING_NEW")
    assert remedies.for_code("SOMETHING_NEW", cause) == remedies.BY_CAUSE[cause]


def test_without_any_word_of_the_cause_a_person_is_asked_to_look() -> None:
    assert "then choose Retry" in remedies.for_code("SOMETHING_NEW").advice
    assert remedies.for_code("") == remedies.for_code("SOMETHING_NEW")


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("HTTP 401", "Credentials not accepted"),
        ("HTTP 503", "System not available"),
        ("429", "Too many requests"),
        ("HTTP 418", "Unclear answer"),
    ],
)
def test_a_bare_answer_goes_by_its_number(code: str, title: str) -> None:
    assert remedies.for_code(code).title == title
