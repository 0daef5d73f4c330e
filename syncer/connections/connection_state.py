"""What state a connection to a system is in."""

from enum import StrEnum


class ConnectionState(StrEnum):
    """The values are kept in the database and shown by the command line."""

    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect needed"
    DISCONNECTED = "disconnected"
