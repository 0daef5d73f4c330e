"""``status``: connections, configuration, the current, last and next run, what is due, what fails, and API
calls."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from syncer.alerting import alert_store
from syncer.alerting.conditions import GOOD
from syncer.application import work_requests
from syncer.application.container import Application
from syncer.application.overview import Overview, read_overview
from syncer.cli.output import EXIT_DONE, print_result, register
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import System
from syncer.infra.database.lease import RUN, Lease
from syncer.sync.failures import CauseCount

StatusSection = Callable[[Application], tuple[str, dict[str, Any], str]]


def _queue(application: Application) -> tuple[str, dict[str, Any], str]:
    with application.database.connect() as connection:
        waiting = work_requests.waiting(connection)
    return (
        "queue",
        {"waiting": len(waiting)},
        f"Queue: {len(waiting) or 'no'} previews, tests or retries wait",
    )


STATUS_SECTIONS: list[StatusSection] = [_queue]
"""Further sections of the status: each gives its key, its document, and its line for a person."""


def add(subparsers: Any) -> None:
    """Add the command."""
    register(
        subparsers.add_parser("status", help="what is connected, configured, due, failing and running"),
        _status,
    )


def _status(options: argparse.Namespace, application: Application) -> int:
    views = {system: application.connections.view(system) for system in System}
    history = application.configuration.history(1)
    holder = Lease(application.database, RUN).holder()
    seen = read_overview(
        application.database,
        application.configuration.current(),
        views,
        interval_seconds=application.settings.interval_seconds,
    )
    alerts = [alert for alert in alert_store.read(application.database) if alert.state != GOOD]
    share = application.preferences.api_share_percent
    sections = [section(application) for section in STATUS_SECTIONS]
    suspended = seen.suspended
    document = {
        "connections": {system.value: _connection(view) for system, view in views.items()},
        "configuration": asdict(history[0]) if history else None,
        "running": holder,
        "running_run": (
            {"run": seen.running.id, "trigger": seen.running.trigger, "progress": seen.progress}
            if holder and seen.running
            else None
        ),
        "last_run": seen.last.summary() | {"started_at": seen.last.started_at} if seen.last else None,
        "waiting_run": seen.waiting.id if seen.waiting else None,
        "waiting_retry": seen.waiting_retry.id if seen.waiting_retry else None,
        "waiting_undo": seen.waiting_undo.id if seen.waiting_undo else None,
        "suspect_fields": seen.suspect_fields,
        "schedule": asdict(seen.schedule),
        "due": seen.due,
        "failing": {
            "records": seen.failing,
            "tried_later": seen.later,
            "causes": [asdict(cause) for cause in seen.causes],
        },
        "suspended": suspended.to_json(),
        "api_calls": _calls(seen, share),
        "alerts": [{"name": alert.name, "state": alert.state, "since": alert.since} for alert in alerts],
    }
    lines = [_line(system, view) for system, view in views.items()]
    if history:
        by = f", by {history[0].author}" if history[0].author else ""
        lines.append(f"Configuration: version {history[0].id} of {_minute(history[0].created_at)}{by}")
    else:
        lines.append("Configuration: none yet")
    lines += [_running(seen, holder), *_runs(seen), *_work(seen, share)]
    lines += [f"Suspended: {sentence}" for sentence in suspended.sentences]
    lines += [
        f"Alert: {alert.name}, {alert.state} since {_minute(alert.since)}. {alert.sentence}"
        for alert in alerts
    ]
    print_result(
        options.json,
        document | {key: details for key, details, _ in sections},
        *lines,
        *(line for _, _, line in sections),
    )
    return EXIT_DONE


def _connection(view: ConnectionView | None) -> dict[str, Any] | None:
    if view is None:
        return None
    shown = {
        "address": view.address,
        "state": view.state,
        "message": view.message,
        "account": dict(view.account),
    }
    return {**shown, "connected_at": view.connected_at, "paused_until": view.paused_until}


def _calls(seen: Overview, share: int) -> dict[str, Any]:
    usage = seen.usage
    allowed = usage.limit * share // 100 if usage else None
    of_all = (
        {"used_by_all": usage.used, "limit": usage.limit, "as_of": usage.as_of}
        if usage
        else {"used_by_all": None, "limit": None, "as_of": None}
    )
    return {"used_by_us": seen.calls_today, "allowed_to_us": allowed, **of_all}


def _line(system: System, view: ConnectionView | None) -> str:
    if view is None or view.state == ConnectionState.DISCONNECTED:
        return f"{system.label}: not connected"
    who = f" as {view.account['username']}" if view.account.get("username") else ""
    text = f"{system.label}: {view.state}, {view.account.get('instance_url') or view.address}{who}"
    if view.message:
        text += f". {view.message}"
    if view.paused_until and view.paused_until > datetime.now(UTC):
        text += f", paused until {_minute(view.paused_until)}"
    return text


def _running(seen: Overview, holder: str | None) -> str:
    if not holder:
        return "Running: nothing"
    if not seen.running:
        return f"Running: {holder}"
    progress = seen.progress or {}
    far = (
        f", {progress['phase']} {progress['done']:,} of {progress['total']:,}"
        if progress.get("total")
        else ""
    )
    return f"Running: run {seen.running.id} ({seen.running.trigger}) by {holder}{far}"


def _runs(seen: Overview) -> list[str]:
    lines, last, schedule = [], seen.last, seen.schedule
    if last:
        lines.append(
            f"Last run: {last.id} of {_minute(last.started_at)},"
            f" {last.state}{'. ' + last.reason if last.reason else ''}"
        )
    lines += [
        f"Run {run.id} waits: sync --approve {run.id}, or sync --reject {run.id}" for run in seen.all_waiting
    ]
    lines += [
        f"Suspect field: {each['element451']} ({each['salesforce']}) came back empty from {each['system']}"
        f" for {each['emptied']:,} of {each['read']:,} records that held a value; its blanks wait"
        for each in seen.suspect_fields
    ]
    if schedule.stands and (schedule.next_run or schedule.stands.sentence != schedule.standstill):
        lines.append(f"Schedule: {schedule.stands.sentence}")
    if schedule.next_run:
        lines.append(
            f"Next run: {_minute(schedule.next_run)}, every {schedule.every}, while a scheduler and a"
            " worker run"
        )
    else:
        lines.append(f"Next run: none. {schedule.standstill}")
    if schedule.overdue and schedule.last_tick:
        lines.append(
            f"No scheduled run since {_minute(schedule.last_tick)}: is the scheduler running, and a worker?"
            " python -m worker health"
        )
    return lines


def _work(seen: Overview, share: int) -> list[str]:
    calls = _calls(seen, share)
    later = f", {seen.later:,} of them tried later" if seen.later else ""
    lines = [
        f"Due: {seen.due:,}",
        f"Failing: {seen.failing:,}{later}{': ' + _causes(seen.causes) if seen.causes else ''}",
    ]
    line = f"Salesforce calls in 24 hours: {calls['used_by_us']:,} by the sync"
    if seen.usage:
        line += (
            f" (its share is {calls['allowed_to_us']:,}), {seen.usage.used:,} of {seen.usage.limit:,} by all"
            f" as of {_minute(seen.usage.as_of)}"
        )
    return [*lines, line]


def _causes(causes: list[CauseCount]) -> str:
    return ", ".join(f"{cause.code or 'no code'} ({cause.cause}) {cause.failures:,}" for cause in causes)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
