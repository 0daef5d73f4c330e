"""Tells people what they must know: one message when something goes wrong, and one when it is good again.

What is to be sent is saved in the database first: a message that cannot be delivered is sent after the next
run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from syncer.alerting import alert_store, receivers
from syncer.alerting.alert_store import Alert
from syncer.alerting.channels import Channel, Message, Undelivered, configured_channels
from syncer.alerting.conditions import Condition, evaluate, of_schedule
from syncer.infra.database.lease import Lease
from syncer.infra.settings.alerts import AlertOptions
from syncer.infra.settings.environment import Settings
from syncer.journal.runs import Run

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the delivery by one channel went; ``problem`` is empty where it worked."""

    channel: str
    address: str
    problem: str


def after_run(engine: Engine, settings: Settings, run: Run, *, now: datetime | None = None) -> None:
    """Evaluate the conditions after ``run`` and send what changed. Never raises: an alert that fails is
    logged, and fails no run."""
    now = now or datetime.now(UTC)
    _tell(engine, settings, lambda: evaluate(engine, run, now), now, run=run.id)


def after_no_run(engine: Engine, settings: Settings, *, now: datetime | None = None) -> None:
    """Send what is to be told where the schedule stands still, so that no run comes. Never raises."""
    now = now or datetime.now(UTC)
    _tell(engine, settings, lambda: [of_schedule(engine, now)], now)


def _tell(
    engine: Engine,
    settings: Settings,
    conditions: Callable[[], list[Condition]],
    now: datetime,
    **about: object,
) -> None:
    try:
        channels, found = _channels(engine, settings), conditions()
        with engine.begin() as connection:
            alert_store.update_alerts(connection, found, [channel.name for channel in channels], now)
        send_pending(engine, channels, settings.public_url, now)
    except Exception as error:  # whatever it is, what was done counts
        log.error("alerts failed", error=type(error).__name__, **about)


def send_pending(engine: Engine, channels: Sequence[Channel], link: str, now: datetime) -> None:
    """Send what has not been delivered yet, oldest first. A channel that fails is not tried again until the
    next time."""
    if not any(alert.pending for alert in alert_store.read(engine)):
        return
    lease = Lease(engine, "alerts")
    if not lease.take():
        return  # another process is sending
    try:
        for channel in channels:
            pending = [alert for alert in alert_store.read(engine) if channel.name in alert.pending]
            _send(engine, channel, sorted(pending, key=lambda alert: alert.since), link, now)
    finally:
        lease.release()


def send_test(options: AlertOptions, link: str, by: str = "the command line") -> list[Attempt]:
    """Send a test message, asked for ``by`` somebody, by every channel that the options ask for."""
    sentence = f"This is a test, asked for by {by}. Alerts reach you."
    message = Message("test", "good", _iso(datetime.now(UTC)), sentence, link)
    return [_attempt(channel, message) for channel in configured_channels(options)]


def _channels(engine: Engine, settings: Settings) -> list[Channel]:
    return configured_channels(receivers.in_force(engine, settings.alerts))


def _attempt(channel: Channel, message: Message) -> Attempt:
    try:
        channel.send(message)
    except Undelivered as problem:
        return Attempt(channel.name, channel.address, str(problem))
    return Attempt(channel.name, channel.address, "")


def _send(engine: Engine, channel: Channel, pending: Sequence[Alert], link: str, now: datetime) -> None:
    for alert in pending:
        try:
            channel.send(Message(alert.name, alert.state, _iso(alert.since), alert.sentence, link))
        except Undelivered as problem:
            log.warning(
                "alert not delivered, will be tried again",
                alert=alert.name,
                way=channel.name,
                reason=str(problem),
            )
            return
        alert_store.mark_sent(engine, alert, channel.name, now)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
