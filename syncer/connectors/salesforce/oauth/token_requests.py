"""Requests to the token address: new tokens, with rotation, and revoking (contracts/salesforce.md A1.4,
A1.6)."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import requests

from syncer.connectors.errors import Unreachable
from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.credentials import App, Tokens, text_of
from syncer.connectors.salesforce.oauth.http import json_of, post_form
from syncer.connectors.salesforce.oauth.messages import Busy, token_fault
from syncer.connectors.system_text import described

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
REVOKE_PATH = "/services/oauth2/revoke"
INTROSPECT_PATH = "/services/oauth2/introspect"


def token_response(response: requests.Response, *, connecting: bool = False) -> dict[str, object]:
    """The token address's answer. Raises the fault of table A1.4; HTML and 5xx pass by themselves."""
    reply = json_of(response)
    if response.status_code == 200 and isinstance(reply, dict) and text_of(reply, "access_token"):
        return reply
    said = reply if isinstance(reply, dict) else {}
    detail = text_of(said, "error_description") or described(response)
    raise token_fault(response.status_code, text_of(said, "error"), detail, connecting=connecting)


def request_new_tokens(tokens: Tokens, app: App) -> Tokens:
    """The tokens with a new access token, and the new refresh token where Salesforce rotates them.

    A request whose answer got lost is repeated once with the old token: it may have been rotated already
    (then `ReconnectNeeded`), but not asking would lose it for sure. Raises `Busy`, `Unreachable`,
    `ReconnectNeeded`, `NotAllowed`.
    """
    form = {
        "grant_type": "refresh_token",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "refresh_token": tokens.refresh_token,
    }
    address = check_salesforce_url(app.login_url or tokens.instance_url, app.allowed_hosts)
    try:
        reply = token_response(post_form(address, TOKEN_PATH, form))
    except Busy:
        raise
    except Unreachable:
        reply = token_response(post_form(address, TOKEN_PATH, form))
    return replace(
        tokens,
        access_token=text_of(reply, "access_token"),
        refresh_token=text_of(reply, "refresh_token") or tokens.refresh_token,
        instance_url=text_of(reply, "instance_url") or tokens.instance_url,
        identity_url=text_of(reply, "id") or tokens.identity_url,
        scope=text_of(reply, "scope") or tokens.scope,
        issued_at=text_of(reply, "issued_at") or tokens.issued_at,
    )


def ending(tokens: Tokens, app: App) -> datetime | None:
    """When Salesforce will end the refresh token, by introspection; None where it does not say so (A1.6).
    Raises `Unreachable` and the faults of the token address."""
    form = {
        "token": tokens.refresh_token,
        "token_type_hint": "refresh_token",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }
    address = check_salesforce_url(app.login_url or tokens.instance_url, app.allowed_hosts)
    said = json_of(post_form(address, INTROSPECT_PATH, form))
    ends = said.get("exp") if isinstance(said, dict) else None
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) else None


def revoke(tokens: Tokens, app: App) -> None:
    """Give the tokens back on disconnecting. Tokens that are dead already, and an unreachable Salesforce, are
    no reason to fail."""
    with suppress(Unreachable):
        address = check_salesforce_url(app.login_url or tokens.instance_url, app.allowed_hosts)
        # Revoking the refresh token ends its access tokens too (A1.6).
        post_form(address, REVOKE_PATH, {"token": tokens.refresh_token or tokens.access_token})
