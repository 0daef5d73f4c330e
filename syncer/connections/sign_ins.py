"""Sign-ins that are going on, from the address that was given out to the browser's return. Each is valid
once, for ten minutes, and is kept on the server's side."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from syncer.connectors.errors import NotAllowed
from syncer.connectors.salesforce.oauth import SignIn
from syncer.core.records import System
from syncer.core.trust.clocks import is_credible
from syncer.infra.database.tables import SignInRow, table
from syncer.infra.vault import Vault

_SIGN_INS = table(SignInRow)
VALID_FOR = timedelta(minutes=10)
UNKNOWN, USED, EXPIRED, FAILED = "unknown", "used", "expired", "failed"
"""What can be wrong with the state that a browser comes back with; `FAILED`: something went wrong here."""
PROBLEMS = {
    UNKNOWN: "This address belongs to no sign-in that was begun here. Connect again from the beginning.",
    USED: "This sign-in was completed already. To connect once more, begin again.",
    EXPIRED: "This sign-in took longer than ten minutes. Connect again from the beginning.",
    FAILED: (
        "The sign-in could not be completed, by a fault on our side. Connect again; if it comes back, tell"
        " whoever runs this installation."
    ),
}


_TOKENS = "tokens"
"""Among the secrets of a sign-in that is completed but not in force."""


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """A sign-in that has begun: the address to open in a browser, and its state."""

    authorize_url: str
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnconfirmedSignIn:
    """A sign-in that came back from another browser than it was begun in: what it would connect, and who
    began it."""

    state: str = field(repr=False)
    organization_id: str
    username: str
    begun_by: str


class SignIns:
    """Keeps what a sign-in needs when the browser comes back, perhaps to another process."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def save(self, begun: SignIn, secrets: dict[str, Any]) -> StartedSignIn:
        """Keep a sign-in's verifier and ``secrets`` under its state; sign-ins of yesterday are deleted."""
        now = datetime.now(UTC)
        row = {
            "state": begun.state,
            "secrets": self._vault.seal({**secrets, "verifier": begun.verifier}),
            "created_at": now,
            "expires_at": now + VALID_FOR,
        }
        with self._engine.begin() as connection:
            connection.execute(delete(_SIGN_INS).where(_SIGN_INS.c.expires_at < now - timedelta(days=1)))
            connection.execute(insert(_SIGN_INS).values(row))
        return StartedSignIn(begun.authorize_url, begun.state)

    def claim(self, state: str) -> dict[str, Any]:
        """The secrets that were kept under ``state``; they can be claimed once. Raises `NotAllowed` where
        there are none, or not any more."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            row = _locked(connection, state)
            if row.used_at is not None:
                raise _refused(USED)
            _require_valid(row, now)
            connection.execute(update(_SIGN_INS).where(_SIGN_INS.c.state == state).values(used_at=now))
        return self._vault.open(row.secrets)

    def finish(self, state: str, outcome: str) -> None:
        """Keep how the sign-in ended (empty: it connected), and delete its secrets."""
        values = {"outcome": outcome, "secrets": self._vault.seal({})}
        with self._engine.begin() as connection:
            connection.execute(update(_SIGN_INS).where(_SIGN_INS.c.state == state).values(values))

    def park(self, state: str, secrets: dict[str, Any], tokens: dict[str, Any]) -> None:
        """Keep the ``tokens`` of a claimed sign-in until somebody confirms it, for ten minutes."""
        values = {
            "secrets": self._vault.seal({**secrets, _TOKENS: tokens}),
            "expires_at": datetime.now(UTC) + VALID_FOR,
        }
        with self._engine.begin() as connection:
            connection.execute(update(_SIGN_INS).where(_SIGN_INS.c.state == state).values(values))

    def parked(self) -> list[UnconfirmedSignIn]:
        """The sign-ins that wait for somebody to confirm them, oldest first."""
        now = datetime.now(UTC)
        waiting = select(_SIGN_INS).where(
            _SIGN_INS.c.used_at.is_not(None), _SIGN_INS.c.outcome.is_(None), _SIGN_INS.c.expires_at > now
        )
        with self._engine.connect() as connection:
            rows = connection.execute(waiting.order_by(_SIGN_INS.c.created_at)).all()
        opened = [
            (row.state, self._vault.open(row.secrets))
            for row in rows
            if is_credible(row.expires_at, now, VALID_FOR) and not self._vault.why_closed(row.secrets)
        ]
        return [
            UnconfirmedSignIn(
                state, kept[_TOKENS]["organization_id"], kept[_TOKENS]["username"], kept["person"][0]
            )
            for state, kept in opened
            if _TOKENS in kept
        ]

    def take(self, state: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The secrets and the tokens of a sign-in that waits to be confirmed; they can be taken once. Raises
        `NotAllowed` where it does not wait, or not any more."""
        with self._engine.begin() as connection:
            row = _locked(connection, state)
            secrets = self._vault.open(row.secrets)
            if row.outcome is not None or _TOKENS not in secrets:
                raise _refused(USED)
            _require_valid(row, datetime.now(UTC))
            emptied = {"secrets": self._vault.seal({})}
            connection.execute(update(_SIGN_INS).where(_SIGN_INS.c.state == state).values(emptied))
        return secrets, secrets.pop(_TOKENS)

    def outcome(self, state: str) -> str | None:
        """How the sign-in ended; None while it has not."""
        query = select(_SIGN_INS.c.outcome).where(_SIGN_INS.c.state == state)
        with self._engine.connect() as connection:
            outcome: str | None = connection.execute(query).scalar_one_or_none()
        return outcome

    def outcome_by_reference(self, name: str) -> str | None:
        """How the sign-in ended that has this `reference`, or the sentence for one of the `PROBLEMS`. None
        where nothing is known of it."""
        if name in PROBLEMS:
            return PROBLEMS[name]
        query = select(_SIGN_INS.c.state, _SIGN_INS.c.outcome)  # those of a day: a handful
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return next((row.outcome for row in rows if reference(row.state) == name), None)


def reference(state: str) -> str:
    """A name for a sign-in where others could read it: the state cannot be found from it."""
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def _locked(connection: Connection, state: str) -> Any:
    """The row of a sign-in, which nobody else takes meanwhile."""
    row = connection.execute(
        select(_SIGN_INS).where(_SIGN_INS.c.state == state).with_for_update()
    ).one_or_none()
    if row is None:
        raise _refused(UNKNOWN)
    return row


def _require_valid(row: Any, now: datetime) -> None:
    if row.expires_at <= now or not is_credible(row.expires_at, now, VALID_FOR):
        raise _refused(EXPIRED)


def _refused(problem: str) -> NotAllowed:
    return NotAllowed(System.SALESFORCE, PROBLEMS[problem], code="state", detail=problem)
