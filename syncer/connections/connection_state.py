"""What state a connection to a system is in."""

from enum import StrEnum


class ConnectionState(StrEnum):
    """The values are shown by the command line. All but `KEY_MISSING` are kept in the database."""

    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect needed"
    DISCONNECTED = "disconnected"
    KEY_MISSING = "key missing"
    """It was connected, but its secrets cannot be opened."""
