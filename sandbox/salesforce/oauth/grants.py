"""Approvals, their tokens, and what ends them: rotation, reuse, policies, revocation (contracts/salesforce.md
A1.3 to A1.6)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sandbox.salesforce.options import SalesforceOptions
from sandbox.world import World

CODE_LIFE = timedelta(minutes=15)
MOST_APPROVALS = 5  # the sixth of a user and app silently revokes the first


@dataclass(frozen=True)
class Code:
    """What an authorization code was given for."""

    client_id: str
    redirect_uri: str
    scope: str
    challenge: str | None


class Grants:
    """Codes, grants and tokens, in tables so that they outlive a restart."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._db = world.db
        for table in (
            (
                "oauth_code (code TEXT PRIMARY KEY, client TEXT, redirect TEXT, scope TEXT, challenge TEXT,"
                " expires REAL)"
            ),
            (
                "oauth_grant (id INTEGER PRIMARY KEY, client TEXT, scope TEXT, approved REAL, used REAL,"
                " alive INTEGER)"
            ),
            "oauth_refresh (token TEXT PRIMARY KEY, grant_id INTEGER, alive INTEGER)",
            "oauth_access (token TEXT PRIMARY KEY, grant_id INTEGER, issued REAL, expires REAL)",
        ):
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {table}")

    @property
    def _options(self) -> SalesforceOptions:
        return self._world.options.of(SalesforceOptions)

    def _now(self) -> float:
        return self._world.clock.now().timestamp()

    def add_code(self, code: Code) -> str:
        """A new authorization code; it ends with ``==``, as real ones do."""
        text = f"aPrx{secrets.token_urlsafe(40)}=="
        row = (
            text,
            code.client_id,
            code.redirect_uri,
            code.scope,
            code.challenge,
            self._now() + CODE_LIFE.total_seconds(),
        )
        self._db.execute("INSERT INTO oauth_code VALUES (?, ?, ?, ?, ?, ?)", row)
        return text

    def take_code(self, text: str) -> tuple[Code | None, bool]:
        """Spend a code: what it was given for (None: there is no such code), and whether it had expired."""
        row = self._db.execute(
            "DELETE FROM oauth_code WHERE code = ? RETURNING client, redirect, scope, challenge, expires",
            (text,),
        ).fetchone()
        return (Code(*row[:4]), row[4] < self._now()) if row else (None, False)

    def approve(self, client: str, scope: str) -> int:
        """A new grant of the user to a client. Beyond five, the oldest dies."""
        now = self._now()
        (grant,) = self._db.execute(
            "INSERT INTO oauth_grant (client, scope, approved, used, alive) VALUES (?, ?, ?, ?, 1)"
            " RETURNING id",
            (client, scope, now, now),
        ).fetchone()
        living = self._db.execute(
            "SELECT id FROM oauth_grant WHERE client = ? AND alive ORDER BY id DESC", (client,)
        ).fetchall()
        for (old,) in living[MOST_APPROVALS:]:
            self.kill(old)
        return int(grant)

    def scope_of(self, grant: int) -> str:
        """What a grant allows."""
        return str(self._db.execute("SELECT scope FROM oauth_grant WHERE id = ?", (grant,)).fetchone()[0])

    def new_access(self, grant: int) -> str:
        """A new access token; it lives as long as the session timeout and slides on use."""
        token = f"{self._options.organization[:15]}!AQ{secrets.token_urlsafe(60)}"
        now = self._now()
        self._db.execute(
            "INSERT INTO oauth_access VALUES (?, ?, ?, ?)",
            (token, grant, now, now + self._options.session_minutes * 60),
        )
        return token

    def new_refresh(self, grant: int) -> str:
        """A new refresh token of a grant; with rotation the earlier ones are dead already."""
        token = f"5Aep861{secrets.token_urlsafe(50)}"
        self._db.execute("INSERT INTO oauth_refresh VALUES (?, ?, 1)", (token, grant))
        return token

    def grant_of(self, refresh: str, client: str) -> int | None:
        """The living grant of a refresh token. The reuse of a rotated one kills the grant and all its
        tokens."""
        row = self._db.execute(
            "SELECT g.id, r.alive, g.alive, g.approved, g.used FROM oauth_refresh r JOIN oauth_grant g ON"
            " g.id = r.grant_id WHERE r.token = ? AND g.client = ?",
            (refresh, client),
        ).fetchone()
        if row is None:
            return None
        grant, token_alive, alive, approved, used = row
        if not token_alive:
            self.kill(grant)
            return None
        life = self._options.refresh_validity_hours * 3600
        start = {"SpecificLifetime": approved, "SpecificInactivity": used}.get(self._options.refresh_policy)
        if (
            not alive
            or self._options.refresh_policy == "Zero"
            or (start is not None and self._now() > start + life)
        ):
            return None
        self._db.execute("UPDATE oauth_grant SET used = ? WHERE id = ?", (self._now(), grant))
        return int(grant)

    def rotate(self, grant: int, refresh: str) -> str:
        """Replace a refresh token; the old one is dead at once."""
        self._db.execute("UPDATE oauth_refresh SET alive = 0 WHERE token = ?", (refresh,))
        return self.new_refresh(grant)

    def kill(self, grant: int) -> None:
        """End a grant and all its tokens."""
        self._db.execute("UPDATE oauth_grant SET alive = 0 WHERE id = ?", (grant,))
        self._db.execute("DELETE FROM oauth_access WHERE grant_id = ?", (grant,))

    def use(self, access: str) -> bool:
        """Whether an access token is good; using it moves its expiry."""
        if not self._options.user_active:
            return False
        expires = self._now() + self._options.session_minutes * 60
        return (
            self._db.execute(
                "UPDATE oauth_access SET expires = ? WHERE token = ? AND expires > ?",
                (expires, access, self._now()),
            ).rowcount
            == 1
        )

    def revoke(self, token: str) -> bool:
        """Revoke a token; a refresh token takes its access tokens along. Whether there was such a token."""
        if self._db.execute("DELETE FROM oauth_access WHERE token = ?", (token,)).rowcount:
            return True
        row = self._db.execute(
            "SELECT grant_id FROM oauth_refresh r JOIN oauth_grant g ON g.id = grant_id WHERE token = ? AND"
            " g.alive",
            (token,),
        ).fetchone()
        if row:
            self.kill(row[0])
        return row is not None

    def describe(self, token: str) -> dict[str, object] | None:
        """What introspection shows of a living token, but for names: kind, scope, client, issued, expires."""
        row = self._db.execute(
            "SELECT g.scope, g.client, a.issued, a.expires FROM oauth_access a JOIN oauth_grant g ON g.id ="
            " a.grant_id WHERE a.token = ? AND a.expires > ?",
            (token, self._now()),
        ).fetchone()
        if row:
            return {
                "token_type": "access_token",
                "scope": row[0],
                "client_id": row[1],
                "iat": int(row[2]),
                "nbf": int(row[2]),
                "exp": int(row[3]),
            }
        row = self._db.execute(
            "SELECT g.scope, g.client, g.approved, g.used FROM oauth_refresh r JOIN oauth_grant g ON g.id ="
            " r.grant_id WHERE r.token = ? AND r.alive AND g.alive",
            (token,),
        ).fetchone()
        if row is None:
            return None
        scope, client, approved, used = row
        life = self._options.refresh_validity_hours * 3600
        start = {"SpecificLifetime": approved, "SpecificInactivity": used}.get(self._options.refresh_policy)
        return {
            "token_type": "refresh_token",
            "scope": scope,
            "client_id": client,
            "iat": int(approved),
            "nbf": int(approved),
            **({"exp": int(start + life)} if start is not None else {}),
        }

    def expire_access(self) -> int:
        """Expire every access token now. Returns how many."""
        return self._db.execute("DELETE FROM oauth_access").rowcount
