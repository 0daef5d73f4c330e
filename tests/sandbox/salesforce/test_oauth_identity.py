"""Revocation, introspection, identity and userinfo."""

from typing import Any

import pytest
import requests

from tests.sandbox.sign_in import CLIENT, exchange, refresh, works
from tests.support.sandbox import Row, RunningSandbox


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
    kept = look(given["refresh_token"])
    assert (kept["token_type"], "exp" in kept) == ("refresh_token", False)
    sandbox.options(refresh_policy="SpecificLifetime", refresh_validity_hours=24)
    ending = look(given["refresh_token"])
    assert ending["exp"] - ending["iat"] == 24 * 3600
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
