"""Codes turned into tokens: lifetimes, refusals and the shape of the reply."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs

import pytest

from tests.sandbox.sign_in import CLIENT, code, exchange, refresh, token, works
from tests.support.sandbox import CALLBACK, CLIENT_ID, CLIENT_SECRET, VERIFIER, RunningSandbox


def test_the_token_reply_has_no_expiry_and_a_valid_signature(sandbox: RunningSandbox) -> None:
    reply = exchange(sandbox)
    given = reply.json()
    assert reply.headers["Cache-Control"] == "no-cache, no-store"
    assert set(given) == {
        "access_token",
        "refresh_token",
        "signature",
        "scope",
        "instance_url",
        "id",
        "token_type",
        "issued_at",
    }
    assert given["access_token"][15] == "!"
    assert given["scope"] == "refresh_token api"
    assert given["instance_url"] == sandbox.url
    assert isinstance(given["issued_at"], str)
    assert len(given["issued_at"]) == 13
    signed = hmac.new(
        CLIENT_SECRET.encode(), (given["id"] + given["issued_at"]).encode(), hashlib.sha256
    ).digest()
    assert given["signature"] == base64.b64encode(signed).decode()
    assert works(sandbox, given)


@pytest.mark.parametrize("method", [{}, {"code_challenge_method": "S256"}], ids=["no method", "S256"])
def test_a_challenge_is_s256_with_or_without_its_method(
    sandbox: RunningSandbox, method: dict[str, str]
) -> None:
    assert exchange(sandbox, code=code(sandbox, **method)).status_code == 200
    wrong = exchange(
        sandbox, code=code(sandbox, **method), code_verifier="another-verifier-of-forty-three-characters-01"
    ).json()
    assert wrong["error"] == "invalid_request"
    assert exchange(sandbox, code_verifier="").json()["error"] == "invalid_grant"


def test_a_code_works_once(sandbox: RunningSandbox) -> None:
    once = code(sandbox)
    assert exchange(sandbox, code=once).status_code == 200
    again = exchange(sandbox, code=once)
    assert (again.status_code, again.json()) == (
        400,
        {"error": "invalid_grant", "error_description": "invalid authorization code"},
    )


def test_a_code_lives_fifteen_minutes(sandbox: RunningSandbox) -> None:
    old, young = code(sandbox), code(sandbox)
    sandbox.clock(advance=14 * 60)
    assert exchange(sandbox, code=young).status_code == 200
    sandbox.clock(advance=2 * 60)
    assert exchange(sandbox, code=old).json()["error_description"] == "expired authorization code"


def test_the_client_is_known_by_body_or_by_header_not_by_both(sandbox: RunningSandbox) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    by_header = token(sandbox, {**form, "code": code(sandbox)}, auth=(CLIENT_ID, CLIENT_SECRET))
    both = token(sandbox, {**form, **CLIENT, "code": code(sandbox)}, auth=(CLIENT_ID, CLIENT_SECRET))
    assert (by_header.status_code, both.json()["error"]) == (200, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"client_id": "x"}, "invalid_client_id", "client identifier invalid"),
        ({"client_secret": "x"}, "invalid_client", "invalid client credentials"),
        (
            {"redirect_uri": "http://localhost/"},
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        ),
        ({"grant_type": "password"}, "unsupported_grant_type", "grant type not supported"),
        ({"code": "nonsense"}, "invalid_grant", "invalid authorization code"),
    ],
)
def test_refusals_of_the_token_endpoint(
    sandbox: RunningSandbox, changes: dict[str, str], error: str, description: str
) -> None:
    reply = exchange(sandbox, **changes)
    assert (reply.status_code, reply.json()) == (400, {"error": error, "error_description": description})


def test_states_of_the_user_and_the_login_rate_are_told(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    sandbox.options(login_rate_exceeded=True)
    assert refresh(sandbox, given["refresh_token"]).json() == {
        "error": "rate_limit_exceeded",
        "error_description": "login rate exceeded",
    }
    sandbox.options(login_rate_exceeded=False, user_active=False)
    assert refresh(sandbox, given["refresh_token"]).json() == {
        "error": "inactive_user",
        "error_description": "user is inactive",
    }


def test_the_reply_comes_as_xml_or_form_when_asked_so(sandbox: RunningSandbox) -> None:
    assert "<access_token>" in exchange(sandbox, format="xml").text
    assert "access_token" in parse_qs(exchange(sandbox, format="urlencoded").text)
