"""Who is told what is wrong, and how: as the dashboard shows and changes it."""

from typing import Any

from syncer.alerting import deliver, receivers
from syncer.alerting.channels import configured_channels
from syncer.alerting.deliver import Attempt
from syncer.alerting.receivers import BadReceivers
from syncer.application.container import Application
from syncer.core.permissions import Action
from syncer.journal import audit

__all__ = ["BadReceivers", "choose_receivers", "send_test", "ways"]


def ways(application: Application) -> dict[str, Any]:
    """``{"ways": [{"way", "where"}], "receivers", "mail_server", "webhook"}``: by which ways people are told,
    and whom; the hosts of the mail server and the webhook, None where none is set. No secret is among it."""
    options = receivers.in_force(application.database, application.settings.alerts)
    found = configured_channels(options)
    webhook = next((one.address for one in found if one.name == "webhook"), None)
    return {
        "ways": [{"way": one.name, "where": one.address} for one in found],
        "receivers": list(options.email_to),
        "mail_server": options.mail_server.host if options.mail_server else None,
        "webhook": webhook,
    }


def choose_receivers(application: Application, addresses: list[str]) -> list[str]:
    """From now on tell these people by e-mail. Raises `NotPermitted` and `BadReceivers`."""
    application.person.require(Action.ALERTS)
    with application.database.begin() as connection:
        chosen = receivers.choose(connection, addresses)
        audit.record(connection, application.person, Action.ALERTS, ", ".join(chosen) or "nobody by e-mail")
    return list(chosen)


def send_test(application: Application) -> list[Attempt]:
    """Send a test message by every way, and say how that went. Raises `NotPermitted`."""
    audit.authorize(application.database, application.person, Action.ALERTS, "sent a test")
    options = receivers.in_force(application.database, application.settings.alerts)
    return deliver.send_test(options, application.settings.public_url, by=application.person.name)
