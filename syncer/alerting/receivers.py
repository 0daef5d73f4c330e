"""Who is told by e-mail, where people changed that in the dashboard: it counts instead of ALERT_EMAIL_TO. The
mail server and the webhook are secrets, and stay settings of the installation."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, Engine

from syncer.infra.database import key_value
from syncer.infra.settings.alerts import AlertOptions, is_address

_FACT = "alert receivers"
MOST = 20
"""Addresses that one mail goes to, at most; a mailing list is one."""


class BadReceivers(ValueError):
    """A list of addresses that cannot be used; ``str()`` is a sentence that says why."""


def in_force(engine: Engine, options: AlertOptions) -> AlertOptions:
    """The ``options`` of the installation, with the receivers that people chose instead of theirs."""
    with engine.connect() as connection:
        kept = key_value.read(connection, _FACT)
    return replace(options, email_to=tuple(kept["email_to"])) if kept else options


def choose(connection: Connection, addresses: Iterable[str]) -> tuple[str, ...]:
    """From now on tell these people, each once; nobody by e-mail where there are none. Raises
    `BadReceivers`."""
    chosen = tuple(dict.fromkeys(part.strip() for part in addresses if part.strip()))
    for address in chosen:
        if not is_address(address):
            raise BadReceivers(f"“{address}” is not an e-mail address.")
    if len(chosen) > MOST:
        raise BadReceivers(f"At most {MOST} addresses are told. Use a mailing list for more people.")
    key_value.write(connection, _FACT, {"email_to": list(chosen)})
    return chosen
