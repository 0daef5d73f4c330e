"""What a person decides about the schedule: that it begins, pauses or goes on. Who did so and when is in the
audit trail."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.application.engine_factory import NotReady
from syncer.core.permissions import Action
from syncer.core.trust.standstill import BadPause, Pause, Standstill
from syncer.journal import audit, schedule

__all__ = ["BadPause", "go_live", "pause", "resume", "standstill"]


def go_live(application: Application) -> None:
    """From now on runs are started by the clock. Raises `NotPermitted`, and `NotReady` where there is nothing
    to sync by."""
    application.person.require(Action.GO_LIVE)
    if application.configuration.current() is None:
        raise NotReady("Nothing is configured yet, so that nothing could be synced.")
    with application.database.begin() as connection:
        audit.record(connection, application.person, Action.GO_LIVE)
        schedule.go_live(connection, datetime.now(UTC))


def pause(application: Application, until: datetime) -> Pause:
    """Nothing is synced by the clock ``until`` then, 24 hours at most; a run that goes on is finished. Raises
    `NotPermitted` and `BadPause`."""
    application.person.require(Action.PAUSE)
    asked = Pause.of(until.astimezone(UTC), application.person.name, datetime.now(UTC))
    with application.database.begin() as connection:
        audit.record(connection, application.person, Action.PAUSE, f"until {asked.until:%Y-%m-%d %H:%M} UTC")
        schedule.pause(connection, asked)
    return asked


def resume(application: Application) -> None:
    """The schedule goes on, whatever paused it. Raises `NotPermitted`."""
    application.person.require(Action.RESUME)
    with application.database.begin() as connection:
        audit.record(connection, application.person, Action.RESUME)
        schedule.resume(connection, datetime.now(UTC))


def standstill(engine: Engine, version: int) -> Standstill | None:
    """Why nothing is synced by the clock under the settings ``version``; None where it is."""
    with engine.connect() as connection:
        return schedule.standstill(connection, version, datetime.now(UTC))
