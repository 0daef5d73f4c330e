"""The connections to both systems: who may make, see, check and end them. They are made after a live check
only, kept encrypted, and shown without their secrets."""

from datetime import datetime

from sqlalchemy import Engine

from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionStore, ConnectionView
from syncer.connections.element451_connection import Element451Connection, Element451Credentials
from syncer.connections.salesforce_connection import SalesforceConnection
from syncer.connections.sign_ins import SignIns, StartedSignIn, UnconfirmedSignIn
from syncer.connections.token_store import DatabaseTokenStore
from syncer.connectors.element451.account_settings import AccountSettings
from syncer.connectors.salesforce import oauth
from syncer.core.permissions import OPERATOR, Action, Actor
from syncer.core.records import System
from syncer.infra.vault import Vault
from syncer.journal import audit


class Connections:
    """The connections in the hands of one person. Methods raise `NotPermitted` where that person may not;
    every other failure is a `Fault` that says what to do."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        callback_url: str,
        allowed_hosts: frozenset[str] = frozenset(),
        person: Actor = OPERATOR,
    ) -> None:
        """``callback_url``, ``allowed_hosts``: see `SalesforceConnection`; ``person``: who acts."""
        self._engine = engine
        self._person = person
        self._store = ConnectionStore(engine, vault)
        self._sign_ins = SignIns(engine, vault)
        self._element451 = Element451Connection(engine, self._store, vault, allowed_hosts)
        self._salesforce = SalesforceConnection(
            engine, vault, self._store, self._sign_ins, callback_url, allowed_hosts
        )

    def view(self, system: System) -> ConnectionView | None:
        """The connection to ``system``; None where there never was one."""
        stored = self._store.find(system)
        return stored.view if stored else None

    def connect_element451(
        self,
        api_url: str,
        feature_token: str,
        api_key: str | None = None,
        settings: AccountSettings | None = None,
    ) -> ConnectionView:
        """Keep these credentials, if Element451 accepts them; without ``settings`` those before stay."""
        self._person.require(Action.CONNECT)
        self._element451.connect(self._person, api_url, feature_token, api_key, settings)
        return self._store.usable(System.ELEMENT451).view

    def set_up_element451(self, settings: AccountSettings) -> None:
        """Put other settings of the connection to Element451 into force."""
        self._person.require(Action.CONNECT)
        self._element451.set_up(self._person, settings)

    def element451_credentials(self) -> Element451Credentials:
        """The credentials to make a client of, for the operator. Raises `ReconnectNeeded` where there are
        none."""
        self._person.require_operator()
        return self._element451.credentials()

    def begin_salesforce(
        self, url: str, client_id: str, client_secret: str, browser: str | None = None
    ) -> StartedSignIn:
        """Begin a sign-in: gives the address to open in a browser, and the state by which its outcome can be
        asked for. ``browser`` is a secret that only the browser of this person holds; None where there is
        none, as on the command line."""
        self._person.require(Action.CONNECT)
        return self._salesforce.begin(self._person, url, client_id, client_secret, browser)

    def begin_salesforce_again(self, browser: str | None = None) -> StartedSignIn:
        """Begin a sign-in with the app that is connected, or was until its sign-in lapsed. Raises
        `ReconnectNeeded` where its secrets are gone."""
        self._person.require(Action.CONNECT)
        return self._salesforce.begin_again(self._person, browser)

    def finish_salesforce(self, callback_address: str, browser: str | None = None) -> ConnectionView | None:
        """Complete a sign-in, with the whole address that the browser came back to. A state is valid once,
        for ten minutes. The connection is made in the name of whoever began the sign-in, and was allowed
        to.

        ``browser`` is the secret of the browser that came back, empty where it has none. Where the sign-in
        was not begun in it, somebody may have been led to sign in for another's installation, or an
        installation be led to another's organization: nothing is in force yet, None is given, and an
        administrator has to confirm. None stands for the command line, which began what it finishes.
        """
        if not self._salesforce.finish(callback_address, browser):
            return None
        return self._store.usable(System.SALESFORCE).view

    def unconfirmed_sign_ins(self) -> list[UnconfirmedSignIn]:
        """The sign-ins that somebody has to confirm before they are in force, oldest first."""
        return self._sign_ins.parked()

    def confirm_sign_in(self, state: str) -> None:
        """Put a sign-in that waits for it into force."""
        self._person.require(Action.CONNECT)
        self._salesforce.confirm(self._person, state)

    def discard_sign_in(self, state: str) -> None:
        """End a sign-in that waits to be confirmed, and give its access back."""
        audit.authorize(self._engine, self._person, Action.DISCONNECT, System.SALESFORCE.label)
        self._salesforce.discard(state)

    def sign_in_outcome(self, state: str) -> str | None:
        """How a sign-in ended: None while it has not, an empty text where it connected, else the sentence
        that says why not."""
        return self._sign_ins.outcome(state)

    def sign_in_outcome_by_reference(self, reference: str) -> str | None:
        """The same, by what may stand in an address that others could read: `sign_ins.reference`, or a word
        for what was wrong with the sign-in (`sign_ins.PROBLEMS`)."""
        return self._sign_ins.outcome_by_reference(reference)

    def salesforce_app_and_tokens(self) -> tuple[oauth.App, DatabaseTokenStore]:
        """The app and the store of its tokens, to make a client of, for the operator. Raises
        `ReconnectNeeded` where Salesforce is not connected."""
        self._person.require_operator()
        return self._salesforce.app_and_tokens()

    def check(self, system: System) -> str:
        """Call ``system`` now; gives its answer as a sentence."""
        audit.authorize(self._engine, self._person, Action.CHECK, system.label)
        return self._element451.check() if system is System.ELEMENT451 else self._salesforce.check()

    def disconnect(self, system: System) -> None:
        """Forget the secrets, and revoke the tokens. Which organization it was stays known: another one
        cannot take its place."""
        self._person.require(Action.DISCONNECT)
        stored = self._store.find(system)
        if stored is None or stored.view.state == ConnectionState.DISCONNECTED:
            return
        audit.authorize(self._engine, self._person, Action.DISCONNECT, system.label)
        if system is System.SALESFORCE:
            self._salesforce.disconnect()
        else:
            self._store.forget_secrets(system)

    def pause(self, system: System, until: datetime | None, share: int | None = None) -> None:
        """Remember that ``system`` allows no calls before ``until``; None ends the pause. ``share``: see
        `share_pause`. For the operator: a run finds this out."""
        self._person.require_operator()
        self._store.pause(system, until, share)
