"""Keeps Salesforce's tokens in the database: encrypted, renewed by one process at a time, and safely stored
before anyone uses them."""

from contextlib import AbstractContextManager
from dataclasses import asdict

from sqlalchemy import Engine, select, update

from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import ReconnectNeeded
from syncer.connectors.salesforce.oauth import Tokens
from syncer.core.records import System
from syncer.infra.database.engine import durable
from syncer.infra.database.lease import Lease, hold
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.vault import Vault

_CONNECTIONS = table(ConnectionRow)
_IS_SALESFORCE = _CONNECTIONS.c.system == System.SALESFORCE.value


def lock(engine: Engine) -> AbstractContextManager[Lease]:
    """The lock of whoever renews or replaces the tokens. A renewal may take some minutes: two attempts, each
    with its time-outs."""
    return hold(engine, "salesforce sign-in", ttl_seconds=120, wait_seconds=300)


def encrypted(vault: Vault, tokens: Tokens) -> bytes:
    """The tokens, encrypted."""
    return vault.seal(asdict(tokens))


def decrypted(vault: Vault, stored: bytes) -> Tokens:
    """The tokens from their encrypted form. Raises `WrongKey`."""
    return Tokens(**vault.open(stored))


class DatabaseTokenStore:
    """`oauth.TokenStore` in the database."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def lock(self) -> AbstractContextManager[object]:
        """See `oauth.TokenStore.lock`."""
        return lock(self._engine)

    def load(self) -> Tokens:
        """See `oauth.TokenStore.load`."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(_CONNECTIONS.c.grant, _CONNECTIONS.c.state, _CONNECTIONS.c.message).where(
                    _IS_SALESFORCE
                )
            ).one_or_none()
        if row is None or row.grant is None:
            raise ReconnectNeeded(
                System.SALESFORCE, "Salesforce is not connected. Connect it first.", code="not_connected"
            )
        if row.message:
            raise ReconnectNeeded(System.SALESFORCE, row.message, code="reconnect_needed")
        return decrypted(self._vault, row.grant)

    def save(self, tokens: Tokens) -> None:
        """See `oauth.TokenStore.save`."""
        with durable(self._engine) as connection:
            connection.execute(
                update(_CONNECTIONS).where(_IS_SALESFORCE).values(grant=encrypted(self._vault, tokens))
            )

    def mark_reconnect_needed(self, sentence: str) -> None:
        """See `oauth.TokenStore.mark_reconnect_needed`."""
        with self._engine.begin() as connection:
            connection.execute(
                update(_CONNECTIONS)
                .where(_IS_SALESFORCE, _CONNECTIONS.c.state == ConnectionState.CONNECTED)
                .values(state=ConnectionState.RECONNECT_NEEDED, message=sentence)
            )
