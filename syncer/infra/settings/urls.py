"""What the settings need to know of addresses. No look-up, no server asked."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, without port) is this machine itself. Names other than
    ``localhost`` are not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def split(text: str) -> SplitResult | None:
    """The parts of an address; None where it has none that make sense."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts
