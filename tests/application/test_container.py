"""What is built from the environment, and when."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.application.container import Application
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import ReconnectNeeded
from syncer.core.preferences import Preferences
from syncer.core.records import System
from syncer.infra.database.alembic_commands import differences
from syncer.infra.database.engine import put
from syncer.infra.database.tables import ConnectionRow, table
from syncer.infra.settings.environment import BadSettings
from tests.support.documents import document

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_nothing_is_touched_before_it_is_needed(tmp_path: Path) -> None:
    with Application.from_environment({"DATA_DIR": str(tmp_path / "data")}) as application:
        assert application.settings.callback_url.startswith("http://localhost:8501/")
    assert not (tmp_path / "data").exists()


def test_without_any_setting_everything_lives_in_the_data_folder(tmp_path: Path) -> None:
    with Application.from_environment({"DATA_DIR": str(tmp_path / "data")}) as application:
        assert differences(application.database) == []
        assert application.vault.open(application.vault.seal({"a": 1})) == {"a": 1}
        assert {path.name.split("-")[0] for path in (tmp_path / "data").iterdir()} == {
            "sync.sqlite3",
            "secret.key",
        }


def test_a_file_of_a_database_is_migrated_at_the_start(tmp_path: Path) -> None:
    with Application.from_environment(
        {"DATABASE_URL": f"sqlite:///{tmp_path}/named.sqlite3", "DATA_DIR": str(tmp_path)}
    ) as application:
        assert differences(application.database) == []
        assert application.connections.view(System.SALESFORCE) is None


def test_the_preferences_in_force_are_the_imported_ones(database_url: str, tmp_path: Path) -> None:
    with Application.from_environment(
        {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path)}
    ) as application:
        assert application.preferences == Preferences()
        application.configuration.store(document(batch_size=50))
        assert application.preferences.batch_size == 50


def test_a_system_that_is_not_connected_is_told_when_it_is_needed(database_url: str, tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }
    with Application.from_environment(environment) as application:
        for need in (application.salesforce, application.element451, application.catalogues.element_fields):
            with pytest.raises(ReconnectNeeded, match="is not connected yet"):
                need()


def test_secrets_can_move_to_a_new_key(database_url: str, tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    environment = {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path)}
    with Application.from_environment({**environment, "SYNC_SECRET_KEY": old}) as application:
        sealed = application.vault.seal({"a": 1})
    with Application.from_environment({**environment, "SYNC_SECRET_KEY": f"{new},{old}"}) as application:
        assert application.vault.open(sealed) == {"a": 1}
    with (
        Application.from_environment({**environment, "SYNC_SECRET_KEY": new}) as application,
        pytest.raises(BadSettings, match="SYNC_SECRET_KEY"),
    ):
        application.vault.open(sealed)


def test_no_key_is_made_where_secrets_wait_for_theirs_and_the_missing_file_is_named(
    database_url: str, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path)}
    with Application.from_environment(environment | {"SYNC_SECRET_KEY": _key()}) as application:
        row = {"system": "element451", "address": "https://x", "account": {}, "state": "connected"}
        sealed = {"secrets": application.vault.seal({"feature_token": "t", "api_key": None})}
        with application.database.begin() as connection:
            put(connection, table(ConnectionRow), row | sealed | {"message": "", "connected_at": NOW})
    with Application.from_environment(environment) as application:
        view = application.connections.view(System.ELEMENT451)
        assert view is not None
        assert view.state == ConnectionState.KEY_MISSING
        assert str(tmp_path / "secret.key") in view.message
        for use in (application.check, lambda: application.vault.seal({})):
            with pytest.raises(BadSettings, match=r"SYNC_SECRET_KEY: .*secret\.key is not there"):
                use()
        with pytest.raises(ReconnectNeeded):
            application.element451()
    assert not (tmp_path / "secret.key").exists()
    with Application.from_environment(environment | {"SYNC_SECRET_KEY": _key()}) as application:
        view = application.connections.view(System.ELEMENT451)
        assert view is not None
        assert view.state == ConnectionState.KEY_MISSING, "another key opens nothing"


def _key() -> str:
    return Fernet.generate_key().decode()
