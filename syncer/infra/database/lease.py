"""Leases: who may do a thing that only one process may do at a time (rule 18). Rows of
`LeaseRow`, the database's clock.

The owner renews its lease from a thread. A former owner can tell that it lost the lease by the token, which
rises with every owner.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, event, func, select, text, type_coerce, update
from sqlalchemy.exc import SQLAlchemyError

from syncer.core.trust.clocks import is_credible
from syncer.infra.database.process_identity import host_of, is_dead, this_owner
from syncer.infra.database.table_row import UTCDateTime
from syncer.infra.database.tables import LeaseRow, table

RUN = "run"
"""The lease of whoever runs (rule 18)."""

_LEASES = table(LeaseRow)
_log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The lease is no longer ours: whatever it protected must stop before its next write."""


class LeaseBusy(Exception):
    """Someone else holds the lease, and still did when the time to wait was over."""


class Lease:
    """A lease named ``name``, for ``ttl_seconds`` from the last heartbeat. Safe to use from several threads;
    one instance, one owner."""

    def __init__(self, engine: Engine, name: str, ttl_seconds: float = 60) -> None:
        self._engine, self._name, self._ttl = engine, name, timedelta(seconds=ttl_seconds)
        self._owner = this_owner()
        self._token = 0
        self._confirmed = 0.0
        self._stop = threading.Event()
        self._heart: threading.Thread | None = None

    @property
    def token(self) -> int:
        """The number of this ownership; a later owner's is higher."""
        return self._token

    def take(self, wait_seconds: float = 0) -> bool:
        """Become the owner; False where someone else still is when ``wait_seconds`` are over.

        A lease is free when it was released, when it expired, and when its owner died on this very machine.
        """
        deadline = time.monotonic() + wait_seconds
        pause = 0.02
        while not self._try():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(pause * 2, 0.25)
        self._stop.clear()
        self._heart = threading.Thread(target=self._beat, name=f"lease {self._name}", daemon=True)
        self._heart.start()
        return True

    def check(self) -> None:
        """Return while the lease is ours, else raise `LeaseLost`. Asks the database only where the last
        heartbeat is not recent."""
        if self._heart is None:
            raise LeaseLost(f"The lease “{self._name}” is not held by this process.")
        if _clock() - self._confirmed > self._ttl.total_seconds() / 2:
            self._renew()

    def confirm(self, connection: Connection) -> None:
        """Return if the lease is ours in this very transaction, in which nobody can take it any more; else
        raise `LeaseLost`."""
        row = connection.execute(
            select(_LEASES.c.name).where(self._ours()).with_for_update(read=True)
        ).one_or_none()
        if row is None:
            raise LeaseLost(f"The lease “{self._name}” was taken over by someone else.")

    def release(self) -> None:
        """Give the lease back, so that the next one need not wait. Harmless where it is not ours any more."""
        heart, self._heart = self._heart, None
        if heart is None:
            return
        self._stop.set()
        heart.join()
        try:
            with self._engine.begin() as connection:
                connection.execute(update(_LEASES).where(self._ours()).values(owner=None, expires_at=None))
        except (
            SQLAlchemyError
        ) as error:  # it expires on its own; an error that is on its way is more telling than this one
            _log.warning("lease not given back, will expire", lease=self._name, error=type(error).__name__)

    def holder(self) -> str | None:
        """Who holds the lease now, for a person; None when it is free."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(_LEASES.c.owner, _LEASES.c.expires_at).where(_LEASES.c.name == self._name)
            ).one_or_none()
            free = row is None or self._is_free(row.owner, row.expires_at, _now(connection))
        return None if row is None or free else host_of(row.owner)

    def __enter__(self) -> "Lease":
        """Take the lease. Raises `LeaseBusy` where someone else has it."""
        if not self.take():
            raise LeaseBusy(
                f"“{self._name}” is being done by {self.holder() or 'someone else'} at this moment."
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _try(self) -> bool:
        asked = _clock()
        with self._engine.begin() as connection:
            connection.execute(
                text("INSERT INTO leases (name, token) VALUES (:name, 0) ON CONFLICT (name) DO NOTHING"),
                {"name": self._name},
            )
            row = connection.execute(
                select(_LEASES).where(_LEASES.c.name == self._name).with_for_update()
            ).one()
            now = _now(connection)
            if not self._is_free(row.owner, row.expires_at, now):
                return False
            self._token = row.token + 1
            changed = {"owner": self._owner, "token": self._token, "expires_at": now + self._ttl}
            connection.execute(update(_LEASES).where(_LEASES.c.name == self._name).values(changed))
        self._confirmed = asked
        return True

    def _renew(self) -> None:
        """Move the expiry on. An expired lease that nobody took is still ours: the token tells. Raises
        `LeaseLost`."""
        asked = _clock()
        with self._engine.begin() as connection:
            renewed = connection.execute(
                update(_LEASES).where(self._ours()).values(expires_at=_now(connection) + self._ttl)
            ).rowcount
        if not renewed:
            raise LeaseLost(
                f"The lease “{self._name}” went to {self.holder() or 'someone else'} while this process was"
                " not heard of."
            )
        self._confirmed = asked

    def _beat(self) -> None:
        while not self._stop.wait(self._ttl.total_seconds() / 3):
            try:
                self._renew()
            except LeaseLost:
                return  # the owner's next check asks the database, and hears the same
            except SQLAlchemyError as error:
                _log.warning(
                    "lease not renewed, will be tried again", lease=self._name, error=type(error).__name__
                )

    def _is_free(self, owner: str | None, expires_at: datetime | None, now: datetime) -> bool:
        # One that would last longer than any lease was given by a clock that was wrong (rule 23).
        if owner is None or expires_at is None or expires_at <= now:
            return True
        return is_dead(owner) or not is_credible(expires_at, now, self._ttl)

    def _ours(self) -> ColumnElement[bool]:
        return (
            (_LEASES.c.name == self._name)
            & (_LEASES.c.owner == self._owner)
            & (_LEASES.c.token == self._token)
        )


@contextmanager
def hold(engine: Engine, name: str, ttl_seconds: float = 60, wait_seconds: float = 60) -> Iterator[Lease]:
    """Hold the lease ``name`` for a moment, waiting for whoever has it. Raises `LeaseBusy` when the wait was
    in vain."""
    lease = Lease(engine, name, ttl_seconds)
    if not lease.take(wait_seconds):
        raise LeaseBusy(
            f"“{name}” has been held by {lease.holder() or 'someone else'} for too long. Try again in a"
            " minute."
        )
    try:
        yield lease
    finally:
        lease.release()


def _now(connection: Connection) -> datetime:
    # One clock for everybody: the database's. SQLite tells whole seconds, which only makes a lease a little
    # shorter.
    now: datetime = connection.execute(
        select(type_coerce(func.current_timestamp(), UTCDateTime()))
    ).scalar_one()
    return now


def _clock() -> float:
    """Seconds that go on while the machine sleeps, so that a lease is never thought fresh after a nap."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def fenced(engine: Engine, lease: Lease) -> Engine:
    """The same database, for the owner of ``lease`` only: a commit raises `LeaseLost`, and is rolled back,
    once somebody else owns it."""
    guarded = engine.execution_options(fenced_by=lease.token)

    def look(connection: Connection) -> None:
        lease.confirm(connection)

    event.listen(guarded, "commit", look)
    return guarded
