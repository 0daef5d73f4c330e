"""Which addresses may be spoken to as Salesforce. What a user types, and what a token reply names, is
untrusted (contracts/salesforce.md A1.1)."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from syncer.connectors.errors import NotAllowed
from syncer.core.hosts import is_loopback_url
from syncer.core.records import System

_MY_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+my\.salesforce\.com")
_SIGN_IN = frozenset({"login.salesforce.com", "test.salesforce.com"})
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_EXAMPLE = "https://your-school.my.salesforce.com"
_MISTAKEN = (
    ".lightning.force.com",
    ".my.salesforce-setup.com",
    ".my.site.com",
    ".vf.force.com",
    ".visualforce.com",
)


def check_salesforce_url(url: str, extra_hosts: Collection[str] = ()) -> str:
    """The address as ``scheme://host[:port]``, if a sign-in or a token may be sent there; else raises
    `NotAllowed` with what to enter instead.

    ``extra_hosts`` are the hosts (``host`` or ``host:port``) of ALLOWED_SALESFORCE_HOSTS. Plain http only for
    loopback hosts among them.
    """
    text = url.strip()
    if not text:
        raise _refused(f"Enter your Salesforce address, like {_EXAMPLE}.")
    if not text.isascii() or re.search(r"[\s\\\x00-\x1f\x7f]", text):
        raise _refused(
            f"The address holds characters that a Salesforce address cannot have. Enter it like {_EXAMPLE}.",
            text,
        )
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused(
            f"This is not an address. Enter your Salesforce address like {_EXAMPLE}.", text
        ) from error
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(shown):
        raise _refused(f"This is not an address. Enter your Salesforce address like {_EXAMPLE}.", text)
    if "@" in parts.netloc:
        raise _refused(
            "Leave the user name and the password out of the address; Salesforce asks for them itself.", shown
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refused(f"Enter only the first part of the address: {parts.scheme}://{shown}", text)
    return _decide(parts.scheme, shown, port, extra_hosts)


def origin(url: str) -> tuple[str, str]:
    """(scheme, host:port) of a checked address."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _decide(scheme: str, host: str, port: int | None, extra_hosts: Collection[str]) -> str:
    usual = 443 if scheme == "https" else 80
    named = f"{host}:{port if port is not None else usual}"
    address = f"{scheme}://{host}" if port in (None, usual) else f"{scheme}://{named}"
    allowed = {_with_port(extra) for extra in extra_hosts if extra.strip()}
    if scheme == "http" and not is_loopback_url(address):
        raise _refused(f"The address must begin with https://. Enter https://{host}", address)
    if named in allowed:
        return address
    if scheme == "https" and (host in _SIGN_IN or _MY_DOMAIN.fullmatch(host)):
        if port not in (None, usual):
            raise _refused(f"A Salesforce address has no port number. Enter https://{host}", address)
        return address
    raise _refused(_own(named) if is_loopback_url(address) else _advice(host), address)


def _with_port(extra: str) -> str:
    text = extra.strip().lower()
    return text if re.search(r":\d+$", text) and not text.endswith("::1") else f"{text}:443"


def _own(named: str) -> str:
    return (
        f"{named} is not a Salesforce address. For a sandbox on this machine, whoever runs this installation"
        " names it in ALLOWED_SALESFORCE_HOSTS."
    )


def _advice(host: str) -> str:
    for ending in _MISTAKEN:
        if host.endswith(ending):
            name = (
                host.removesuffix(ending).split("--c")[0]
                if "force.com" in ending
                else host.removesuffix(ending)
            )
            return (
                "This is the address of Salesforce's pages, not of its sign-in. Enter"
                f" https://{name}.my.salesforce.com"
            )
    if host in ("salesforce.com", "www.salesforce.com", "my.salesforce.com"):
        return (
            "This is not your organization's address. Find yours in Salesforce under Setup, My Domain; it"
            f" looks like {_EXAMPLE}"
        )
    return (
        f"{host} is not a Salesforce address. Enter the My Domain address of your organization, like"
        f" {_EXAMPLE}, or https://login.salesforce.com, or https://test.salesforce.com for a Salesforce"
        " sandbox."
    )


def _refused(sentence: str, detail: str = "") -> NotAllowed:
    return NotAllowed(System.SALESFORCE, sentence, code="address", detail=detail)
