"""Sign-ins under way, from the address that was handed out to the browser's return: single use, ten minutes,
on the server's side."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from syncer.connectors.errors import NotAllowed
from syncer.connectors.salesforce.oauth import SignIn
from syncer.core.records import System
from syncer.infra.database.tables import SignInRow, table
from syncer.infra.vault import Vault

_SIGN_INS = table(SignInRow)
GOOD_FOR = timedelta(minutes=10)
UNKNOWN, USED, EXPIRED, FAILED = "unknown", "used", "expired", "failed"
"""What can be wrong with the state that a browser comes back with; `FAILED` is for what went wrong on our
side."""
WRONG = {
    UNKNOWN: "This address belongs to no sign-in that was begun here. Connect again from the beginning.",
    USED: "This sign-in was completed already. To connect once more, begin again.",
    EXPIRED: "This sign-in took longer than ten minutes. Connect again from the beginning.",
    FAILED: (
        "The sign-in could not be completed, by a fault on our side. Connect again; if it comes back, tell"
        " whoever runs this installation."
    ),
}


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that began: the address to open in a browser, and its state."""

    authorize_url: str
    state: str = field(repr=False)


class SignIns:
    """Keeps what a sign-in needs when the browser comes back, perhaps to another process."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine, self._vault = engine, vault

    def keep(self, begun: SignIn, secrets: dict[str, Any]) -> Started:
        """Keep a sign-in's verifier and ``secrets`` under its state; those of yesterday are forgotten."""
        now = datetime.now(UTC)
        row = {
            "state": begun.state,
            "secrets": self._vault.seal({**secrets, "verifier": begun.verifier}),
            "created_at": now,
            "expires_at": now + GOOD_FOR,
        }
        with self._engine.begin() as connection:
            connection.execute(delete(_SIGN_INS).where(_SIGN_INS.c.expires_at < now - timedelta(days=1)))
            connection.execute(insert(_SIGN_INS).values(row))
        return Started(begun.authorize_url, begun.state)

    def claim(self, state: str) -> dict[str, Any]:
        """What was kept under ``state``, once. Raises `NotAllowed` where there is nothing, or not any
        more."""
        now = datetime.now(UTC)
        here = _SIGN_INS.c.state == state
        with self._engine.begin() as connection:
            row = connection.execute(select(_SIGN_INS).where(here).with_for_update()).one_or_none()
            if row is None:
                raise _refused(UNKNOWN)
            if row.used_at is not None:
                raise _refused(USED)
            if row.expires_at <= now:
                raise _refused(EXPIRED)
            connection.execute(update(_SIGN_INS).where(here).values(used_at=now))
        return self._vault.open(row.secrets)

    def end(self, state: str, outcome: str) -> None:
        """Remember how it ended, and nothing else of it."""
        values = {"outcome": outcome, "secrets": self._vault.seal({})}
        with self._engine.begin() as connection:
            connection.execute(update(_SIGN_INS).where(_SIGN_INS.c.state == state).values(values))

    def outcome(self, state: str) -> str | None:
        """How it ended; None while it has not."""
        with self._engine.connect() as connection:
            outcome: str | None = connection.execute(
                select(_SIGN_INS.c.outcome).where(_SIGN_INS.c.state == state)
            ).scalar_one_or_none()
        return outcome

    def ended(self, called: str) -> str | None:
        """How the sign-in ended that is called so (`reference`), or what was wrong with it. None where
        nothing is known of it."""
        if called in WRONG:
            return WRONG[called]
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_SIGN_INS.c.state, _SIGN_INS.c.outcome)
            ).all()  # those of a day: a handful
        return next((row.outcome for row in rows if reference(row.state) == called), None)


def reference(state: str) -> str:
    """What a sign-in may be called where others could read it: the state cannot be found from it."""
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def _refused(wrong: str) -> NotAllowed:
    return NotAllowed(System.SALESFORCE, WRONG[wrong], code="state", detail=wrong)
