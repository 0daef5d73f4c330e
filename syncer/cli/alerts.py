"""``alerts``: what was told and what stands, and a trial of the ways by which people are told."""

import argparse
from dataclasses import asdict
from typing import Any

from syncer.alerting import alert_store, deliver
from syncer.alerting.channels import ways
from syncer.alerting.conditions import GOOD
from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, CommandError, print_result, register

_NOWHERE = (
    "Alerts go nowhere. Set ALERT_WEBHOOK_URL, or ALERT_EMAIL_TO with SMTP_URL, and start the program again."
)


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "alerts", help="what stands and what was told; --try sends a test to everyone"
    )
    parser.add_argument(
        "--try", action="store_true", dest="trial", help="send a test message by every way that is set"
    )
    register(parser, _alerts)


def _alerts(options: argparse.Namespace, application: Application) -> int:
    settings = application.settings
    known, reachable = alert_store.read(application.engine), ways(settings.alerts)
    if options.trial and not reachable:
        raise CommandError(_NOWHERE, EXIT_USAGE)
    tried = deliver.try_ways(settings.alerts, settings.public_url) if options.trial else []
    document = {
        "ways": [{"way": way.name, "where": way.where} for way in reachable],
        "alerts": [asdict(alert) for alert in known],
        "tried": [{"way": one.way, "delivered": not one.problem, "problem": one.problem} for one in tried],
    }
    lines = [f"{way.name}: {way.where}" for way in reachable] or [_NOWHERE]
    lines += [f"Tried {one.way}: {one.problem or 'delivered'}" for one in tried]
    lines += [_line(alert) for alert in known] or ["Nothing was ever wrong."]
    print_result(options.json, document, *lines)
    return EXIT_FAILED if any(one.problem for one in tried) else EXIT_DONE


def _line(alert: alert_store.Alert) -> str:
    text = f"{alert.name}: {alert.state} since {alert.since:%Y-%m-%d %H:%M} UTC"
    if alert.state != GOOD:
        text += f". {alert.sentence}"
    if alert.untold:
        text += f" (still to be told by {' and '.join(alert.untold)})"
    return text
