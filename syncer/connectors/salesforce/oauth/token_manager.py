"""Keeping a connection's tokens fresh: one renewal at a time, across threads and across processes
(contracts/salesforce.md A1.4)."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded, Unexpected, Unreachable
from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.credentials import App, Tokens, TokenStore, identity_of
from syncer.connectors.salesforce.oauth.messages import Busy
from syncer.connectors.salesforce.oauth.token_requests import ending, request_new_tokens
from syncer.core.records import System

_MAX_BUSY_WAITS = 6


def refresh(
    store: TokenStore, seen: str, app: App, *, sleep: Callable[[float], None] = time.sleep
) -> tuple[Tokens, bool]:
    """Renew the access token ``seen``, which Salesforce refused. Returns the tokens to use and whether
    Salesforce was asked for it.

    Only one process asks; the others find its result stored. The new tokens are durable before anyone uses
    them. When the refresh token is dead, the store is marked and `ReconnectNeeded` raised.
    """
    fault: Fault | None = None
    for _ in range(_MAX_BUSY_WAITS):
        with store.lock():
            tokens = store.load()
            if tokens.access_token != seen:
                return tokens, False
            try:
                return _renewed(store, tokens, app), True
            except ReconnectNeeded as lost:
                store.mark_reconnect_needed(lost.sentence)
                raise
            except Busy as busy:
                fault = busy
        sleep(1.0 + random.random() / 2)  # noqa: S311 - spreads the waiting processes
    raise fault or Unreachable(
        System.SALESFORCE, "The sign-in to Salesforce could not be renewed. It is tried again later."
    )


def _renewed(store: TokenStore, tokens: Tokens, app: App) -> Tokens:
    fresh = request_new_tokens(tokens, app)
    try:
        fresh = replace(fresh, instance_url=check_salesforce_url(fresh.instance_url, app.allowed_hosts))
        if identity_of(fresh.identity_url)[0][:15] not in ("", tokens.organization_id[:15]):
            raise Unexpected(
                System.SALESFORCE,
                "Salesforce renewed the sign-in for another organization. Connect again.",
                code="organization",
            )
    except Fault:
        # The old refresh token is dead all the same, so the new one is kept, but only for the address that is
        # known to be good.
        store.save(replace(fresh, instance_url=tokens.instance_url, identity_url=tokens.identity_url))
        raise
    store.save(fresh)
    return fresh


class TokenManager:
    """One connection's current access token within this process. Renewals queue here, before they queue for
    the store's lock."""

    def __init__(
        self,
        store: TokenStore,
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
        self._lock = threading.Lock()
        self._tokens: Tokens | None = None
        self._asked: deque[float] = deque(maxlen=per_minute)

    def current(self) -> Tokens:
        """The tokens to use now. Raises `NotAllowed` where their address may not get a token (any more)."""
        with self._lock:
            if self._tokens is None:
                self._tokens = self._checked(self._store.load())
            return self._tokens

    def renew(self, seen: str) -> tuple[Tokens, bool]:
        """Tokens whose access token is not ``seen``, and whether Salesforce was asked for it. Raises as
        `refresh` does, and `Unreachable` when renewing was needed more than ``per_minute`` times within a
        minute."""
        with self._lock:
            if self._tokens is not None and self._tokens.access_token != seen:
                return self._tokens, False
            if len(self._asked) == self._per_minute and self._clock() - self._asked[0] < 60:
                sentence = "Salesforce refuses every new session at the moment. It is tried again later."
                raise Unreachable(System.SALESFORCE, sentence, code="INVALID_SESSION_ID")
            tokens, asked = refresh(self._store, seen, self._app, sleep=self._sleep)
            if asked:
                self._asked.append(self._clock())
            self._tokens = self._checked(tokens)
            return self._tokens, asked

    def ends(self) -> datetime | None:
        """When Salesforce will end the sign-in, as far as it says so: None where it lasts. Raises a
        `Fault`."""
        return ending(self.current(), self._app)

    def _checked(self, tokens: Tokens) -> Tokens:
        try:
            address = check_salesforce_url(tokens.instance_url, self._app.allowed_hosts)
        except NotAllowed as refused:
            sentence = (
                f"The connection leads to {tokens.instance_url}, which is not an allowed Salesforce address."
                " Connect again."
            )
            raise NotAllowed(
                System.SALESFORCE, sentence, code=refused.code, detail=refused.sentence
            ) from refused
        return replace(tokens, instance_url=address)
