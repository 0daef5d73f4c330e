"""``alerts``: which alerts are open and who was told, and a test of the channels by which people are told."""

import argparse
from typing import Any

from syncer.alerting import alert_store, deliver, receivers
from syncer.alerting.channels import configured_channels
from syncer.alerting.conditions import GOOD
from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, CommandError, print_result, register

_NO_CHANNEL = (
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
    alerts = alert_store.read(application.database)
    chosen = receivers.in_force(application.database, settings.alerts)
    channels = configured_channels(chosen)
    if options.trial and not channels:
        raise CommandError(_NO_CHANNEL, EXIT_USAGE)
    attempts = deliver.send_test(chosen, settings.public_url) if options.trial else []
    document = {
        "ways": [{"way": channel.name, "where": channel.address} for channel in channels],
        "alerts": [_document(alert) for alert in alerts],
        "tried": [
            {"way": attempt.channel, "delivered": not attempt.problem, "problem": attempt.problem}
            for attempt in attempts
        ],
    }
    lines = [f"{channel.name}: {channel.address}" for channel in channels] or [_NO_CHANNEL]
    lines += [f"Tried {attempt.channel}: {attempt.problem or 'delivered'}" for attempt in attempts]
    lines += [_line(alert) for alert in alerts] or ["Nothing was ever wrong."]
    print_result(options.json, document, *lines)
    return EXIT_FAILED if any(attempt.problem for attempt in attempts) else EXIT_DONE


def _document(alert: alert_store.Alert) -> dict[str, Any]:
    return {
        "name": alert.name,
        "state": alert.state,
        "since": alert.since,
        "sentence": alert.sentence,
        "told_at": alert.sent_at,
        "untold": alert.pending,
    }


def _line(alert: alert_store.Alert) -> str:
    text = f"{alert.name}: {alert.state} since {alert.since:%Y-%m-%d %H:%M} UTC"
    if alert.state != GOOD:
        text += f". {alert.sentence}"
    if alert.pending:
        text += f" (still to be told by {' and '.join(alert.pending)})"
    return text
