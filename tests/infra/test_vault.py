"""Secrets at rest."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.infra.settings.environment import BadSettings, Settings
from syncer.infra.vault import Vault, WrongKey


def _settings(data_dir: Path, *keys: str) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(data_dir), "SYNC_SECRET_KEY": ",".join(keys)})


def test_what_was_sealed_is_opened_and_is_not_readable_in_between(tmp_path: Path) -> None:
    vault = Vault.of(_settings(tmp_path))
    sealed = vault.seal({"token": "hunter2"})
    assert b"hunter2" not in sealed
    assert vault.open(sealed) == {"token": "hunter2"}


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "new")
    sealed = Vault.of(settings).seal({"a": 1})
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert Vault.of(settings).open(sealed) == {"a": 1}
    assert [file.name for file in settings.data_dir.iterdir()] == ["secret.key"]


def test_many_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda at: Vault.of(settings).seal({"at": at}), range(8)))
    assert [Vault.of(settings).open(one)["at"] for one in sealed] == list(range(8))


def test_a_new_key_in_front_still_opens_what_the_former_one_sealed(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Vault.of(_settings(tmp_path, old)).seal({"a": 1})
    both = Vault.of(_settings(tmp_path, new, old))
    assert both.open(sealed) == {"a": 1}
    assert Vault.of(_settings(tmp_path, new)).open(both.seal({"b": 2})) == {"b": 2}


def test_a_wrong_key_is_explained(tmp_path: Path) -> None:
    sealed = Vault((Fernet.generate_key().decode(),)).seal({"a": 1})
    with pytest.raises(WrongKey, match="SYNC_SECRET_KEY: The stored secrets were encrypted with another key"):
        Vault.of(_settings(tmp_path)).open(sealed)


def test_a_spoilt_key_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("oops")
    with pytest.raises(BadSettings, match="does not hold a key"):
        Vault.of(_settings(tmp_path))


def test_a_data_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSettings, match=r"DATA_DIR: The key file .* cannot be read or made"):
        Vault.of(_settings(tmp_path / "file" / "data"))


def test_the_vault_says_nothing_of_its_keys(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    assert key not in repr(vars(Vault.of(_settings(tmp_path, key))))
