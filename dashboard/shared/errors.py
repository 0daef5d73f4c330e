"""What people read when something fails, and what the log keeps of it: never what somebody typed, never a
secret."""

import redis
import streamlit as st
import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dashboard.shared.markdown import plain
from syncer.alerting.receivers import BadReceivers
from syncer.configuration.config_file import BadConfiguration
from syncer.configuration.versions import VersionConflict
from syncer.connectors.errors import Fault
from syncer.core.permissions import NotPermitted
from syncer.infra.logs import frames_of
from syncer.infra.settings.environment import BadSettings

DATABASE_UNREACHABLE = (
    "The database does not answer at the moment. Nothing is lost. Try again in a minute; if it stays so, tell"
    " whoever runs this installation."
)
WORKER_UNREACHABLE = (
    "What does the work in the background cannot be reached. Nothing is lost. Try again in a minute; if it"
    " stays so, tell whoever runs it."
)
UNEXPECTED = (
    "Something went wrong that should not. Load the page again; if it comes back, tell whoever runs this"
    " installation what you did."
)
READABLE = (NotPermitted, BadSettings, BadConfiguration, BadReceivers, VersionConflict)
"""Exceptions whose own text is a sentence for the person."""
_log = structlog.get_logger(__name__)


def message(error: Exception) -> str:
    """The sentence that tells a person what failed and what they can do."""
    if isinstance(error, Fault):
        return error.sentence
    if isinstance(error, READABLE):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return DATABASE_UNREACHABLE
    if isinstance(error, redis.RedisError):
        return WORKER_UNREACHABLE
    return UNEXPECTED


def report(error: Exception) -> str:
    """Log the error's type and place, and return the sentence for the person.

    Its text is left out, because it may hold what somebody typed. Only of a database error the first line is
    kept, which names no value. Errors that are part of ordinary use are not logged.
    """
    if not isinstance(error, (Fault, *READABLE)):
        details: dict[str, object] = {"error": type(error).__name__, "where": frames_of(error)}
        if isinstance(error, DBAPIError) and str(error.orig):
            details["said"] = str(error.orig).splitlines()[0]
        _log.error("a page broke", **details)
    return message(error)


def draw(error: Exception) -> None:
    """Report the error, and show its sentence on the page."""
    st.error(plain(report(error), longest=1000))


def on_script_error(error: Exception) -> bool:
    """Streamlit's handler for an exception of a page's script: one sentence takes the place of the rest of
    the page. Returns True: the error is handled."""
    draw(error)
    return True
