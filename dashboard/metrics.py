"""``GET /metrics``: numbers for whoever runs the installation, in Prometheus' text format.

All are read when they are asked for, by queries that an index answers; nothing is counted in this process,
so that a restart loses nothing. What a day brought is a gauge over the last 24 hours.
"""

import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import redis
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import select
from starlette.responses import PlainTextResponse, Response

from syncer.application.container import Application
from syncer.application.overview import Overview, read_overview
from syncer.core.records import System
from syncer.core.trust.clocks import TRUSTED
from syncer.infra.database.engine import reading
from syncer.infra.database.lease import RUN, Lease
from syncer.journal import run_queries
from syncer.journal.dry_run_plans import counts_by_flow
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS, from_row
from worker.embedded_redis.connection import queue_on, reach

PATH = "/metrics"
DAY = timedelta(days=1)
_NO_STORE = {"Cache-Control": "no-store"}
_NOT_OPEN = "Set METRICS_TOKEN, and send it as “Authorization: Bearer …”."
Family = tuple[str, str, list[str], list[tuple[list[str], float]]]
"""The name of a number without its prefix, what it says, its labels, and the values by these."""


def answer(application: Application, authorization: str) -> Response:
    """The numbers, for whoever names the token of METRICS_TOKEN in its ``authorization``. Without that
    setting they are as open as the pages: to everybody where nobody signs in, else to nobody."""
    options = application.settings.dashboard
    if options.metrics_token:
        expected = f"Bearer {options.metrics_token}"
        if not hmac.compare_digest(authorization.encode(), expected.encode()):
            return PlainTextResponse(_NOT_OPEN, 401, _NO_STORE | {"WWW-Authenticate": "Bearer"})
    elif options.login:
        return PlainTextResponse(_NOT_OPEN, 404, _NO_STORE)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(application, datetime.now(UTC)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers=_NO_STORE)


class _Figures(Collector):
    """Reads the numbers as of ``now``."""

    def __init__(self, application: Application, now: datetime) -> None:
        self._application, self._now = application, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each number with its labels."""
        views = {system: self._application.connections.view(system) for system in System}
        overview = read_overview(
            reading(self._application.database),
            self._application.configuration.current(),
            views,
            self._now,
            self._application.settings.interval_seconds,
        )
        sources: tuple[Callable[[], Iterator[Family]], ...] = (
            lambda: self._standing(overview),
            self._last_day,
            self._queue,
        )
        for source in sources:
            for name, says, labels, values in source():
                family = GaugeMetricFamily(f"sync_{name}", says, labels=labels)
                for named, value in values:
                    family.add_metric(named, value)
                yield family

    def _standing(self, overview: Overview) -> Iterator[Family]:
        yield _one("pairs_due", "Pairs that the next run takes on.", overview.due)
        yield _one("pairs_tried_later", "Pairs that failed and wait for their time.", overview.later)
        yield _one("records_failing", "Records that fail.", overview.failing)
        causes = [([each.cause, each.code], each.failures) for each in overview.causes]
        yield "failures", "Failures by cause and error code.", ["cause", "code"], [*causes]
        stands = overview.suspended
        suspended = len(stands.fields) + len(stands.creations) + len(stands.kinds)
        yield _one("suspended", "Fields, creations and kinds that stand still.", suspended)
        yield _one("runs_waiting", "Runs that wait for an approval.", len(overview.all_waiting))
        yield _one("schedule_stands_still", "1 while no run is due.", bool(overview.schedule.standstill))
        yield _one("schedule_overdue", "1 where ticks were missed.", overview.schedule.overdue)
        held = Lease(self._application.database, RUN).holder() is not None
        yield _one("lease_held", "1 while somebody runs.", held)
        good = run_queries.last_good(reading(self._application.database), self._now)
        if good:
            lag = max((self._now - good).total_seconds(), 0)
            yield _one("last_good_run_timestamp_seconds", "When the last good run ended.", good.timestamp())
            yield _one("lag_seconds", "Seconds since the last good run ended.", lag)
        if overview.usage:
            yield _one("salesforce_calls_used", "Calls of 24 hours, by everybody.", overview.usage.used)
            yield _one("salesforce_calls_limit", "Calls that 24 hours may have.", overview.usage.limit)

    def _last_day(self) -> Iterator[Family]:
        runs, records, calls = Counter[tuple[str, ...]](), Counter[tuple[str, ...]](), Counter[str]()
        lately = RUNS.c.started_at >= self._now - DAY, RUNS.c.started_at <= self._now + TRUSTED
        with reading(self._application.database).connect() as connection:
            for row in connection.execute(select(RUNS).where(*lately)).mappings():
                run = from_row(row)
                runs[Trigger(run.trigger).value, RunState(run.state).value] += 1
                calls.update({str(system): number for system, number in run.calls.items()})
                if run.trigger == Trigger.DRY_RUN:
                    continue
                for direction, kind, numbers in counts_by_flow(run):
                    for status, number in numbers.items():
                        records[direction.value, kind.value, status] += number
        yield "runs_last_day", "Runs of 24 hours.", ["trigger", "state"], _labelled(runs)
        labels = ["direction", "kind", "status"]
        yield "records_last_day", "Records of the runs of 24 hours.", labels, _labelled(records)
        by_system = [([system], float(number)) for system, number in sorted(calls.items())]
        yield "calls_last_day", "Calls of the runs of 24 hours.", ["system"], by_system

    def _queue(self) -> Iterator[Family]:
        waiting = None
        try:
            connection = reach(self._application.settings)
            if connection is not None:
                with connection:
                    waiting = queue_on(connection).count
        except (redis.RedisError, OSError, ValueError):
            pass  # its number says so
        yield _one("queue_up", "1 where the server of the jobs answers.", waiting is not None)
        if waiting is not None:
            yield _one("queue_jobs", "Jobs that wait for a worker.", waiting)


def _one(name: str, says: str, value: float) -> Family:
    return name, says, [], [([], float(value))]


def _labelled(found: Mapping[tuple[str, ...], int]) -> list[tuple[list[str], float]]:
    return [(list(labels), float(number)) for labels, number in sorted(found.items())]
