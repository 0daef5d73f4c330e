"""Secrets at rest: small documents sealed with the keys of `SYNC_SECRET_KEY`, or with a key file of our
own."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from syncer.infra.settings.environment import BadSettings, Settings

_HOW_TO_MAKE_ONE = (
    'To make a key: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)


class WrongKey(BadSettings):
    """Something was sealed with a key that is not among ours."""

    def __init__(self) -> None:
        super().__init__(
            [
                "SYNC_SECRET_KEY: The stored secrets were encrypted with another key. Set the former key"
                " again (several may be listed, separated by commas; the first encrypts), or connect both"
                " systems anew."
            ]
        )


class NoKey(BadSettings):
    """There is no key to work with, and making one would not help."""

    def __init__(self, why: str) -> None:
        super().__init__([f"SYNC_SECRET_KEY: Not set. {why}"])


class Vault:
    """Seals documents and opens them. The first key seals; every key opens, so that a key can be replaced
    without connecting again."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        def derive(purpose: bytes) -> bytes:
            return HKDF(hashes.SHA256(), 32, None, purpose).derive(keys[0].encode())

        self._derive = derive  # a closure: what looks at our attributes does not come upon the key
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def __repr__(self) -> str:
        return "Vault(…)"

    @classmethod
    def of(cls, settings: Settings, holds_secrets: Callable[[], bool] = lambda: False) -> "Vault":
        """The vault of these settings; makes the key file where it is needed. Raises `BadSettings` where that
        cannot be read or made, and where it must not be: where ``holds_secrets`` (asked only then) says that
        something was sealed with a key that is lost, which no other one opens; and where processes share a
        database, since each would make its own."""
        if not settings.secret_keys and not settings.key_file.exists():
            if holds_secrets():
                raise NoKey(
                    f"The key file {settings.key_file} is not there, but the database holds secrets that were"
                    " encrypted with it. Put the file back. If it is lost, set SYNC_SECRET_KEY to a new key,"
                    f" and connect both systems anew. {_HOW_TO_MAKE_ONE}"
                )
            if settings.shared_database:
                raise NoKey(
                    "With PostgreSQL, every process needs the same key. Make one, keep it safe, and set it"
                    f" everywhere. {_HOW_TO_MAKE_ONE}"
                )
        return cls(settings.secret_keys or (_own_key(settings.key_file),))

    def derived(self, purpose: str) -> str:
        """A key of 32 bytes (as hexadecimal digits) for another purpose, made from the first key; it does not
        give that one away (HKDF)."""
        return self._derive(purpose.encode()).hex()

    def seal(self, document: dict[str, Any]) -> bytes:
        """``document`` (JSON) as bytes that only `open` can read."""
        return self._fernet.encrypt(orjson.dumps(document))

    def open(self, sealed: bytes) -> dict[str, Any]:
        """The document that was sealed. Raises `WrongKey` where none of our keys fits."""
        try:
            document: dict[str, Any] = orjson.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise WrongKey from None
        return document

    def why_closed(self, sealed: bytes) -> str:
        """Why ``sealed`` cannot be opened, and what to do; an empty text where it can."""
        try:
            self.open(sealed)
        except BadSettings as why:
            return str(why)
        return ""


class ClosedVault(Vault):
    """Stands in for a vault whose key is missing, so that everything that needs no secret works on. Whoever
    seals or opens is told why (`BadSettings`)."""

    def __init__(self, why: BadSettings) -> None:
        self._why = why

    def derived(self, purpose: str) -> str:
        """See `Vault.derived`."""
        raise self._why

    def seal(self, document: dict[str, Any]) -> bytes:
        """See `Vault.seal`."""
        raise self._why

    def open(self, sealed: bytes) -> dict[str, Any]:
        """See `Vault.open`."""
        raise self._why


def _own_key(path: Path) -> str:
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text("ascii").strip()
        Fernet(key)
    except OSError as error:
        raise BadSettings(
            [
                f"DATA_DIR: The key file {path} cannot be read or made ({error.strerror}). Give a folder that"
                " this program may write to, or set SYNC_SECRET_KEY."
            ]
        ) from None
    except ValueError:
        raise BadSettings(
            [
                f"DATA_DIR: The key file {path} does not hold a key. Put the former file back; or delete it,"
                " and connect both systems anew."
            ]
        ) from None
    return key


def _make_key(path: Path) -> None:
    """Make the key file, mode 0600. It appears whole or not at all, and the first of two processes wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".key-", dir=path.parent)  # O_CREAT | O_EXCL, 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(handle)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        Path(draft).unlink()
