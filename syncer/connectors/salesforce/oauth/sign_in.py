"""Signing in: the address to send the browser to, and what to do with the one that it comes back with
(contracts/salesforce.md A1.2 to A1.6)."""

import hmac
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_plus, urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session

from syncer.connectors.bounded_calls import BoundedAdapter
from syncer.connectors.errors import Fault, NotAllowed, Unexpected
from syncer.connectors.network import prepare
from syncer.connectors.salesforce.oauth import sign_in_checks
from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.credentials import App, Tokens, identity_of, text_of
from syncer.connectors.salesforce.oauth.http import LIMITS, TIMEOUT, no_answer
from syncer.connectors.salesforce.oauth.messages import callback_fault
from syncer.connectors.salesforce.oauth.token_requests import TOKEN_PATH, revoke, token_response
from syncer.core.hosts import is_loopback_url
from syncer.core.records import System

SCOPES = ["api", "refresh_token"]
AUTHORIZE_PATH = "/services/oauth2/authorize"
_plain_http = threading.RLock()

# At DEBUG this library writes access and refresh tokens into the log.
logging.getLogger("requests_oauthlib").setLevel(logging.INFO)


class SignIn(NamedTuple):
    """A sign-in that began: where the browser goes, and what must be kept (server side, single use, expiring)
    until it comes back."""

    authorize_url: str
    state: str
    verifier: str


def begin(salesforce_url: str, app: App, callback: str) -> SignIn:
    """Begin a sign-in. ``callback`` must equal the External Client App's, byte for byte. Raises `NotAllowed`
    for a mistaken address."""
    address = check_salesforce_url(salesforce_url, app.allowed_hosts)
    client = WebApplicationClient(app.client_id)
    verifier = client.create_code_verifier(96)
    challenge = client.create_code_challenge(verifier, "S256")
    with _http_for(address):
        session = OAuth2Session(client=client, redirect_uri=callback, scope=SCOPES)
        url, state = session.authorization_url(
            address + AUTHORIZE_PATH, code_challenge=challenge, code_challenge_method="S256"
        )
    return SignIn(url, state, verifier)


def callback_state(callback_url: str) -> str:
    """The ``state`` of the address that the browser came back with, to find the sign-in it belongs to; empty
    where there is none."""
    return _query(callback_url).get("state", "")


def exchange(
    answer: str,
    *,
    salesforce_url: str,
    app: App,
    callback: str,
    state: str,
    verifier: str,
    organization_id: str | None = None,
) -> Tokens:
    """Complete a sign-in and return tokens that are known to last.

    ``answer`` is the whole address that the browser came back with, or the code alone (decoded, its state
    checked by the caller). ``organization_id`` is the organization of the connection before, if there was
    one. Raises `NotAllowed`, `ReconnectNeeded`, `Unreachable` or `Unexpected`, each with what to do about it;
    tokens that are refused are revoked.
    """
    address = check_salesforce_url(salesforce_url, app.allowed_hosts)
    app = replace(app, login_url=address)
    reply = _fetch(address, app, callback, _code(answer, state), verifier)
    tokens = _tokens(reply)
    try:
        sign_in_checks.signature(reply, app.client_secret)
        tokens = sign_in_checks.instance(tokens, app)
        tokens = sign_in_checks.identity(tokens, organization_id)
        sign_in_checks.version(tokens)
        sign_in_checks.api(tokens)
        return sign_in_checks.lasting(tokens, app)
    except Fault:
        # Otherwise the refused sign-in would use up one of the five that a user may have for an app (A1.4).
        with suppress(Fault):  # why it was refused is what is said
            revoke(replace(tokens, instance_url=address), app)
        raise


def _code(answer: str, state: str) -> str:
    given = _query(answer.strip())
    if not given:
        return answer.strip()
    if not hmac.compare_digest(given.get("state", "").encode(), state.encode()):
        sentence = (
            "This answer belongs to another sign-in, or the sign-in took too long. Connect again from the"
            " beginning."
        )
        raise NotAllowed(System.SALESFORCE, sentence, code="state")
    if "error" in given:
        raise callback_fault(given["error"], given.get("error_description", ""))
    if not given.get("code"):
        raise NotAllowed(
            System.SALESFORCE,
            "The address holds no sign-in code. Paste the whole address that the browser was sent to.",
            code="no_code",
        )
    return given["code"]


def _query(address: str) -> dict[str, str]:
    """The query of an address, each value decoded exactly once. A ``+`` within a code is a plus sign,
    elsewhere a blank."""
    try:
        query = urlsplit(address).query or (address if re.match(r"(code|state|error)=", address) else "")
    except ValueError:
        return {}
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {key: unquote(value) if key == "code" else unquote_plus(value) for key, _, value in pairs}


class _Session(OAuth2Session):
    """The library's session, that never follows a redirect with the secret in the body."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{**kwargs, "allow_redirects": False})


def _fetch(address: str, app: App, callback: str, code: str, verifier: str) -> dict[str, object]:
    # Without a scope the library does not compare: Salesforce names the same scopes in its own way (A1.3).
    with _http_for(address), _Session(app.client_id, redirect_uri=callback) as session:
        prepare(session, address)
        session.mount(address, BoundedAdapter(LIMITS))
        session.register_compliance_hook("access_token_response", _must_be_a_token)
        try:
            reply = session.fetch_token(
                address + TOKEN_PATH,
                code=code,
                code_verifier=verifier,
                include_client_id=True,
                client_secret=app.client_secret,
                timeout=TIMEOUT,
            )
        except requests.RequestException as error:
            raise no_answer(error) from error
        except (OAuth2Error, ValueError, Warning) as error:
            raise Unexpected(
                System.SALESFORCE, "Salesforce's answer to the sign-in was not understood.", detail=str(error)
            ) from error
    return dict(reply)


def _must_be_a_token(response: requests.Response) -> requests.Response:
    token_response(response, connecting=True)
    return response


def _tokens(reply: dict[str, object]) -> Tokens:
    organization, user = identity_of(text_of(reply, "id"))
    scope = reply.get("scope")
    return Tokens(
        access_token=text_of(reply, "access_token"),
        refresh_token=text_of(reply, "refresh_token"),
        instance_url=text_of(reply, "instance_url"),
        identity_url=text_of(reply, "id"),
        scope=" ".join(scope) if isinstance(scope, list) else text_of(reply, "scope"),
        issued_at=text_of(reply, "issued_at"),
        organization_id=organization,
        user_id=user,
        username="",
    )


@contextmanager
def _http_for(address: str) -> Iterator[None]:
    """Let oauthlib speak plain http for as long as this lasts, if ``address`` (checked) is http, and so this
    very machine."""
    if not (address.startswith("http://") and is_loopback_url(address)):
        yield
        return
    with _plain_http:
        before = os.environ.get("OAUTHLIB_INSECURE_TRANSPORT")
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ["OAUTHLIB_INSECURE_TRANSPORT"]
            else:
                os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = before
