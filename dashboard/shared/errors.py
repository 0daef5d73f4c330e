"""What a person is told when a page breaks, and what the log keeps of it: never what somebody typed, never a
secret."""

import traceback
from pathlib import Path

import redis
import streamlit as st
import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dashboard.shared.markdown import plain
from syncer.configuration.config_file import BadConfiguration
from syncer.configuration.versions import Outdated
from syncer.connectors.errors import Fault
from syncer.core.permissions import NotPermitted
from syncer.infra.settings.environment import BadSettings

DATABASE_AWAY = (
    "The database does not answer at the moment. Nothing is lost. Try again in a minute; if it stays so, tell"
    " whoever runs this installation."
)
WORKER_AWAY = (
    "What does the work in the background cannot be reached. Nothing is lost. Try again in a minute; if it"
    " stays so, tell whoever runs it."
)
UNEXPECTED = (
    "Something went wrong that should not. Load the page again; if it comes back, tell whoever runs this"
    " installation what you did."
)
SPEAKING = (NotPermitted, BadSettings, BadConfiguration, Outdated)
"""What is itself a sentence for the person."""
_OURS = Path(__file__).resolve().parents[2]
_log = structlog.get_logger(__name__)


def sentence(error: Exception) -> str:
    """What to tell a person about it, and what they can do."""
    if isinstance(error, Fault):
        return error.sentence
    if isinstance(error, SPEAKING):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return DATABASE_AWAY
    if isinstance(error, redis.RedisError):
        return WORKER_AWAY
    return UNEXPECTED


def noted(error: Exception) -> str:
    """Keep in the log what kind of error it was and where, and give the sentence for the person. Its text
    is left out, for it may hold what somebody typed; only a database says its first line, which names no
    value."""
    if not isinstance(error, (Fault, *SPEAKING)):
        where = [
            f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        said = (
            {"said": str(error.orig).splitlines()[0]}
            if isinstance(error, DBAPIError) and str(error.orig)
            else {}
        )
        _log.error("a page broke", error=type(error).__name__, where=where[-8:], **said)
    return sentence(error)


def told(error: Exception) -> bool:
    """Streamlit's handler for what a page's script raises: one sentence stands where the rest of the page
    would."""
    st.error(plain(noted(error), longest=1000))
    return True


def _short(path: str) -> str:
    file = Path(path)
    return str(file.relative_to(_OURS)) if file.is_relative_to(_OURS) else file.name
