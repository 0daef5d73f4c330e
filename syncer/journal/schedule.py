"""Whether runs are started by the clock: what is kept of going live, of pauses, and of rejections. What
follows from it is decided in `syncer.core.trust.standstill`.

A school that is set up on the screen, field by field, is not synced with half a mapping: its schedule begins
when somebody says *Go live*. A whole configuration that the command line imports is live at once, and so is
every installation for which nothing is kept here.
"""

from datetime import datetime

from sqlalchemy import Connection

from syncer.core.trust.standstill import Pause, Standstill, decide
from syncer.infra.database import key_value

_SET_UP = "being set up"
_PAUSE = "schedule paused"
_REJECTION = "paused"


def wait_for_go_live(connection: Connection) -> None:
    """Nothing is synced by the clock until somebody says *Go live*."""
    key_value.write(connection, _SET_UP, {"waits": True})


def go_live(connection: Connection, now: datetime) -> None:
    """Runs are started by the clock from now on. Where they were already, nothing changes."""
    if not is_live(connection):
        key_value.write(connection, _SET_UP, {"live_since": now.isoformat()})


def is_live(connection: Connection) -> bool:
    """Whether the schedule ever began, and did not have to wait anew since."""
    return not key_value.read(connection, _SET_UP).get("waits")


def pause(connection: Connection, asked: Pause) -> None:
    """Somebody paused the schedule, in place of a pause before."""
    kept = {"until": asked.until.isoformat(), "by": asked.by, "since": asked.since.isoformat()}
    key_value.write(connection, _PAUSE, kept)


def resume(connection: Connection, now: datetime) -> None:
    """Somebody said that the schedule is to go on: whatever paused it, it does, if it is live."""
    resume_after_rejection(connection)
    if kept := key_value.read(connection, _PAUSE):
        key_value.write(connection, _PAUSE, kept | {"until": now.isoformat()})


def pause_after_rejection(connection: Connection, run: int, version: int) -> None:
    """A run was rejected: the schedule pauses until the settings are no longer ``version``, or somebody says
    *Sync now*."""
    key_value.write(connection, _REJECTION, {"run": run, "version": version})


def resume_after_rejection(connection: Connection) -> None:
    """Somebody said *Sync now*: a run that was rejected holds nothing up any more."""
    key_value.write(connection, _REJECTION, {})


def standstill(connection: Connection, version: int, now: datetime) -> Standstill | None:
    """Why nothing is synced by the clock under the settings ``version``; None where it is."""
    rejected = key_value.read(connection, _REJECTION)
    return decide(
        live=is_live(connection),
        pause=_kept_pause(connection),
        rejected=int(rejected["run"]) if rejected.get("version") == version else None,
        now=now,
    )


def began_again(connection: Connection) -> list[datetime]:
    """When the schedule last began, or went on after a pause: ticks before that could not come."""
    since = key_value.read(connection, _SET_UP).get("live_since")
    last = _kept_pause(connection)
    began = [datetime.fromisoformat(since)] if since else []
    return began + ([last.until] if last else [])


def _kept_pause(connection: Connection) -> Pause | None:
    kept = key_value.read(connection, _PAUSE)
    if not kept:
        return None
    return Pause(datetime.fromisoformat(kept["until"]), kept["by"], datetime.fromisoformat(kept["since"]))
