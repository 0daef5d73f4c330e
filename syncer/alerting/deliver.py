"""Tells people of what they must know: one alert per change of state, and one when it is good again.

What has to be told is kept in the database first: an alert that cannot be delivered is tried again after the
next run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from syncer.alerting import alert_store
from syncer.alerting.alert_store import Alert
from syncer.alerting.channels import Message, Undelivered, Way, ways
from syncer.alerting.conditions import judge
from syncer.infra.database.lease import Lease
from syncer.infra.settings.alerts import AlertOptions
from syncer.infra.settings.environment import Settings
from syncer.journal.runs import Run

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """How trying a way went: ``problem`` is empty where it worked."""

    way: str
    where: str
    problem: str


def after_run(engine: Engine, settings: Settings, run: Run, *, now: datetime | None = None) -> None:
    """Judge how things stand after ``run`` and tell what changed. Never raises: an alert that fails is
    logged, and fails no run."""
    now = now or datetime.now(UTC)
    try:
        reachable = ways(settings.alerts)
        standings = judge(engine, run, now)
        with engine.begin() as connection:
            alert_store.note(connection, standings, [way.name for way in reachable], now)
        tell(engine, reachable, settings.public_url, now)
    except Exception as error:  # whatever it is, the run is over and counts
        log.error("alerts failed", run=run.id, error=type(error).__name__)


def tell(engine: Engine, reachable: Sequence[Way], link: str, now: datetime) -> None:
    """Deliver what has not been told yet, oldest first. A way that fails is left alone until the next
    time."""
    if not any(alert.untold for alert in alert_store.read(engine)):
        return
    lease = Lease(engine, "alerts")
    if not lease.take():
        return  # another process is telling
    try:
        for way in reachable:
            pending = [alert for alert in alert_store.read(engine) if way.name in alert.untold]
            _tell(engine, way, sorted(pending, key=lambda alert: alert.since), link, now)
    finally:
        lease.release()


def try_ways(options: AlertOptions, link: str) -> list[Tried]:
    """Send a message by every way that the settings ask for."""
    now = datetime.now(UTC)
    message = Message(
        "test", "good", _iso(now), "This is a test, asked for on the command line. Alerts reach you.", link
    )
    found = []
    for way in ways(options):
        try:
            way.send(message)
            found.append(Tried(way.name, way.where, ""))
        except Undelivered as why:
            found.append(Tried(way.name, way.where, str(why)))
    return found


def _tell(engine: Engine, way: Way, pending: Sequence[Alert], link: str, now: datetime) -> None:
    for alert in pending:
        try:
            way.send(Message(alert.name, alert.state, _iso(alert.since), alert.sentence, link))
        except Undelivered as why:
            log.warning(
                "alert not delivered, will be tried again", alert=alert.name, way=way.name, reason=str(why)
            )
            return
        alert_store.told(engine, alert, way.name, now)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
