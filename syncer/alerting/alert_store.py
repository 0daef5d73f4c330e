"""What was told: one row per alert, with the ways that have not been told yet. Rows of `AlertRow`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from syncer.alerting.conditions import GOOD, Standing
from syncer.infra.database.engine import put
from syncer.infra.database.tables import AlertRow, table

ALERTS = table(AlertRow)
_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands. ``told_at``: when somebody was told last; ``untold``: the ways that still have
    to be told."""

    name: str
    state: str
    since: datetime
    sentence: str
    told_at: datetime | None
    untold: tuple[str, ...]


def note(connection: Connection, standings: Iterable[Standing], ways: Sequence[str], now: datetime) -> None:
    """Write down how things stand. A change of state has to be told by every way; that it is good again only
    by those that were told of worse."""
    known = {alert.name: alert for alert in _read(connection)}
    for standing in standings:
        before = known.get(standing.name)
        if before is None and standing.state == GOOD:
            continue
        row: dict[str, Any] = {"name": standing.name, "state": standing.state, "sentence": standing.sentence}
        if before is None:
            put(connection, ALERTS, row | {"since": now, "told_at": None, "untold": list(ways)})
        elif before.state != standing.state:
            heard = [way for way in ways if way not in before.untold]
            untold = heard if standing.state == GOOD else list(ways)
            put(connection, ALERTS, row | {"since": now, "told_at": before.told_at, "untold": untold})
        else:
            left = [
                way for way in before.untold if way in ways
            ]  # a way that the settings no longer name is told nothing
            untold = list(ways) if _more_to_tell(before, standing, now) else left
            if standing.state != GOOD or untold != list(before.untold):
                put(
                    connection,
                    ALERTS,
                    row | {"since": before.since, "told_at": before.told_at, "untold": untold},
                )


def told(engine: Engine, alert: Alert, way: str, now: datetime) -> None:
    """``way`` was told of this state of the alert."""
    with engine.begin() as connection:
        current = next((row for row in _read(connection) if row.name == alert.name), None)
        if current and (current.state, current.since) == (alert.state, alert.since):
            left = [name for name in current.untold if name != way]
            connection.execute(
                update(ALERTS).where(ALERTS.c.name == alert.name).values(told_at=now, untold=left)
            )


def read(engine: Engine) -> list[Alert]:
    """Every alert that there ever was, as it stands now; what is wrong comes first."""
    with engine.connect() as connection:
        return sorted(_read(connection), key=lambda alert: (alert.state == GOOD, alert.name))


def _more_to_tell(before: Alert, standing: Standing, now: datetime) -> bool:
    if standing.state == GOOD or before.untold:
        return False
    if before.told_at is None:
        return True  # there was no way to tell anybody when it began
    return (
        standing.fresh is not None
        and standing.fresh > before.told_at
        and now - before.told_at >= _AGAIN_AFTER
    )


def _read(connection: Connection) -> list[Alert]:
    rows = connection.execute(select(ALERTS)).all()
    return [
        Alert(row.name, row.state, row.since, row.sentence, row.told_at, tuple(row.untold)) for row in rows
    ]
