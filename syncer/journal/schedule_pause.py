"""Why no scheduled run is started although everything works: nobody has started the schedule yet, or a run
was rejected (rule 19).

A school that is being set up on the screen, field by field, is not synced with half a mapping: its schedule
begins with the first Sync now. A whole configuration that is imported by the command line does not wait.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from syncer.infra.database import key_value

_AFTER_REJECTION = "paused"
_BEING_SET_UP = "being set up"


@dataclass(frozen=True, slots=True)
class Pause:
    """``sentence`` says why the schedule is paused and what to do; ``rejected``: the run whose rejection
    paused it."""

    sentence: str
    rejected: int | None = None


def wait_for_first_sync(connection: Connection) -> None:
    """A first configuration was made on the screen: the schedule waits until somebody says Sync now."""
    key_value.write(connection, _BEING_SET_UP, {"waits": True})


def skip_first_sync(connection: Connection) -> None:
    """A whole configuration was imported: the schedule need not wait for the first Sync now."""
    key_value.write(connection, _BEING_SET_UP, {})


def pause_after_rejection(connection: Connection, run: int, version: int) -> None:
    """A run was rejected: the schedule pauses until the settings are no longer ``version``, or somebody says
    Sync now."""
    key_value.write(connection, _AFTER_REJECTION, {"run": run, "version": version})


def resume(connection: Connection) -> None:
    """Somebody said Sync now: whatever the schedule waited for, it goes on."""
    for name in (_AFTER_REJECTION, _BEING_SET_UP):
        key_value.write(connection, name, {})


def current(connection: Connection, version: int) -> Pause | None:
    """The pause of the schedule under the settings ``version``; None where it is not paused."""
    if key_value.read(connection, _BEING_SET_UP):
        return Pause(
            "The schedule begins with the first Sync now, so that nothing is written while you set up."
        )
    rejected = key_value.read(connection, _AFTER_REJECTION)
    if rejected.get("version") != version:
        return None
    run = int(rejected["run"])
    return Pause(
        f"The schedule pauses since run {run} was rejected. It goes on when a setting is changed, or with"
        " Sync now.",
        run,
    )
