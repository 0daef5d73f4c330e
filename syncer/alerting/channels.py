"""The channels by which an alert reaches people: a webhook and e-mail. An alert holds no secret and no
student's value.

Either a message is delivered, or `Undelivered` is raised, whose sentence may be logged: of the address, it
names the host alone.
"""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

import orjson
import requests

from syncer.connectors import network
from syncer.connectors.bounded_calls import BoundedAdapter, CallLimits
from syncer.core.hosts import is_loopback
from syncer.infra.settings.alerts import AlertOptions, MailServer, host_of

_TIMEOUT_SECONDS = 5
"""Short, as an alert must not hold up a run that is to stop."""
_LIMITS = CallLimits(seconds=2.0 * _TIMEOUT_SECONDS)


class Undelivered(Exception):
    """A message did not reach its server; ``str()`` says why, without the address."""


@dataclass(frozen=True, slots=True)
class Message:
    """One alert. ``state`` is ``good`` when it is over; ``since`` (ISO 8601, UTC) when the state began;
    ``link`` the dashboard's address."""

    alert: str
    state: str
    since: str
    sentence: str
    link: str

    @property
    def title(self) -> str:
        """What a person reads first."""
        return f"Element451–Salesforce sync: {self.alert.replace('_', ' ')}, {self.state}"


class Channel(Protocol):
    """A way to send messages to people."""

    @property
    def name(self) -> str:
        """Short and unique."""

    @property
    def address(self) -> str:
        """Where it leads to, in words for a person; without a secret."""

    def send(self, message: Message) -> None:
        """Deliver the message. Raises `Undelivered`."""


def configured_channels(options: AlertOptions) -> list[Channel]:
    """The channels that the settings ask for."""
    found: list[Channel] = [Webhook(options.webhook_url)] if options.webhook_url else []
    if options.mail_server and options.email_to:
        found.append(Mail(options.mail_server, options.email_from, options.email_to))
    return found


class Webhook:
    """Posts each message as JSON: ``type``, ``alert``, ``state``, ``since``, ``sentence``, ``link``, and
    ``text``, which chat programs show."""

    name = "webhook"

    def __init__(self, url: str) -> None:
        self._url = url
        self.address = host_of(url)

    def send(self, message: Message) -> None:
        """Any 2xx counts as delivered; a redirection is not followed. Raises `Undelivered`."""
        body = {
            "type": "alert",
            **asdict(message),
            "text": f"{message.title}\n{message.sentence}\n{message.link}",
        }
        headers = {"Content-Type": "application/json"}
        try:
            with requests.Session() as session:
                network.prepare(session, self._url)
                session.mount(self._url, BoundedAdapter(_LIMITS))
                response = session.post(
                    self._url,
                    data=orjson.dumps(body),
                    headers=headers,
                    timeout=_TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                )
                response.close()
        except requests.RequestException as error:
            raise Undelivered(network.sentence(network.cause_of(error), self.address)) from None
        if not 200 <= response.status_code < 300:
            raise Undelivered(f"{self.address} answered HTTP {response.status_code}.")


class Mail:
    """Sends each message to all receivers, over TLS; only a mail server on this machine may do without."""

    name = "e-mail"

    def __init__(self, server: MailServer, sender: str, receivers: Sequence[str]) -> None:
        self._server = server
        self._sender = sender
        self._receivers = tuple(receivers)
        self.address = f"{', '.join(receivers)} by {server.host}"

    def send(self, message: Message) -> None:
        """Delivered once the server has accepted it for every receiver. Raises `Undelivered`."""
        host = self._server.host
        try:
            with self._connection() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._server.password)
                refused = connection.send_message(self._mail(message), self._sender, self._receivers)
        except smtplib.SMTPResponseException as error:
            raise Undelivered(f"{host} refused the mail or the sign-in (SMTP {error.smtp_code}).") from None
        except smtplib.SMTPRecipientsRefused as error:
            raise Undelivered(f"{host} refused {', '.join(error.recipients)}.") from None
        except ssl.SSLError as error:
            raise Undelivered(network.sentence(network.cause_of(error), host)) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Undelivered(f"{host} is not fit for this: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"{host} could not be reached ({type(error).__name__}).") from None
        if refused:
            raise Undelivered(f"{host} refused {', '.join(refused)}.")

    def _connection(self) -> smtplib.SMTP:
        server = self._server
        context = network.tls_context()
        if server.tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context)
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("starttls") or not is_loopback(server.host):
                connection.starttls(context=context)
        except BaseException:  # nobody else could close it
            connection.close()
            raise
        return connection

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.title
        mail["From"] = self._sender
        mail["To"] = ", ".join(self._receivers)
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(
            f"{message.sentence}\n\nSince {message.since}.\n{message.link}\n", cte="quoted-printable"
        )
        return mail
