"""Why no scheduled run comes though everything works: nobody began the schedule yet, or a run was rejected
(rule 19).

A school that is being set up on the screen, field by field, is not synced with half a mapping: its schedule
begins with the first Sync now. A whole configuration that was imported by the command line needs no such
word.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from syncer.infra.database import key_value

_REJECTED, _BEING_SET_UP = "paused", "being set up"


@dataclass(frozen=True, slots=True)
class Standstill:
    """``sentence`` says why and what to do; ``rejected``: the run since whose rejection the schedule
    pauses."""

    sentence: str
    rejected: int | None = None


def set_up(connection: Connection) -> None:
    """A first configuration was made on the screen: the schedule waits until somebody says Sync now."""
    key_value.write(connection, _BEING_SET_UP, {"waits": True})


def reject(connection: Connection, run: int, version: int) -> None:
    """A run was rejected: the schedule pauses until the settings are no longer ``version``, or somebody says
    Sync now."""
    key_value.write(connection, _REJECTED, {"run": run, "version": version})


def begin(connection: Connection) -> None:
    """A whole configuration was imported: the schedule waits for nobody."""
    key_value.write(connection, _BEING_SET_UP, {})


def end(connection: Connection) -> None:
    """Somebody said Sync now: whatever it was, the schedule goes on."""
    for name in (_REJECTED, _BEING_SET_UP):
        key_value.write(connection, name, {})


def why(connection: Connection, version: int) -> Standstill | None:
    """Why the schedule stands still under the settings ``version``; None where it does not."""
    if key_value.read(connection, _BEING_SET_UP):
        return Standstill(
            "The schedule begins with the first Sync now, so that nothing is written while you set up."
        )
    rejected = key_value.read(connection, _REJECTED)
    if rejected.get("version") != version:
        return None
    run = int(rejected["run"])
    return Standstill(
        f"The schedule pauses since run {run} was rejected. It goes on when a setting is changed, or with"
        " Sync now.",
        run,
    )
