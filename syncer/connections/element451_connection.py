"""Connecting Element451: an address, a feature token and perhaps an API key, kept once Element451 accepts
them."""

from dataclasses import dataclass, field, replace

from sqlalchemy import Engine

from syncer.connections import element451_settings
from syncer.connections.connection_store import ConnectionStore
from syncer.connectors.element451 import Element451Client, check_element451_url, check_own_machine
from syncer.connectors.element451.account_settings import AccountSettings
from syncer.connectors.element451.http import DEFAULT_RETRY
from syncer.connectors.errors import NotAllowed
from syncer.core.permissions import Actor
from syncer.core.records import System
from syncer.infra.vault import Vault


@dataclass(frozen=True, slots=True)
class Element451Credentials:
    """What every call to Element451 carries."""

    api_url: str
    feature_token: str = field(repr=False)
    api_key: str | None = field(default=None, repr=False)


class Element451Connection:
    """Makes and checks the connection to Element451. Every failure is a `Fault` that says what to do."""

    def __init__(
        self, engine: Engine, store: ConnectionStore, vault: Vault, allowed_hosts: frozenset[str]
    ) -> None:
        """``allowed_hosts``: those of this machine that may be connected to."""
        self._engine = engine
        self._store = store
        self._vault = vault
        self._allowed_hosts = allowed_hosts

    def connect(
        self,
        person: Actor,
        api_url: str,
        feature_token: str,
        api_key: str | None,
        settings: AccountSettings | None,
    ) -> None:
        """Keep these credentials, and the ``settings`` if any are given, if Element451 accepts them."""
        try:
            address = check_element451_url(api_url)
            check_own_machine(address, self._allowed_hosts)
        except ValueError as error:
            raise NotAllowed(System.ELEMENT451, str(error), code="address") from None
        token = feature_token.strip()
        if not token:
            raise NotAllowed(
                System.ELEMENT451, "Enter the feature token that Element451 gave you.", code="feature_token"
            )
        key = (api_key or "").strip() or None
        account = settings or element451_settings.read(self._engine)
        with _interactive_client(Element451Credentials(address, token, key), account) as client:
            fields = client.catalogue()
        self.set_up(person, account)
        self._store.save(
            person,
            System.ELEMENT451,
            address,
            account={"fields": len(fields)},
            secrets={"feature_token": token, "api_key": key},
        )

    def credentials(self) -> Element451Credentials:
        """The credentials to make a client of. Raises `ReconnectNeeded` where there are none."""
        stored = self._store.usable(System.ELEMENT451)
        return Element451Credentials(stored.view.address, **self._vault.open(stored.secrets))

    def set_up(self, person: Actor, settings: AccountSettings) -> None:
        """Put the settings of the connection into force."""
        with self._engine.begin() as connection:
            element451_settings.save(connection, person, settings)

    def check(self) -> str:
        """Call Element451 now; gives its answer as a sentence."""
        account = element451_settings.read(self._engine)
        with _interactive_client(self.credentials(), account) as client:
            return f"Element451 answers, and knows {len(client.catalogue())} fields."


def _interactive_client(credentials: Element451Credentials, account: AccountSettings) -> Element451Client:
    """A client that gives up soon, as somebody waits in front of a screen."""
    return Element451Client(
        credentials.api_url,
        credentials.feature_token,
        credentials.api_key,
        retry=replace(DEFAULT_RETRY, max_attempts=2),
        account=account,
    )
