"""Which pages may send a file: those that were drawn with a place for one, for somebody who may use it.
Streamlit itself takes files from every open connection, before anybody has signed in."""

import threading
import time

from streamlit.runtime.scriptrunner import get_script_run_ctx

VALID_FOR = 3600.0
"""Seconds after the page was drawn for the last time."""
_until: dict[str, float] = {}
_lock = threading.Lock()


def allow_this_page() -> None:
    """The page that is being drawn may send a file."""
    if context := get_script_run_ctx():
        now = time.monotonic()
        with _lock:
            for session in [session for session, until in _until.items() if until < now]:
                del _until[session]
            _until[context.session_id] = now + VALID_FOR


def is_allowed(session: str) -> bool:
    """Whether Streamlit's session of this id may send a file."""
    return _until.get(session, 0.0) > time.monotonic()
