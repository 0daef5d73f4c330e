"""The API address that a person types, checked before a token is sent there."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from syncer.core.hosts import is_loopback

HOST_ENDING = ".451.io"  # https://{client}.api.451.io/v2 (contracts/element451.md F1)
VERSION = "/v2"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def check_own_machine(address: str, allowed: Collection[str]) -> None:
    """Refuse a checked ``address`` on this very machine that none of the ``allowed`` hosts (``host:port``, or
    ``host`` for the usual port) names: else whoever may connect could reach what listens here alone. Raises
    ValueError with a sentence."""
    parts = urlsplit(address)
    usual = 443 if parts.scheme == "https" else 80
    names = {parts.netloc, f"{parts.netloc}:{usual}"} | (
        {parts.netloc.removesuffix(f":{usual}")} if parts.port == usual else set()
    )
    if is_loopback(parts.hostname or "") and names.isdisjoint(allowed):
        raise ValueError(
            f"{parts.netloc} is not an address of Element451. For a sandbox on this machine, whoever runs"
            " this installation names it in ALLOWED_SALESFORCE_HOSTS."
        )


def check_element451_url(url: str) -> str:
    """The address without a trailing slash, ``/v2`` added where it is missing. Raises ValueError with a
    sentence that says what to enter.

    Only Element451's own hosts are allowed, over https; plain http only on this computer, for trying out.
    """
    text = url.strip()
    whole = (
        "Enter Element451's API address in full, such as"
        f" https://your-school.api{HOST_ENDING}{VERSION}{f'; “{text}” is not one' if text else ''}."
    )
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise ValueError(whole) from None
    # Only plain host names: what other readers of addresses could take for another host is no address.
    if parts.scheme not in {"http", "https"} or not (_HOST.fullmatch(host) or is_loopback(host)):
        raise ValueError(whole)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "Enter Element451's API address without a user name, a question mark or a hash sign."
        )
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ValueError(f"The port in {text!r} is not a number up to 65535.") from None
    if not is_loopback(host):
        if not host.endswith(HOST_ENDING):
            raise ValueError(
                f"{host} is not an address of Element451: its API addresses end in {HOST_ENDING}."
            )
        if parts.scheme != "https":
            raise ValueError(
                "Element451's API address begins with https://, so that nobody can read what is sent."
            )
    path = parts.path.rstrip("/")
    if path not in {"", VERSION}:
        raise ValueError(f"Element451's API address ends in {VERSION}, not in {path}.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{port}{VERSION}"
