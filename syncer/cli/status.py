"""``status``: what is connected, what is configured, and what runs or ran."""

import argparse
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from syncer import runs
from syncer.bootstrap import Application
from syncer.cli.output import DONE, finish, say
from syncer.connections import ConnectionView
from syncer.lease import RUN, Lease
from syncer.records import System


def add(subparsers: Any) -> None:
    """Add the command."""
    finish(subparsers.add_parser("status", help="what is connected, configured and running"), _status)


def _status(options: argparse.Namespace, application: Application) -> int:
    views = {system: application.connections.view(system) for system in System}
    history = application.configuration.history(1)
    running = Lease(application.engine, RUN).holder()
    with application.engine.connect() as connection:
        newest: int | None = connection.execute(select(func.max(runs.RUNS.c.id))).scalar_one()
    last, waiting = runs.find(application.engine, newest) if newest else None, runs.waiting(application.engine)
    document = {
        "connections": {system.value: _connection(view) for system, view in views.items()},
        "configuration": asdict(history[0]) if history else None,
        "running": running,
        "last_run": last.summary() if last else None,
        "waiting_run": waiting.id if waiting else None,
    }
    lines = [_line(system, view) for system, view in views.items()]
    if history:
        by = f", by {history[0].author}" if history[0].author else ""
        lines.append(f"Configuration: version {history[0].id} of {history[0].created_at:%Y-%m-%d %H:%M} UTC{by}")
    else:
        lines.append("Configuration: none yet")
    lines.append(f"Running: {running or 'nothing'}")
    if last:
        lines.append(f"Last run: {last.id} of {last.started_at:%Y-%m-%d %H:%M} UTC, {last.state}{'. ' + last.reason if last.reason else ''}")
    if waiting:
        lines.append(f"Run {waiting.id} waits: sync --approve {waiting.id}, or sync --reject {waiting.id}")
    say(options.json, document, *lines)
    return DONE


def _connection(view: ConnectionView | None) -> dict[str, Any] | None:
    if view is None:
        return None
    shown = {"address": view.address, "state": view.state, "message": view.message, "account": dict(view.account)}
    return {**shown, "connected_at": view.connected_at, "paused_until": view.paused_until}


def _line(system: System, view: ConnectionView | None) -> str:
    if view is None:
        return f"{system.label}: not connected"
    who = f" as {view.account['username']}" if view.account.get("username") else ""
    text = f"{system.label}: {view.state}, {view.account.get('instance_url') or view.address}{who}"
    if view.message:
        text += f". {view.message}"
    if view.paused_until:
        text += f", paused until {view.paused_until:%Y-%m-%d %H:%M} UTC"
    return text
