"""Signing in to the imitation org, step by step."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.support.sandbox import CALLBACK, CHALLENGE, CLIENT_ID, CLIENT_SECRET, VERIFIER, Row, RunningSandbox

CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
EXPIRED = {"error": "invalid_grant", "error_description": "expired access/refresh token"}


def code(sandbox: RunningSandbox, scope: str = "api refresh_token", **changes: str) -> str:
    """An authorization code that nobody used yet."""
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
    """A call of the token endpoint."""
    return requests.post(f"{sandbox.url}/services/oauth2/token", data=form, timeout=10, **more)


def exchange(sandbox: RunningSandbox, **changes: str) -> requests.Response:
    """A code (a new one unless given) exchanged for tokens."""
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER, **CLIENT}
    return token(sandbox, {**form, "code": changes.pop("code", "") or code(sandbox), **changes})


def refresh(sandbox: RunningSandbox, refresh_token: str, **changes: str) -> requests.Response:
    """A refresh token used."""
    return token(
        sandbox, {"grant_type": "refresh_token", "refresh_token": refresh_token, **CLIENT, **changes}
    )


def works(sandbox: RunningSandbox, given: Row) -> bool:
    """Whether the access token is taken by the API."""
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    return (
        requests.get(f"{sandbox.url}/services/data/v66.0/limits", headers=headers, timeout=10).status_code
        == 200
    )
