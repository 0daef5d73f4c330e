"""Codes and refresh tokens: what is given for them, and what ends them."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.sandbox import CALLBACK, CHALLENGE, CLIENT_ID, CLIENT_SECRET, VERIFIER, Row, RunningSandbox

CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
EXPIRED = {"error": "invalid_grant", "error_description": "expired access/refresh token"}


def code(sandbox: RunningSandbox, scope: str = "api refresh_token", **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": scope,
        "code_challenge": CHALLENGE,
        **changes,
    }
    reply = requests.get(
        f"{sandbox.url}/services/oauth2/authorize",
        params={**asked, "approve": "1"},
        allow_redirects=False,
        timeout=10,
    )
    return parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]


def token(sandbox: RunningSandbox, form: Mapping[str, str], **more: Any) -> requests.Response:
    return requests.post(f"{sandbox.url}/services/oauth2/token", data=form, timeout=10, **more)


def exchange(sandbox: RunningSandbox, **changes: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER, **CLIENT}
    return token(sandbox, {**form, "code": changes.pop("code", "") or code(sandbox), **changes})


def refresh(sandbox: RunningSandbox, refresh_token: str, **changes: str) -> requests.Response:
    return token(
        sandbox, {"grant_type": "refresh_token", "refresh_token": refresh_token, **CLIENT, **changes}
    )


def works(sandbox: RunningSandbox, given: Row) -> bool:
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    return (
        requests.get(f"{sandbox.url}/services/data/v66.0/limits", headers=headers, timeout=10).status_code
        == 200
    )


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


def test_rotation_gives_a_new_refresh_token_and_the_reuse_of_the_old_one_kills_the_family(
    sandbox: RunningSandbox,
) -> None:
    first = exchange(sandbox).json()
    second = refresh(sandbox, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert works(sandbox, second)
    reused = refresh(sandbox, first["refresh_token"])
    assert (reused.status_code, reused.json()) == (400, EXPIRED)
    assert refresh(sandbox, second["refresh_token"]).json() == EXPIRED
    assert not works(sandbox, second)


def test_without_rotation_the_refresh_token_stays(sandbox: RunningSandbox) -> None:
    sandbox.options(rotation=False)
    given = exchange(sandbox).json()
    for _ in range(2):
        renewed = refresh(sandbox, given["refresh_token"]).json()
        assert "refresh_token" not in renewed
        assert works(sandbox, renewed)


def test_two_refreshes_at_once_of_the_same_token_one_is_told_to_wait(sandbox: RunningSandbox) -> None:
    sandbox.options(refresh_ms=300)
    given = exchange(sandbox).json()
    barrier = threading.Barrier(2)

    def together(_: int) -> requests.Response:
        barrier.wait()
        return refresh(sandbox, given["refresh_token"])

    with ThreadPoolExecutor(2) as pool:
        replies = sorted(pool.map(together, range(2)), key=lambda reply: reply.status_code)
    assert [reply.status_code for reply in replies] == [200, 400]
    assert replies[1].json() == {
        "error": "invalid_grant",
        "error_description": "token request is already being processed",
    }
    assert works(sandbox, replies[0].json())


def test_a_refresh_whose_reply_is_lost_has_rotated_the_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    sandbox.options(lose_refresh_replies=1)
    with pytest.raises(requests.ConnectionError):
        refresh(sandbox, given["refresh_token"])
    assert refresh(sandbox, given["refresh_token"]).json() == EXPIRED


@pytest.mark.parametrize(
    ("policy", "after_ten", "after_twenty_with_use_between", "after_thirty_without"),
    [
        ("Infinite", True, True, True),
        ("SpecificLifetime", True, False, False),
        ("SpecificInactivity", True, True, False),
    ],
)
def test_refresh_token_policies(
    sandbox: RunningSandbox,
    policy: str,
    after_ten: bool,
    after_twenty_with_use_between: bool,
    after_thirty_without: bool,
) -> None:
    sandbox.options(rotation=False, refresh_policy=policy, refresh_validity_hours=15.0)
    used, unused = exchange(sandbox).json(), exchange(sandbox).json()
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, used["refresh_token"]).ok is after_ten
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, used["refresh_token"]).ok is after_twenty_with_use_between
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, unused["refresh_token"]).ok is after_thirty_without


def test_the_policy_immediately_expire_gives_no_refresh_token(sandbox: RunningSandbox) -> None:
    sandbox.options(refresh_policy="Zero")
    given = exchange(sandbox).json()
    assert "refresh_token" not in given
    assert works(sandbox, given)


def test_without_the_scope_there_is_no_refresh_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox, code=code(sandbox, scope="api")).json()
    assert ("refresh_token" in given, given["scope"]) == (False, "api")


def test_the_sixth_approval_silently_revokes_the_first(sandbox: RunningSandbox) -> None:
    grants = [exchange(sandbox).json() for _ in range(6)]
    assert [works(sandbox, given) for given in grants] == [False, True, True, True, True, True]
    assert refresh(sandbox, grants[0]["refresh_token"]).json() == EXPIRED


def test_access_tokens_slide_with_use_and_expire_without(sandbox: RunningSandbox) -> None:
    sandbox.options(session_minutes=30.0)
    given = exchange(sandbox).json()
    for _ in range(3):
        sandbox.clock(advance=20 * 60)
        assert works(sandbox, given)
    sandbox.clock(advance=31 * 60)
    assert not works(sandbox, given)
    assert refresh(sandbox, given["refresh_token"]).ok


def test_access_tokens_can_be_expired_at_once(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    assert sandbox.expire_tokens() == 1
    assert not works(sandbox, given)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_revoking_a_refresh_token_takes_the_access_tokens_along(sandbox: RunningSandbox, method: str) -> None:
    given = exchange(sandbox).json()
    sent: dict[str, Any] = {"data" if method == "POST" else "params": {"token": given["refresh_token"]}}
    reply = requests.request(method, f"{sandbox.url}/services/oauth2/revoke", timeout=10, **sent)
    assert (reply.status_code, reply.text) == (200, "")
    assert not works(sandbox, given)
    again = requests.post(
        f"{sandbox.url}/services/oauth2/revoke", data={"token": given["refresh_token"]}, timeout=10
    )
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_revoking_an_access_token_leaves_the_refresh_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    requests.post(f"{sandbox.url}/services/oauth2/revoke", data={"token": given["access_token"]}, timeout=10)
    assert not works(sandbox, given)
    assert refresh(sandbox, given["refresh_token"]).ok


def test_introspection_tells_the_only_expiry_there_is(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()

    def look(text: str) -> Row:
        return dict(
            requests.post(
                f"{sandbox.url}/services/oauth2/introspect", data={"token": text, **CLIENT}, timeout=10
            ).json()
        )

    found = look(given["access_token"])
    assert (found["active"], found["token_type"], found["exp"] - found["iat"]) == (True, "access_token", 7200)
    assert look(given["refresh_token"])["token_type"] == "refresh_token"
    sandbox.expire_tokens()
    assert look(given["access_token"]) == {"active": False}


def test_identity_and_userinfo_name_org_and_user_and_refuse_a_bad_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    identity = requests.get(given["id"], headers=headers, timeout=10).json()
    info = requests.get(f"{sandbox.url}/services/oauth2/userinfo", headers=headers, timeout=10).json()
    assert given["id"].endswith(f"/id/{identity['organization_id']}/{identity['user_id']}")
    assert identity["organization_id"][:15] == given["access_token"][:15]
    assert (info["organization_id"], info["user_id"], info["sub"]) == (
        identity["organization_id"],
        identity["user_id"],
        given["id"],
    )
    for address in (given["id"], f"{sandbox.url}/services/oauth2/userinfo"):
        refused = requests.get(address, headers={"Authorization": "Bearer x"}, timeout=10)
        assert (refused.status_code, refused.text) == (403, "Bad_OAuth_Token")
