"""Connecting Salesforce: a sign-in in the browser with the school's External Client App, whose tokens are
kept."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine

from syncer.connections.connection_store import ConnectionStore, StoredConnection
from syncer.connections.sign_ins import SignIns, StartedSignIn
from syncer.connections.token_store import DatabaseTokenStore, decrypted, encrypted, lock
from syncer.connectors.errors import Fault, NotAllowed
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import oauth
from syncer.connectors.salesforce.client import SalesforceClient
from syncer.core.permissions import Actor, Role
from syncer.core.records import System
from syncer.infra.settings.environment import BadSettings
from syncer.infra.vault import Vault

_DISCARDED = "The sign-in was discarded. Connect again from the beginning."
_ACCOUNT = ("organization_id", "user_id", "username", "instance_url", "scope")


class SalesforceConnection:
    """Makes, checks and ends the connection to Salesforce. Every failure is a `Fault` that says what to
    do."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        store: ConnectionStore,
        sign_ins: SignIns,
        callback_url: str,
        allowed_hosts: frozenset[str],
    ) -> None:
        """``callback_url`` is where Salesforce sends a person back to; ``allowed_hosts``: see
        `oauth.check_salesforce_url`."""
        self._engine = engine
        self._vault = vault
        self._store = store
        self._sign_ins = sign_ins
        self._callback_url = callback_url
        self._allowed_hosts = allowed_hosts

    def begin(
        self, person: Actor, url: str, client_id: str, client_secret: str, browser: str | None
    ) -> StartedSignIn:
        """Begin a sign-in; ``browser``: see `Connections.begin_salesforce`."""
        address = oauth.check_salesforce_url(url, self._allowed_hosts)
        for given, name in ((client_id, "consumer key"), (client_secret, "consumer secret")):
            if not given.strip():
                raise NotAllowed(
                    System.SALESFORCE, f"Enter the {name} of the External Client App.", code="client"
                )
        app = oauth.App(client_id.strip(), client_secret.strip(), self._allowed_hosts)
        secrets = {
            "address": address,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "callback": self._callback_url,
            "person": [person.name, person.role],
            "browser": browser,
        }
        return self._sign_ins.save(oauth.begin(address, app, self._callback_url), secrets)

    def begin_again(self, person: Actor, browser: str | None) -> StartedSignIn:
        """Begin a sign-in with the app that is connected, or was until its sign-in lapsed. Raises
        `ReconnectNeeded` where its secrets are gone."""
        stored = self._store.with_secrets(System.SALESFORCE)
        app = self._app(stored)
        return self.begin(person, stored.view.address, app.client_id, app.client_secret, browser)

    def finish(self, callback_address: str, browser: str | None) -> bool:
        """Complete a sign-in, with the address that the browser came back to. Returns whether it is in force;
        else it waits to be confirmed (`Connections.finish_salesforce`)."""
        state = oauth.callback_state(callback_address)
        secrets = self._sign_ins.claim(state)
        with self._telling_how_it_ends(state):
            tokens = self._exchange(callback_address, state, secrets)
            if not _is_where_it_began(browser, secrets.get("browser")):
                self._sign_ins.park(state, secrets, asdict(tokens))
                return False
            name, role = secrets["person"]
            self._put_into_force(Actor(name, Role(role)), secrets, tokens)
        self._sign_ins.finish(state, "")
        return True

    def confirm(self, person: Actor, state: str) -> None:
        """Put a sign-in that waits for it into force, in the name of ``person``."""
        secrets, tokens = self._sign_ins.take(state)
        with self._telling_how_it_ends(state):
            self._put_into_force(person, secrets, oauth.Tokens(**tokens))
        self._sign_ins.finish(state, "")

    def discard(self, state: str) -> None:
        """End a sign-in that waits to be confirmed, and give its tokens back."""
        secrets, tokens = self._sign_ins.take(state)
        with suppress(Fault):
            oauth.revoke(oauth.Tokens(**tokens), self._app_of(secrets))
        self._sign_ins.finish(state, _DISCARDED)

    def app_and_tokens(self) -> tuple[oauth.App, DatabaseTokenStore]:
        """The app and the store of its tokens, to make a client of. Raises `ReconnectNeeded` where Salesforce
        is not connected."""
        stored = self._store.usable(System.SALESFORCE)
        return self._app(stored), DatabaseTokenStore(self._engine, self._vault)

    def check(self) -> str:
        """Call Salesforce now; gives its answer as a sentence."""
        app, tokens = self.app_and_tokens()
        client = SalesforceClient(
            tokens,
            client_id=app.client_id,
            client_secret=app.client_secret,
            allowed_hosts=app.allowed_hosts,
            login_url=app.login_url,
            retry=RetryPolicy(max_attempts=2, max_delay=5.0),
        )
        objects = len(client.entities())
        answer = f"Salesforce answers, and lets the connected user read and write {objects} objects."
        if client.usage:
            used, limit = client.usage
            answer += f" {used:,} of {limit:,} API calls of the last 24 hours are used."
        return answer

    def disconnect(self) -> None:
        """Revoke the tokens and forget all secrets."""
        with lock(self._engine):
            stored = self._store.find(System.SALESFORCE)
            if stored:
                self._revoke(stored)
            self._store.forget_secrets(System.SALESFORCE)

    @contextmanager
    def _telling_how_it_ends(self, state: str) -> Iterator[None]:
        """Keep the sentence of a failure, for whoever waits for the sign-in."""
        try:
            yield
        except Exception as error:  # raised again: whoever waits for the sign-in learns that it ended
            if isinstance(error, Fault):
                outcome = error.sentence
            else:
                outcome = f"The sign-in could not be completed: {error}"
            self._sign_ins.finish(state, outcome)
            raise

    def _exchange(self, callback_address: str, state: str, secrets: dict[str, Any]) -> oauth.Tokens:
        before = self._store.find(System.SALESFORCE)
        return oauth.exchange(
            callback_address,
            salesforce_url=secrets["address"],
            app=self._app_of(secrets),
            callback=secrets["callback"],
            state=state,
            verifier=secrets["verifier"],
            organization_id=before.view.account.get("organization_id") if before else None,
        )

    def _put_into_force(self, person: Actor, secrets: dict[str, Any], tokens: oauth.Tokens) -> None:
        # Under the lock, so that a renewal of the former tokens cannot overwrite the new ones.
        with lock(self._engine):
            former = self._store.find(System.SALESFORCE)
            # Another may have been connected since this sign-in was completed.
            oauth.same_organization(
                tokens.organization_id, former.view.account.get("organization_id") if former else None
            )
            self._store.save(
                person,
                System.SALESFORCE,
                secrets["address"],
                account={name: getattr(tokens, name) for name in _ACCOUNT},
                secrets={name: secrets[name] for name in ("client_id", "client_secret")},
                tokens=encrypted(self._vault, tokens),
            )
            # A user may have five refresh tokens for an app; the sixth would silently end the oldest
            # (contracts/salesforce.md A1.4).
            if former:
                self._revoke(former)

    def _revoke(self, stored: StoredConnection) -> None:
        """Revoke the tokens of a connection. Where that fails, they are no longer used all the same."""
        if stored.tokens:
            with suppress(Fault, BadSettings):
                oauth.revoke(decrypted(self._vault, stored.tokens), self._app(stored))

    def _app(self, stored: StoredConnection) -> oauth.App:
        return self._app_of({**self._vault.open(stored.secrets), "address": stored.view.address})

    def _app_of(self, secrets: dict[str, Any]) -> oauth.App:
        return oauth.App(
            secrets["client_id"], secrets["client_secret"], self._allowed_hosts, secrets["address"]
        )


def _is_where_it_began(browser: str | None, began: str | None) -> bool:
    """Whether the answer comes from the ``browser`` that the sign-in was begun in; None for whoever holds the
    machine."""
    if browser is None:
        return True
    return bool(began) and hmac.compare_digest(browser.encode(), str(began).encode())
