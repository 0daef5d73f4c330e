"""What a fresh sign-in must prove before it is kept: each check returns, or raises a `Fault` that says what
to do (contracts/salesforce.md A1)."""

import base64
import hashlib
import hmac
from dataclasses import replace

import requests

from syncer.connectors.errors import NotAllowed, ReconnectNeeded, Unexpected
from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.credentials import App, Tokens, text_of
from syncer.connectors.salesforce.oauth.http import get, json_of
from syncer.connectors.salesforce.oauth.messages import NO_LASTING_SIGN_IN, ZERO_POLICY, token_fault
from syncer.connectors.salesforce.oauth.token_requests import request_new_tokens
from syncer.connectors.system_text import described
from syncer.core.records import System

API_VERSION = "66.0"


def signature(reply: dict[str, object], secret: str) -> None:
    """Refuse a token reply that does not carry the HMAC of this app's secret (A1.3)."""
    message = text_of(reply, "id") + text_of(reply, "issued_at")
    expected = base64.b64encode(hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest())
    if not hmac.compare_digest(expected, text_of(reply, "signature").encode()):
        sentence = (
            "The answer to the sign-in is not signed by Salesforce with this app's secret, so it was not"
            " used. Check the address and the secret."
        )
        raise NotAllowed(System.SALESFORCE, sentence, code="signature")


def instance(tokens: Tokens, app: App) -> Tokens:
    """The tokens with their address in one spelling. Refuses an address that may not get a token (A1.1)."""
    try:
        return replace(tokens, instance_url=check_salesforce_url(tokens.instance_url, app.allowed_hosts))
    except NotAllowed as refused:
        sentence = (
            "The sign-in names an address that is not Salesforce's, so nothing was sent there. Check the"
            " Salesforce address."
        )
        raise NotAllowed(
            System.SALESFORCE, sentence, code="instance_url", detail=tokens.instance_url
        ) from refused


def identity(tokens: Tokens, expected: str | None) -> Tokens:
    """The tokens with the user that they are for, as the org itself says. ``expected``: the only organization
    that is accepted, if not None."""
    response = get(tokens.instance_url, "/services/oauth2/userinfo", tokens.access_token)
    who = json_of(response)
    if response.status_code in (401, 403):
        raise _no_api(response)
    if response.status_code != 200 or not isinstance(who, dict):
        raise token_fault(max(response.status_code, 500), "", described(response))
    organization, user = text_of(who, "organization_id"), text_of(who, "user_id")
    if (
        not organization
        or organization[:15] != tokens.organization_id[:15]
        or user[:15] != tokens.user_id[:15]
    ):
        raise Unexpected(
            System.SALESFORCE,
            "Salesforce names two different users for this sign-in, so it was not used.",
            code="identity",
        )
    same_organization(organization, expected)
    return replace(
        tokens, organization_id=organization, user_id=user, username=text_of(who, "preferred_username")
    )


def same_organization(organization: str, expected: str | None) -> None:
    """Refuse another organization than the ``expected`` one, where one is."""
    if expected and organization[:15] != expected[:15]:
        sentence = (
            f"This is another Salesforce organization ({organization}) than the one that was connected before"
            f" ({expected}). Sign in to the same organization; another one needs an installation of its own."
            " If it takes the place of the former one, as a sandbox that was refreshed does: python -m syncer"
            " connect another-organization"
        )
        raise NotAllowed(System.SALESFORCE, sentence, code="other_organization")


def version(tokens: Tokens) -> None:
    """Refuse an org that does not offer our version of the API."""
    response = get(tokens.instance_url, "/services/data")
    versions = json_of(response)
    if response.status_code != 200 or not isinstance(versions, list):
        raise token_fault(max(response.status_code, 500), "", described(response))
    if not any(isinstance(one, dict) and one.get("version") == API_VERSION for one in versions):
        sentence = (
            f"This Salesforce organization does not offer version {API_VERSION} of its API, which the sync"
            " needs."
        )
        raise NotAllowed(System.SALESFORCE, sentence, code="version")


def api(tokens: Tokens) -> None:
    """Refuse an org, or a user, that the API is not for: the sign-in alone does not show it."""
    response = get(tokens.instance_url, f"/services/data/v{API_VERSION}", tokens.access_token)
    if (
        response.status_code == 403 and "REQUEST_LIMIT_EXCEEDED" not in response.text
    ):  # a limit of the day passes
        raise _no_api(response)


def _no_api(response: requests.Response) -> NotAllowed:
    sentence = (
        'The user may not use Salesforce\'s API. Give the user the permission "API Enabled", then connect'
        " again."
    )
    return NotAllowed(System.SALESFORCE, sentence, code=str(response.status_code), detail=described(response))


def lasting(tokens: Tokens, app: App) -> Tokens:
    """The tokens, the refresh token used at once: so a missing one, or a policy that ends it at once, shows
    itself while someone is there to mend it."""
    if not tokens.refresh_token:
        raise ReconnectNeeded(System.SALESFORCE, NO_LASTING_SIGN_IN, code="no_refresh_token")
    try:
        return instance(request_new_tokens(tokens, app), app)
    except ReconnectNeeded as lapsed:
        if lapsed.code != "invalid_grant":
            raise
        raise ReconnectNeeded(
            System.SALESFORCE, ZERO_POLICY, code=lapsed.code, detail=lapsed.detail
        ) from lapsed
