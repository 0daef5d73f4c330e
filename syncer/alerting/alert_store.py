"""Which alerts are open, and by which channels people still have to hear of them. Rows of `AlertRow`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from syncer.alerting.conditions import GOOD, Condition
from syncer.core.trust.clocks import is_credible
from syncer.infra.database.engine import put
from syncer.infra.database.tables import AlertRow, table

ALERTS = table(AlertRow)
_REPEAT_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert in its present state. ``sent_at``: when it was last delivered by any channel; ``pending``: the
    channels that still have to deliver it."""

    name: str
    state: str
    since: datetime
    sentence: str
    sent_at: datetime | None
    pending: tuple[str, ...]


def update_alerts(
    connection: Connection, conditions: Iterable[Condition], channels: Sequence[str], now: datetime
) -> None:
    """Save the alerts that follow from these conditions. A change of state is to be sent by every channel;
    that it is good again only by those that sent what was wrong."""
    known = {alert.name: alert for alert in _all(connection)}
    for condition in conditions:
        before = known.get(condition.name)
        if before is None:
            if condition.state != GOOD:
                _save(connection, condition, now, None, channels)
        elif before.state != condition.state:
            informed = [channel for channel in channels if channel not in before.pending]
            pending = informed if condition.state == GOOD else channels
            _save(connection, condition, now, before.sent_at, pending)
        else:
            _save_unchanged(connection, before, condition, channels, now)


def mark_sent(engine: Engine, alert: Alert, channel: str, now: datetime) -> None:
    """``channel`` has delivered this state of the alert."""
    with engine.begin() as connection:
        current = next((row for row in _all(connection) if row.name == alert.name), None)
        if current and (current.state, current.since) == (alert.state, alert.since):
            pending = [name for name in current.pending if name != channel]
            connection.execute(
                update(ALERTS).where(ALERTS.c.name == alert.name).values(told_at=now, untold=pending)
            )


def read(engine: Engine) -> list[Alert]:
    """Every alert that there ever was, in its present state; what is wrong comes first."""
    with engine.connect() as connection:
        return sorted(_all(connection), key=lambda alert: (alert.state == GOOD, alert.name))


def _save_unchanged(
    connection: Connection, before: Alert, condition: Condition, channels: Sequence[str], now: datetime
) -> None:
    if before.sent_at and not is_credible(before.sent_at, now):
        # It was sent, by a clock that was ahead (rule 23): its day begins now.
        before = replace(before, sent_at=now)
    if _is_repeated(before, condition, now):
        pending = list(channels)
    else:
        # A channel that the settings no longer name is left out.
        pending = [channel for channel in before.pending if channel in channels]
    if condition.state != GOOD or pending != list(before.pending):
        _save(connection, condition, before.since, before.sent_at, pending)


def _is_repeated(before: Alert, condition: Condition, now: datetime) -> bool:
    """Whether an alert that is still open is sent once more, because there is more of the same."""
    if condition.state == GOOD or before.pending:
        return False
    if before.sent_at is None:
        return True  # there was no channel when it began
    news = condition.news_since
    is_news = news is not None and is_credible(news, now) and news > before.sent_at
    return is_news and now - before.sent_at >= _REPEAT_AFTER


def _save(
    connection: Connection,
    condition: Condition,
    since: datetime,
    sent_at: datetime | None,
    pending: Sequence[str],
) -> None:
    row = {
        "name": condition.name,
        "state": condition.state,
        "sentence": condition.sentence,
        "since": since,
        "told_at": sent_at,
        "untold": list(pending),
    }
    put(connection, ALERTS, row)


def _all(connection: Connection) -> list[Alert]:
    rows = connection.execute(select(ALERTS)).all()
    return [
        Alert(row.name, row.state, row.since, row.sentence, row.told_at, tuple(row.untold)) for row in rows
    ]
