"""The only place that builds things from configuration (docs/architecture.md, "Rooms")."""

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from syncer.configuration.acceptance import errors_by_catalogues, errors_without_catalogues
from syncer.configuration.catalogue import Catalogues
from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import Document
from syncer.configuration.problems import Problem
from syncer.configuration.required_mappings import salesforce_id_slug
from syncer.configuration.versions import ConfigStore
from syncer.connections import element451_settings
from syncer.connections.connections import Connections
from syncer.connections.part_sizes import StoredPartSizes
from syncer.connectors.bounded_calls import MEGABYTE, CallLimits
from syncer.connectors.element451 import Element451Client
from syncer.connectors.element451.contract import SALESFORCE_ID_SLUG
from syncer.connectors.salesforce.client import SalesforceClient
from syncer.core.permissions import MACHINE, OPERATOR, Action, Actor
from syncer.core.preferences import Preferences
from syncer.infra import disk
from syncer.infra.database.engine import engine_for, reading
from syncer.infra.database.fitness import UnfitDatabase, require_fit
from syncer.infra.database.migrate import NewerDatabase, OlderDatabase, migrate, require_current
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.private_files import correct_old_files
from syncer.infra.settings.environment import BadSettings, Settings
from syncer.infra.vault import ClosedVault, NoKey, Vault

_CONNECTIONS = table(ConnectionRow)


class Application:
    """Everything that a process works with, each part built when it is first asked for. Closes the database
    at the end of a ``with`` block.

    ``person`` is who acts by it: every action asks whether they may (`permissions.REQUIRED_ROLE`). Raises
    `BadSettings` where a part cannot be built from the settings.
    """

    def __init__(self, settings: Settings, person: Actor = OPERATOR) -> None:
        self.settings, self.person = settings, person

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, person: Actor = OPERATOR) -> Self:
        """The application that ``environment`` (default: this process's) asks for. Raises `BadSettings`;
        touches nothing yet."""
        return cls(Settings.from_environment(os.environ if environment is None else environment), person)

    def acting_as(self, person: Actor) -> "Application":
        """This application in another person's hands; it works with the same database and keys, and is not to
        be closed."""
        theirs = Application(self.settings, person)
        theirs.__dict__ |= {"database": self.database, "vault": self.vault}
        return theirs

    @cached_property
    def database(self) -> Engine:
        """The database, in this program's shape: SQLite is brought to it here, PostgreSQL must have been
        before (`migrate`)."""
        return _open_database(self.settings, require_current if self.settings.shared_database else migrate)

    def migrate(self) -> bool:
        """Bring the database to this program's shape; gives whether there was anything to do."""
        done: list[bool] = []
        _open_database(self.settings, lambda engine: done.append(migrate(engine))).dispose()
        return done[0]

    def check(self) -> None:
        """Make sure, at the start, of what every lasting process needs: a folder that takes files, the
        database, and the keys to its secrets.

        Raises `BadSettings` with all problems at once. A server or key that fails later is a fault of its
        own.
        """
        settings, problems = self.settings, list[str]()
        if unwritable := disk.writable(settings.data_dir):
            problems.append(f"DATA_DIR: {unwritable}")
        try:
            for sealed in _secrets(self.database):
                self.vault.open(sealed)
            self.vault.seal({})
        except BadSettings as bad:
            problems += [
                problem for problem in bad.problems if not (unwritable and problem.startswith("DATA_DIR: "))
            ]
        if problems:
            raise BadSettings(problems)

    @cached_property
    def vault(self) -> Vault:
        """What seals and opens secrets; where its key is missing, it says so when it is used."""
        try:
            return Vault.of(self.settings, lambda: bool(_secrets(self.database)))
        except BadSettings as why:
            return ClosedVault(why)

    @cached_property
    def connections(self) -> Connections:
        """The connections to both systems."""
        return Connections(
            self.database,
            self.vault,
            self.settings.callback_url,
            self.settings.allowed_salesforce_hosts,
            self.person,
        )

    @cached_property
    def _connections(self) -> Connections:
        """The same in the product's hands, which makes clients of the secrets in them: whoever acts by a
        client is not given these."""
        return self.acting_as(MACHINE).connections

    @cached_property
    def configuration(self) -> ConfigStore:
        """The versions of preferences and mappings."""
        return ConfigStore(self.database, self.person, self._errors)

    def _errors(self, document: Document) -> list[Problem]:
        """The errors of a configuration; without the key to the connections, those that show without them."""
        try:
            return errors_by_catalogues(self.catalogues, document)
        except NoKey:
            return errors_without_catalogues(document)

    @cached_property
    def catalogues(self) -> Catalogues:
        """The objects and fields of both systems."""
        return Catalogues(self.database, self.salesforce, self.element451)

    @property
    def preferences(self) -> Preferences:
        """The preferences in force; every default before the first import."""
        current = self.configuration.current()
        return to_preferences(current[1]) if current else Preferences()

    def salesforce(
        self,
        before_send: Callable[[], None] = lambda: None,
        spent_before: Callable[[], int] = lambda: 0,
        keeps_reserve: Callable[[], bool] = lambda: False,
    ) -> SalesforceClient:
        """A client of the connected org, with the preferences in force. The arguments: see
        `SalesforceClient`. Raises `ReconnectNeeded`."""
        app, tokens = self._connections.salesforce_app_and_tokens()
        preferences = self.preferences
        return SalesforceClient(
            tokens,
            client_id=app.client_id,
            client_secret=app.client_secret,
            allowed_hosts=app.allowed_hosts,
            login_url=app.login_url,
            batch_size=preferences.batch_size,
            threads=preferences.salesforce_threads,
            api_share_percent=preferences.api_share_percent,
            before_send=self._allowed(before_send),
            spent_before=spent_before,
            part_sizes=StoredPartSizes(self.database),
            limits=self._call_limits,
            keeps_reserve=keeps_reserve,
        )

    def element451(self, before_send: Callable[[], None] = lambda: None) -> Element451Client:
        """A client of the connected account, with the preferences in force. ``before_send``: see
        `Element451Client`. Raises `ReconnectNeeded`."""
        credentials = self._connections.element451_credentials()
        current = self.configuration.current()
        return Element451Client(
            credentials.api_url,
            credentials.feature_token,
            credentials.api_key,
            salesforce_id_slug=(salesforce_id_slug(current[1]) if current else None) or SALESFORCE_ID_SLUG,
            threads=self.preferences.element451_threads,
            before_send=self._allowed(before_send),
            account=element451_settings.read(self.database),
            limits=self._call_limits,
        )

    @property
    def _call_limits(self) -> CallLimits:
        return CallLimits(self.settings.call_seconds, self.settings.reply_megabytes * MEGABYTE)

    def _allowed(self, before_send: Callable[[], None]) -> Callable[[], None]:
        """``before_send``, for somebody who may write to the systems at all: nobody else can, by whatever
        road they come."""

        def asked() -> None:
            self.person.require(Action.TEST)
            before_send()

        return asked

    def close(self) -> None:
        """Close the database's connections."""
        if "database" in self.__dict__:
            self.database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _open_database(settings: Settings, prepare: Callable[[Engine], object]) -> Engine:
    """The database, after ``prepare`` has seen to its shape. Raises `BadSettings`, and leaves no connection
    open then."""
    address = make_url(settings.database_url)
    engine = engine_for(settings.database_url)
    try:
        if not settings.shared_database and Path(str(address.database)).is_relative_to(settings.data_dir):
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold students' data
        require_fit(engine)
        prepare(engine)
    except (UnfitDatabase, NewerDatabase, OlderDatabase) as other:
        problem = str(other)
    except (SQLAlchemyError, OSError) as error:
        problem = _why(error)
    else:
        correct_old_files(settings)
        return engine
    engine.dispose()
    raise BadSettings([f"{settings.database_setting}: {problem}"])


def _why(error: Exception) -> str:
    """Why the database cannot be used and what to do; without the address, which may hold a password."""
    if isinstance(error, OSError):
        remedy = disk.advice(error) or "Give a folder that this program may write to."
        return f"The folder {error.filename} cannot be used ({error.strerror}). {remedy}"
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    remedy = (
        disk.advice(error)
        or "Check that the address is right, the server runs, and this program may write there."
    )
    return f"The database cannot be opened ({lines[0] if lines else type(error).__name__}). {remedy}"


def _secrets(engine: Engine) -> list[bytes]:
    """Every secret of the connections, as it was sealed."""
    with reading(engine).connect() as connection:
        rows = connection.execute(select(_CONNECTIONS.c.secrets, _CONNECTIONS.c.grant)).all()
    return [sealed for row in rows for sealed in row if sealed]
