"""What the person has asked of the worker: kept by the id of the request in the browser's session, polled
until it is answered.

A reload forgets it. The worker does what was asked all the same, and the Overview shows everybody the run
that is going on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import redis
import streamlit as st
import structlog
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session
from dashboard.shared.markdown import plain
from syncer.application.decisions.problems import NoSuchProblem
from syncer.application.engine_factory import NotReady
from syncer.application.work_requests import Answer
from syncer.configuration.config_file import BadConfiguration
from syncer.configuration.versions import VersionConflict
from syncer.connectors.errors import Fault
from syncer.core.permissions import NotPermitted
from syncer.core.trust.standstill import BadPause
from syncer.infra.settings.environment import BadSettings
from syncer.journal import runs
from syncer.journal.approvals import NotWaiting
from syncer.sync.on_demand import NoSuchRecord

POLL_EVERY = 2.0
"""Seconds between two looks for an answer."""
SLOW_AFTER = 12.0
"""Seconds without an answer after which the page says why."""
MOST_OUTCOMES = 500
"""Outcomes of an answer that a session keeps. A retry may have thousands, and the logs have them all."""
WORKER_OFFLINE = (
    "Nobody is at work on this: the worker is not running. Whoever runs this installation has to start it:"
    " python -m worker all. What you asked for is kept, and done as soon as it runs."
)
_REFUSED = (
    NotPermitted,
    NotReady,
    NotWaiting,
    NoSuchProblem,
    NoSuchRecord,
    BadConfiguration,
    BadPause,
    VersionConflict,
)
"""Why something is not even asked for; each has a sentence for the person."""
_UNREACHABLE = (BadSettings, redis.RedisError, SQLAlchemyError)
_log = structlog.get_logger(__name__)


def submit(name: str, verb: Callable[[], str]) -> None:
    """Ask the worker for something, in a callback, and remember the request under ``name``. ``verb`` is a
    call of `worker_client` that returns the request's id. If it cannot be asked, that is the answer."""
    attempt(name, lambda: remember(name, verb()))


def attempt(name: str, act: Callable[[], object]) -> None:
    """Do something that needs no waiting, in a callback. If it is not permitted, or a server is unreachable,
    that is the answer under ``name``, for `draw_failure`."""
    try:
        act()
    except _REFUSED as reason:
        _fail(name, str(reason))
    except Fault as fault:
        _fail(name, fault.sentence)
    except _UNREACHABLE as error:
        _fail(name, _message(error))


def remember(name: str, request_id: str) -> None:
    """Keep a request under ``name``, in place of an earlier one."""
    st.session_state[f"request {name}"] = request_id
    st.session_state[f"answer {name}"] = None
    st.session_state[f"asked {name}"] = time.monotonic()


def joined(requests: Sequence[str]) -> str:
    """Several requests of single records as one, which has one answer."""
    return f"request:{','.join(request.partition(':')[2] for request in requests)}"


def forget(name: str) -> None:
    """Forget the request under ``name``, and its answer."""
    for part in ("request", "answer", "asked"):
        st.session_state.pop(f"{part} {name}", None)


def answer(name: str) -> Answer | None:
    """The answer to the request under ``name``; None while it is pending, or where there is no request."""
    found: Answer | None = st.session_state.get(f"answer {name}")
    return found


def pending(name: str) -> bool:
    """Whether there is a request under ``name`` without an answer."""
    return bool(st.session_state.get(f"request {name}")) and answer(name) is None


def poll(name: str) -> bool:
    """Look for the answer to the request under ``name`` and keep it. Returns whether there is one. A failed
    look is repeated by the next one."""
    if not pending(name):
        return answer(name) is not None
    try:
        found = session.worker_client().answer(st.session_state[f"request {name}"])
    except _UNREACHABLE as error:
        _log.warning("no look for an answer", error=type(error).__name__)
        return False
    if found is not None:
        st.session_state[f"answer {name}"] = replace(found, outcomes=found.outcomes[:MOST_OUTCOMES])
    return found is not None


def delay_reason(name: str) -> str:
    """Why there is no answer yet, as a sentence; empty if it has not been long, or nothing is wrong."""
    if time.monotonic() - st.session_state.get(f"asked {name}", 0.0) < SLOW_AFTER:
        return ""
    try:
        if not session.worker_client().has_worker():
            return WORKER_OFFLINE
        running = runs.in_progress(session.application().database)
    except _UNREACHABLE as error:
        return _message(error)
    if running is None:
        return ""
    return f"Run {running.id} is going on; yours comes between two of its steps, or after it."


@st.fragment(run_every=POLL_EVERY)
def draw_until_answered(name: str, sentence: str) -> None:
    """Draw `draw_pending` again and again, and the whole page once there is an answer."""
    if poll(name):
        st.rerun()
    draw_pending(name, sentence)


def draw_pending(name: str, sentence: str) -> None:
    """Draw ``sentence``, which says what is being done, and why it takes long if it does."""
    reason = delay_reason(name)
    if reason == WORKER_OFFLINE:
        st.warning(plain(reason, longest=500), icon=":material/person_off:")
    else:
        st.info(f"{plain(sentence)} {plain(reason)}".strip(), icon="spinner")


def draw_failure(name: str) -> None:
    """Draw why the request under ``name`` could not be carried out, once."""
    found = answer(name)
    if found and found.failed:
        st.error(plain(found.sentence, longest=1000))
        forget(name)


def _fail(name: str, sentence: str) -> None:
    forget(name)
    st.session_state[f"answer {name}"] = Answer(None, [], sentence, True)


def _message(error: Exception) -> str:
    return errors.WORKER_UNREACHABLE if isinstance(error, BadSettings) else errors.message(error)
