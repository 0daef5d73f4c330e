"""What a sign-in at Salesforce left us, the app it was made with, and what this package asks of whoever keeps
it."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """A connection's tokens and identity. ``issued_at`` is Salesforce's text of epoch milliseconds
    (contracts/salesforce.md A1.3)."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    instance_url: str
    identity_url: str
    scope: str
    issued_at: str
    organization_id: str
    user_id: str
    username: str


@dataclass(frozen=True, slots=True)
class App:
    """The External Client App: ``client_id`` is its consumer key. ``login_url`` is the address that the user
    typed (already checked); without one, tokens are renewed at the instance that they name.
    ``allowed_hosts``: see `check_salesforce_url`."""

    client_id: str
    client_secret: str = field(repr=False)
    allowed_hosts: Collection[str] = ()
    login_url: str | None = None


class TokenStore(Protocol):
    """Where one connection's tokens are kept. All methods may be called from any thread."""

    def lock(self) -> AbstractContextManager[object]:
        """Held by one holder at a time across all processes; waits for it (a renewal may take more than a
        minute)."""

    def load(self) -> Tokens:
        """The tokens as they are stored now, never cached ones. Raises `ReconnectNeeded` where there are none
        or they were marked so."""

    def save(self, tokens: Tokens) -> None:
        """Store the tokens; they are durable when this returns."""

    def mark_reconnect_needed(self, sentence: str) -> None:
        """Remember that only a person can renew this connection, and the sentence that says why."""


def identity_of(identity_url: str) -> tuple[str, str]:
    """(organization id, user id) that an identity URL ends with, ``…/id/{org}/{user}`` (A1.1); empty texts
    where it does not."""
    parts = identity_url.rstrip("/").split("/")
    return (parts[-2], parts[-1]) if len(parts) >= 3 and parts[-3] == "id" else ("", "")


def text_of(reply: Mapping[str, object], key: str) -> str:
    """The text under ``key``, or an empty one."""
    value = reply.get(key)
    return value if isinstance(value, str) else ""
