"""Whom to alert and how: the part of the environment that says it, refused by name where it is odd (see
`syncer.infra.settings.environment`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from syncer.core.hosts import is_loopback
from syncer.infra.settings.urls import split

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. ``tls``: from the first byte (smtps), else by STARTTLS. Its password
    stays out of ``repr``."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AlertOptions:
    """Where alerts go; nowhere by default. The webhook's address is a secret: who knows it may post there."""

    webhook_url: str | None = field(default=None, repr=False)
    email_to: tuple[str, ...] = ()
    email_from: str = ""
    mail_server: MailServer | None = None

    @classmethod
    def read(cls, given: Mapping[str, str], problems: list[str]) -> "AlertOptions":
        """The options that the (stripped, non-empty) variables of ``given`` ask for; what is odd is added to
        ``problems``."""
        receivers = tuple(part.strip() for part in given.get("ALERT_EMAIL_TO", "").split(",") if part.strip())
        for receiver in receivers:
            if not _ADDRESS.fullmatch(receiver):
                problems.append(
                    f"ALERT_EMAIL_TO: “{receiver}” is not an e-mail address. Several are separated by commas."
                )
        server = _mail_server(given.get("SMTP_URL"), problems)
        sender = given.get("ALERT_EMAIL_FROM") or (
            server.user if server and _ADDRESS.fullmatch(server.user) else ""
        )
        if sender and not _ADDRESS.fullmatch(sender):
            problems.append(f"ALERT_EMAIL_FROM: “{sender}” is not an e-mail address.")
        if receivers and "SMTP_URL" not in given:
            problems.append(
                "SMTP_URL: ALERT_EMAIL_TO is set, so the mail server is needed:"
                " smtp://user:password@host:587."
            )
        if "SMTP_URL" in given and not receivers:
            problems.append(
                "ALERT_EMAIL_TO: SMTP_URL is set, so say who is to be told: one e-mail address, or several"
                " separated by commas."
            )
        if receivers and server and not sender:
            problems.append(
                "ALERT_EMAIL_FROM: The mail server's user is no e-mail address, so say which one alerts come"
                " from."
            )
        return cls(_webhook(given.get("ALERT_WEBHOOK_URL"), problems), receivers, sender, server)


def is_address(text: str) -> bool:
    """Whether this is one e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def _webhook(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    parts = split(text)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.fragment
        or re.search(r"\s", text)
    ):
        problems.append(
            "ALERT_WEBHOOK_URL: Give the address that alerts are posted to, as https://host/path."
        )
    elif parts.scheme == "http" and not is_loopback(parts.hostname):
        problems.append(
            "ALERT_WEBHOOK_URL: Plain http is allowed for this machine itself only. Give an address with"
            " https://."
        )
    return text


def _mail_server(text: str | None, problems: list[str]) -> MailServer | None:
    if text is None:
        return None
    parts = split(text)
    if (
        parts is None
        or parts.scheme not in _PORTS
        or not parts.hostname
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
    ):
        problems.append(
            "SMTP_URL: Give smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)."
            " Signs such as @ or / in the password are written as %40 or %2F."
        )
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        problems.append("SMTP_URL: Give both the user and the password, or neither.")
    return MailServer(
        parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password
    )


def host_of(url: str) -> str:
    """The host of an address: as much of a webhook as may be shown."""
    return urlsplit(url).hostname or ""
