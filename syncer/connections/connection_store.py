"""The connections in the database: one row for each system, its secrets encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select, update

from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import ReconnectNeeded
from syncer.connectors.response_headers import MAX_RETRY_AFTER
from syncer.core.permissions import Action, Actor
from syncer.core.records import System
from syncer.core.trust.clocks import is_credible
from syncer.infra.database.engine import durable, put
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.vault import Vault
from syncer.journal import audit, share_pause

_CONNECTIONS = table(ConnectionRow)


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection for showing. ``account`` says what it leads to (Salesforce: organization_id, user_id,
    username, instance_url, scope); ``message`` why someone must connect again. The system allows no calls
    before ``paused_until``."""

    system: System
    address: str
    state: str
    message: str
    account: Mapping[str, Any]
    connected_at: datetime
    paused_until: datetime | None

    def pauses(self, now: datetime) -> bool:
        """Whether no calls are allowed yet."""
        return self.paused_until is not None and self.paused_until > now

    @property
    def usable(self) -> bool:
        """Whether calls can be made with it."""
        return self.state == ConnectionState.CONNECTED


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connection with its encrypted secrets; ``tokens``: those of Salesforce."""

    view: ConnectionView
    secrets: bytes = field(repr=False)
    tokens: bytes | None = field(repr=False)


class ConnectionStore:
    """Reads and writes the connections."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def find(self, system: System) -> StoredConnection | None:
        """The connection to ``system``; None where there never was one."""
        query = select(_CONNECTIONS).where(_CONNECTIONS.c.system == system)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        account = MappingProxyType(dict(row.account))
        pause = row.paused_until
        if pause and not is_credible(pause, datetime.now(UTC), MAX_RETRY_AFTER):
            pause = None
        view = ConnectionView(system, row.address, row.state, row.message, account, row.connected_at, pause)
        closed = self._vault.why_closed(row.secrets) if view.usable and row.secrets else ""
        if closed:
            view = replace(view, state=ConnectionState.KEY_MISSING, message=closed)
        return StoredConnection(view, row.secrets, row.grant)

    def with_secrets(self, system: System) -> StoredConnection:
        """The connection to ``system``. Raises `ReconnectNeeded` where its secrets are gone, cannot be
        opened, or never were there."""
        stored = self.find(system)
        if stored is None or stored.view.state == ConnectionState.DISCONNECTED:
            raise ReconnectNeeded(
                system, f"{system.label} is not connected yet. Connect it first.", code="not_connected"
            )
        if stored.view.state == ConnectionState.KEY_MISSING:
            raise ReconnectNeeded(system, stored.view.message, code="SECRET_KEY")
        return stored

    def usable(self, system: System) -> StoredConnection:
        """The connection to ``system``. Raises `ReconnectNeeded` where no calls can be made with it."""
        stored = self.with_secrets(system)
        if not stored.view.usable:
            raise ReconnectNeeded(system, stored.view.message, code="reconnect_needed")
        return stored

    def save(
        self,
        person: Actor,
        system: System,
        address: str,
        *,
        account: dict[str, Any],
        secrets: dict[str, Any],
        tokens: bytes | None = None,
    ) -> None:
        """Keep a connection that ``person`` made, in place of the former one, and record that they did.
        ``tokens`` are encrypted already."""
        row = {
            "system": system.value,
            "address": address,
            "account": account,
            "secrets": self._vault.seal(secrets),
            "grant": tokens,
            "state": ConnectionState.CONNECTED,
            "message": "",
            "connected_at": datetime.now(UTC),
            "paused_until": None,
        }
        with durable(self._engine) as connection:
            put(connection, _CONNECTIONS, row)
            audit.record(connection, person, Action.CONNECT, system.label, address=address)

    def forget_secrets(self, system: System) -> None:
        """Mark the connection as disconnected and delete its secrets; what it led to stays known."""
        values = {
            "state": ConnectionState.DISCONNECTED,
            "message": "",
            "secrets": b"",
            "grant": None,
            "paused_until": None,
        }
        with self._engine.begin() as connection:
            _update(connection, system, values)

    def pause(self, system: System, until: datetime | None, share: int | None = None) -> None:
        """Remember that ``system`` allows no calls before ``until``; None ends the pause. ``share``: see
        `share_pause`. One that somebody disconnected meanwhile does not pause."""
        connected = _CONNECTIONS.c.state != ConnectionState.DISCONNECTED
        with self._engine.begin() as connection:
            _update(connection, system, {"paused_until": until}, connected)
            if system is System.SALESFORCE:
                share_pause.note(connection, share)


def _update(
    connection: Connection, system: System, values: dict[str, Any], *conditions: ColumnElement[bool]
) -> None:
    connection.execute(
        update(_CONNECTIONS).where(_CONNECTIONS.c.system == system, *conditions).values(values)
    )
