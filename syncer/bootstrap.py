"""The only place that builds things from configuration (DESIGN.md §5)."""

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from syncer.catalogue import Catalogues
from syncer.config import salesforce_id_slug, to_preferences
from syncer.config_store import ConfigStore
from syncer.connections import Connections
from syncer.database import engine_for
from syncer.migrate import NewerDatabase, migrate
from syncer.modes import Preferences
from syncer.secrets import Vault
from syncer.settings import BadSettings, Settings
from syncer.systems.element451 import Element451Client
from syncer.systems.element451.contract import SALESFORCE_ID_SLUG
from syncer.systems.salesforce.client import SalesforceClient


class Application:
    """Everything that a process works with, each part built when it is first asked for. Closes the database at the end of a ``with`` block.

    Raises `BadSettings` where a part cannot be built from the settings.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The application that ``environment`` (default: this process's) asks for. Raises `BadSettings`; touches nothing yet."""
        return cls(Settings.from_environment(os.environ if environment is None else environment))

    @cached_property
    def engine(self) -> Engine:
        """The database, brought to this program's shape."""
        return _open_database(self.settings)

    @cached_property
    def vault(self) -> Vault:
        """What seals and opens secrets."""
        return Vault.of(self.settings)

    @cached_property
    def connections(self) -> Connections:
        """The connections to both systems."""
        return Connections(self.engine, self.vault, self.settings.callback_url, self.settings.allowed_salesforce_hosts)

    @cached_property
    def configuration(self) -> ConfigStore:
        """The versions of preferences and mappings."""
        return ConfigStore(self.engine)

    @cached_property
    def catalogues(self) -> Catalogues:
        """The objects and fields of both systems."""
        return Catalogues(self.engine, self.salesforce, self.element451)

    @property
    def preferences(self) -> Preferences:
        """The preferences in force; every default before the first import."""
        current = self.configuration.current()
        return to_preferences(current[1]) if current else Preferences()

    def salesforce(self, before_send: Callable[[], None] = lambda: None, spent_before: Callable[[], int] = lambda: 0) -> SalesforceClient:
        """A client of the connected org, with the preferences in force. Both arguments: see `SalesforceClient`. Raises `ReconnectNeeded`."""
        app, grants = self.connections.salesforce()
        preferences = self.preferences
        return SalesforceClient(
            grants,
            client_id=app.client_id,
            client_secret=app.client_secret,
            allowed_hosts=app.allowed_hosts,
            login_url=app.login_url,
            batch_size=preferences.batch_size,
            threads=preferences.salesforce_threads,
            api_share_percent=preferences.api_share_percent,
            before_send=before_send,
            spent_before=spent_before,
        )

    def element451(self, before_send: Callable[[], None] = lambda: None) -> Element451Client:
        """A client of the connected account, with the preferences in force. ``before_send``: see `Element451Client`. Raises `ReconnectNeeded`."""
        credentials = self.connections.element451()
        current = self.configuration.current()
        return Element451Client(
            credentials.api_url,
            credentials.feature_token,
            credentials.api_key,
            salesforce_id_slug=(salesforce_id_slug(current[1]) if current else None) or SALESFORCE_ID_SLUG,
            threads=self.preferences.element451_threads,
            before_send=before_send,
        )

    def close(self) -> None:
        """Close the database's connections."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _open_database(settings: Settings) -> Engine:
    address = make_url(settings.database_url)
    own = address.get_backend_name() == "sqlite" and Path(str(address.database)).is_relative_to(settings.data_dir)
    name = "DATA_DIR" if own else "DATABASE_URL"
    engine = engine_for(settings.database_url)
    try:
        if own:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        migrate(engine)
    except NewerDatabase as newer:
        engine.dispose()
        raise BadSettings([f"{name}: {newer}"]) from None
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise BadSettings([f"{name}: {_why(error)}"]) from None
    return engine


def _why(error: Exception) -> str:
    """Why the database cannot be used and what to do; without the address, which may hold a password."""
    if isinstance(error, OSError):
        return f"The folder {error.filename} cannot be used ({error.strerror}). Give a folder that this program may write to."
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return f"The database cannot be opened ({reason}). Check that the address is right, the server runs, and this program may write there."
