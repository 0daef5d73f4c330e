"""The connections to both systems: made after a live check only, kept encrypted, shown without their
secrets."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, Row, select, update

from syncer.connections.connection_state import ConnectionState
from syncer.connections.sign_ins import SignIns, Started
from syncer.connections.token_store import DatabaseTokenStore, lock, sealed, tokens_of
from syncer.connectors.element451 import Element451Client, check_element451_url
from syncer.connectors.element451.http import DEFAULT_RETRY
from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded
from syncer.connectors.retry import RetryPolicy
from syncer.connectors.salesforce import oauth
from syncer.connectors.salesforce.client import SalesforceClient
from syncer.core.permissions import OPERATOR, Action, Actor, Role
from syncer.core.records import System
from syncer.infra.database.engine import durable, put
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.vault import Vault, WrongKey
from syncer.journal import audit

_CONNECTIONS = table(ConnectionRow)


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection for showing. ``account`` tells what it leads to (Salesforce: organization_id, user_id,
    username, instance_url, scope); ``message`` says why someone must connect again; ``paused_until``: the
    system allows no calls before then."""

    system: System
    address: str
    state: str
    message: str
    account: Mapping[str, Any]
    connected_at: datetime
    paused_until: datetime | None

    @property
    def usable(self) -> bool:
        """Whether calls can be made with it."""
        return self.state == ConnectionState.CONNECTED


@dataclass(frozen=True, slots=True)
class Element451Credentials:
    """What every call to Element451 carries."""

    api_url: str
    feature_token: str = field(repr=False)
    api_key: str | None = field(default=None, repr=False)


class Connections:
    """Makes, shows and ends the connections. Every failure is a `Fault` with a sentence that says what to
    do."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        callback_url: str,
        allowed_hosts: frozenset[str] = frozenset(),
        person: Actor = OPERATOR,
    ) -> None:
        """``callback_url`` is where Salesforce sends a person back to; ``allowed_hosts``: see
        `oauth.check_salesforce_url`; ``person``: who acts."""
        self._engine, self._vault, self._callback, self._hosts, self._person = (
            engine,
            vault,
            callback_url,
            allowed_hosts,
            person,
        )
        self._sign_ins = SignIns(engine, vault)

    def view(self, system: System) -> ConnectionView | None:
        """The connection to ``system``; None where there never was one."""
        row = self._row(system)
        if row is None:
            return None
        account = MappingProxyType(dict(row.account))
        return ConnectionView(
            system, row.address, row.state, row.message, account, row.connected_at, row.paused_until
        )

    def connect_element451(
        self, api_url: str, feature_token: str, api_key: str | None = None
    ) -> ConnectionView:
        """Keep these credentials, if Element451 answers to them."""
        self._person.require(Action.CONNECT)
        try:
            address = check_element451_url(api_url)
        except ValueError as error:
            raise NotAllowed(System.ELEMENT451, str(error), code="address") from None
        if not feature_token.strip():
            raise NotAllowed(
                System.ELEMENT451, "Enter the feature token that Element451 gave you.", code="feature_token"
            )
        token, key = feature_token.strip(), (api_key or "").strip() or None
        with self._element451(Element451Credentials(address, token, key)) as client:
            fields = client.catalogue()
        self._save(
            self._person,
            System.ELEMENT451,
            address,
            {"fields": len(fields)},
            {"feature_token": token, "api_key": key},
            None,
        )
        return self._seen(System.ELEMENT451)

    def element451(self) -> Element451Credentials:
        """The credentials to work with, for the operator. Raises `ReconnectNeeded` where there are none, and
        `NotPermitted`."""
        self._person.require_operator()
        return self._credentials()

    def _credentials(self) -> Element451Credentials:
        row = self._usable(System.ELEMENT451)
        return Element451Credentials(row.address, **self._vault.open(row.secrets))

    def begin_salesforce(self, url: str, client_id: str, client_secret: str) -> Started:
        """Begin a sign-in: the address to open in a browser, and the state by which its outcome can be asked
        for."""
        self._person.require(Action.CONNECT)
        address = oauth.check_salesforce_url(url, self._hosts)
        for given, name in ((client_id, "consumer key"), (client_secret, "consumer secret")):
            if not given.strip():
                raise NotAllowed(
                    System.SALESFORCE, f"Enter the {name} of the External Client App.", code="client"
                )
        app = oauth.App(client_id.strip(), client_secret.strip(), self._hosts)
        begun = oauth.begin(address, app, self._callback)
        secrets = {"address": address, "client_id": app.client_id, "client_secret": app.client_secret}
        return self._sign_ins.keep(
            begun, {**secrets, "callback": self._callback, "person": [self._person.name, self._person.role]}
        )

    def begin_again(self) -> Started:
        """Begin a sign-in with the app that is connected, or was until its sign-in lapsed. Raises
        `ReconnectNeeded` where its secrets are gone."""
        self._person.require(Action.CONNECT)
        row = self._known(System.SALESFORCE)
        app = self._app(row)
        return self.begin_salesforce(row.address, app.client_id, app.client_secret)

    def check(self, system: System) -> str:
        """Ask ``system`` for something small, now, with the connection that there is; gives what it said in a
        sentence. Raises a `Fault`."""
        audit.authorize(self._engine, self._person, Action.CHECK, system.label)
        if system is System.ELEMENT451:
            with self._element451(self._credentials()) as element451:
                return f"Element451 answers, and knows {len(element451.catalogue())} fields."
        app, store = self._app_and_token_store()
        policy = RetryPolicy(max_attempts=2, max_delay=5.0)
        org = SalesforceClient(
            store,
            client_id=app.client_id,
            client_secret=app.client_secret,
            allowed_hosts=app.allowed_hosts,
            login_url=app.login_url,
            retry=policy,
        )
        objects = len(org.entities())
        used = (
            f" {org.usage[0]:,} of {org.usage[1]:,} API calls of the last 24 hours are used."
            if org.usage
            else ""
        )
        return f"Salesforce answers, and lets the connected user read and write {objects} objects.{used}"

    def sign_in_outcome(self, state: str) -> str | None:
        """How a sign-in ended: None while it has not, an empty text when it connected, else the sentence that
        says why not."""
        return self._sign_ins.outcome(state)

    def sign_in_ended(self, reference: str) -> str | None:
        """The same, by what it may be called in an address that others could read (`sign_ins.reference`), or
        a word for what was wrong with it."""
        return self._sign_ins.ended(reference)

    def finish_salesforce(self, answer: str) -> ConnectionView:
        """Complete a sign-in with the whole address that the browser came back with. A state is good once,
        for ten minutes; whoever began the sign-in was allowed to, and it is theirs."""
        state = oauth.callback_state(answer)
        kept = self._sign_ins.claim(state)
        try:
            self._exchange(answer, state, kept)
        except Exception as error:  # raised again: whoever waits for the sign-in learns that it ended
            self._sign_ins.end(
                state,
                (
                    error.sentence
                    if isinstance(error, Fault)
                    else f"The sign-in could not be completed: {error}"
                ),
            )
            raise
        self._sign_ins.end(state, "")
        return self._seen(System.SALESFORCE)

    def salesforce(self) -> tuple[oauth.App, DatabaseTokenStore]:
        """The app and the store of the tokens, to make a client of, for the operator. Raises
        `ReconnectNeeded` where Salesforce is not connected, and `NotPermitted`."""
        self._person.require_operator()
        return self._app_and_token_store()

    def _app_and_token_store(self) -> tuple[oauth.App, DatabaseTokenStore]:
        row = self._usable(System.SALESFORCE)
        return self._app(row), DatabaseTokenStore(self._engine, self._vault)

    def disconnect(self, system: System) -> None:
        """Forget the secrets, and revoke the tokens. Which organization it was stays known:
        another one cannot take its place."""
        row = self._row(system)
        self._person.require(Action.DISCONNECT)
        if row is None or row.state == ConnectionState.DISCONNECTED:
            return
        audit.authorize(self._engine, self._person, Action.DISCONNECT, system.label)
        with lock(self._engine):
            row = self._row(system)
            if row and row.grant:
                with suppress(Fault, WrongKey):  # ours is forgotten in any case
                    oauth.revoke(tokens_of(self._vault, row.grant), self._app(row))
            values = {
                "state": ConnectionState.DISCONNECTED.value,
                "message": "",
                "secrets": self._vault.seal({}),
                "grant": None,
                "paused_until": None,
            }
            with self._engine.begin() as connection:
                connection.execute(update(_CONNECTIONS).where(_CONNECTIONS.c.system == system).values(values))

    def pause(self, system: System, until: datetime | None) -> None:
        """Remember that ``system`` allows no calls before ``until``; None ends the pause. The operator's: it
        is what a run met."""
        self._person.require_operator()
        with self._engine.begin() as connection:
            connection.execute(
                update(_CONNECTIONS).where(_CONNECTIONS.c.system == system).values(paused_until=until)
            )

    def _exchange(self, answer: str, state: str, kept: dict[str, Any]) -> None:
        app = oauth.App(kept["client_id"], kept["client_secret"], self._hosts, kept["address"])
        before = self._row(System.SALESFORCE)
        tokens = oauth.exchange(
            answer,
            salesforce_url=kept["address"],
            app=app,
            callback=kept["callback"],
            state=state,
            verifier=kept["verifier"],
            organization_id=before.account.get("organization_id") if before else None,
        )
        account = {
            name: getattr(tokens, name)
            for name in ("organization_id", "user_id", "username", "instance_url", "scope")
        }
        secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
        # Under the lock, so that a renewal of the former tokens that is under way cannot overwrite the new
        # ones.
        with lock(self._engine):
            former = self._row(System.SALESFORCE)
            name, role = kept["person"]
            self._save(
                Actor(name, Role(role)),
                System.SALESFORCE,
                kept["address"],
                account,
                secrets,
                sealed(self._vault, tokens),
            )
            if former and former.grant:
                # A user may have five refresh tokens for an app; the sixth would silently end the oldest
                # (contracts/salesforce.md A1.4). The new connection stands, whether or not the former tokens
                # could be revoked.
                with suppress(Fault, WrongKey):
                    oauth.revoke(tokens_of(self._vault, former.grant), self._app(former))

    def _element451(self, credentials: Element451Credentials) -> Element451Client:
        """A client for whoever waits in front of a screen."""
        return Element451Client(
            credentials.api_url,
            credentials.feature_token,
            credentials.api_key,
            retry=replace(DEFAULT_RETRY, max_attempts=2),
        )

    def _app(self, row: Row[Any]) -> oauth.App:
        secrets = self._vault.open(row.secrets)
        return oauth.App(secrets["client_id"], secrets["client_secret"], self._hosts, row.address)

    def _save(
        self,
        person: Actor,
        system: System,
        address: str,
        account: dict[str, Any],
        secrets: dict[str, Any],
        tokens: bytes | None,
    ) -> None:
        row = {
            "system": system.value,
            "address": address,
            "account": account,
            "secrets": self._vault.seal(secrets),
            "grant": tokens,
        }
        fresh = {
            "state": ConnectionState.CONNECTED.value,
            "message": "",
            "connected_at": datetime.now(UTC),
            "paused_until": None,
        }
        with durable(self._engine) as connection:
            put(connection, _CONNECTIONS, {**row, **fresh})
            audit.record(connection, person, Action.CONNECT, system.label, address=address)

    def _row(self, system: System) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(
                select(_CONNECTIONS).where(_CONNECTIONS.c.system == system)
            ).one_or_none()

    def _known(self, system: System) -> Row[Any]:
        row = self._row(system)
        if row is None or row.state == ConnectionState.DISCONNECTED:
            raise ReconnectNeeded(
                system, f"{system.label} is not connected yet. Connect it first.", code="not_connected"
            )
        return row

    def _usable(self, system: System) -> Row[Any]:
        row = self._known(system)
        if row.state != ConnectionState.CONNECTED:
            raise ReconnectNeeded(system, row.message, code="reconnect_needed")
        return row

    def _seen(self, system: System) -> ConnectionView:
        view = self.view(system)
        assert view
        return view
