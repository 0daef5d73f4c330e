"""The token address: renewing with rotation, one at a time across processes, and revoking
(contracts/salesforce.md A1.4, A1.6)."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import requests

from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded, Unexpected, Unreachable
from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.grant import App, Grant, GrantStore, identity_of, text_of
from syncer.connectors.salesforce.oauth.http import json_of, post_form
from syncer.connectors.salesforce.oauth.messages import Busy, token_fault
from syncer.core.records import System

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
REVOKE_PATH = "/services/oauth2/revoke"
_WAITS_FOR_BUSY = 6


def reply_of(response: requests.Response, *, connecting: bool = False) -> dict[str, object]:
    """The token address's answer. Raises the fault of table A1.4; HTML and 5xx pass by themselves."""
    reply = json_of(response)
    if response.status_code == 200 and isinstance(reply, dict) and text_of(reply, "access_token"):
        return reply
    said = reply if isinstance(reply, dict) else {}
    detail = text_of(said, "error_description") or response.text[:200]
    raise token_fault(response.status_code, text_of(said, "error"), detail, connecting=connecting)


def ask_for_new(grant: Grant, app: App) -> Grant:
    """The grant with a new access token, and the new refresh token where Salesforce rotates them.

    A request whose answer got lost is repeated once with the old token: it may have been rotated already
    (then `ReconnectNeeded`), but not asking would lose it for sure. Raises `Busy`, `Unreachable`,
    `ReconnectNeeded`, `NotAllowed`.
    """
    form = {
        "grant_type": "refresh_token",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "refresh_token": grant.refresh_token,
    }
    address = check_salesforce_url(app.login_url or grant.instance_url, app.allowed_hosts)
    try:
        reply = reply_of(post_form(address, TOKEN_PATH, form))
    except Busy:
        raise
    except Unreachable:
        reply = reply_of(post_form(address, TOKEN_PATH, form))
    return replace(
        grant,
        access_token=text_of(reply, "access_token"),
        refresh_token=text_of(reply, "refresh_token") or grant.refresh_token,
        instance_url=text_of(reply, "instance_url") or grant.instance_url,
        identity_url=text_of(reply, "id") or grant.identity_url,
        scope=text_of(reply, "scope") or grant.scope,
        issued_at=text_of(reply, "issued_at") or grant.issued_at,
    )


def refresh(
    store: GrantStore, seen: str, app: App, *, sleep: Callable[[float], None] = time.sleep
) -> tuple[Grant, bool]:
    """Renew the access token ``seen``, which Salesforce refused. Returns the grant to use and whether
    Salesforce was asked for it.

    Only one process asks; the others find its result stored. The new grant is durable before anyone uses it.
    When the grant is lost, the store is marked and `ReconnectNeeded` raised.
    """
    fault: Fault | None = None
    for _ in range(_WAITS_FOR_BUSY):
        with store.lock():
            grant = store.load()
            if grant.access_token != seen:
                return grant, False
            try:
                return _renewed(store, grant, app), True
            except ReconnectNeeded as lost:
                store.mark_reconnect_needed(lost.sentence)
                raise
            except Busy as busy:
                fault = busy
        sleep(1.0 + random.random() / 2)  # noqa: S311 - spreads the waiting processes
    raise fault or Unreachable(
        System.SALESFORCE, "The sign-in to Salesforce could not be renewed. It is tried again later."
    )


def _renewed(store: GrantStore, grant: Grant, app: App) -> Grant:
    fresh = ask_for_new(grant, app)
    try:
        fresh = replace(fresh, instance_url=check_salesforce_url(fresh.instance_url, app.allowed_hosts))
        if identity_of(fresh.identity_url)[0][:15] not in ("", grant.organization_id[:15]):
            raise Unexpected(
                System.SALESFORCE,
                "Salesforce renewed the sign-in for another organization. Connect again.",
                code="organization",
            )
    except Fault:
        # The old refresh token is dead all the same, so the new one is kept, but only for the address that is
        # known to be good.
        store.save(replace(fresh, instance_url=grant.instance_url, identity_url=grant.identity_url))
        raise
    store.save(fresh)
    return fresh


class TokenKeeper:
    """One connection's current access token within this process. Renewals queue here, before they queue for
    the store's lock."""

    def __init__(
        self,
        store: GrantStore,
        app: App,
        *,
        per_minute: int = 10,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store, self._app, self._per_minute, self._clock, self._sleep = (
            store,
            app,
            per_minute,
            clock,
            sleep,
        )
        self._guard = threading.Lock()
        self._grant: Grant | None = None
        self._asked: deque[float] = deque(maxlen=per_minute)

    def current(self) -> Grant:
        """The grant to use now. Raises `NotAllowed` where its address may not get a token (any more)."""
        with self._guard:
            if self._grant is None:
                self._grant = self._checked(self._store.load())
            return self._grant

    def renew(self, seen: str) -> tuple[Grant, bool]:
        """A grant whose access token is not ``seen``, and whether Salesforce was asked for it. Raises as
        `refresh` does, and `Unreachable` when renewing was needed more than ``per_minute`` times within a
        minute."""
        with self._guard:
            if self._grant is not None and self._grant.access_token != seen:
                return self._grant, False
            if len(self._asked) == self._per_minute and self._clock() - self._asked[0] < 60:
                sentence = "Salesforce refuses every new session at the moment. It is tried again later."
                raise Unreachable(System.SALESFORCE, sentence, code="INVALID_SESSION_ID")
            grant, asked = refresh(self._store, seen, self._app, sleep=self._sleep)
            if asked:
                self._asked.append(self._clock())
            self._grant = self._checked(grant)
            return self._grant, asked

    def _checked(self, grant: Grant) -> Grant:
        try:
            address = check_salesforce_url(grant.instance_url, self._app.allowed_hosts)
        except NotAllowed as refused:
            sentence = (
                f"The connection leads to {grant.instance_url}, which is not an allowed Salesforce address."
                " Connect again."
            )
            raise NotAllowed(
                System.SALESFORCE, sentence, code=refused.code, detail=refused.sentence
            ) from refused
        return replace(grant, instance_url=address)


def revoke(grant: Grant, app: App) -> None:
    """Give the grant back on disconnecting. Tokens that are dead already, and an unreachable Salesforce, are
    no reason to fail."""
    with suppress(Unreachable):
        address = check_salesforce_url(app.login_url or grant.instance_url, app.allowed_hosts)
        # Revoking the refresh token ends its access tokens too (A1.6).
        post_form(address, REVOKE_PATH, {"token": grant.refresh_token or grant.access_token})
