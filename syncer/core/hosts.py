"""Which hosts are this machine itself. Pure: no name is looked up."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, without port) is this machine itself. Names other than
    ``localhost`` are not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Whether the host of ``url`` is this machine itself."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
