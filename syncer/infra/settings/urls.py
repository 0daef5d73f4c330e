"""What the settings need to know of addresses. No look-up, no server asked."""

from urllib.parse import SplitResult, urlsplit


def split(text: str) -> SplitResult | None:
    """The parts of an address; None where it has none that make sense."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts
