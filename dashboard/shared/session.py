"""Who looks at this page, and the product in their hands: every call that a page makes goes through
`application` or `desk`."""

import threading
import time

import streamlit as st

from syncer.application.container import Application
from syncer.core.permissions import MACHINE, Person, Role
from worker.client import Desk

THIS_MACHINE = Person("this machine", Role.ADMIN)
"""Whoever opens a dashboard that serves this machine alone, or that something in front of it guards."""
SIGNED_IN_FOR = 12 * 3600
"""Seconds that a sign-in is good for: a working day. Streamlit's cookie lives for a month, and nobody would
ask the issuer meanwhile."""


def person() -> Person | None:
    """Who looks: by the sign-in where one is configured; None for somebody who has not signed in, or may not
    come in. Asked at every run of a page, so that a role that was taken away, or a sign-in that ended, ends
    what an open page may do."""
    login = _whole().settings.dashboard.login
    if login is None:
        return THIS_MACHINE
    email = address()
    role = login.role_of(email) if email and _vouched_for() else None
    return Person(email.lower(), role) if email and role else None


def address() -> str | None:
    """The e-mail address that somebody signed in under, whether or not they may come in; None where nobody is
    signed in (any more)."""
    if not st.user.is_logged_in or _signature() in _ended() or time.time() > _since() + SIGNED_IN_FOR:
        return None
    return str(st.user.get("email") or "without an e-mail address")


def asks_who_you_are() -> bool:
    """Whether people have to sign in."""
    return _whole().settings.dashboard.login is not None


def guarded_elsewhere() -> bool:
    """Whether something in front of the dashboard is said to ask people who they are (`DASHBOARD_OPEN`)."""
    return _whole().settings.dashboard.open_to_all


def sign_out() -> None:
    """End this sign-in, in the browser's other pages too: their connections are open and were let in by the
    same sign-in."""
    _ended().add(_signature())
    st.logout()


def application() -> Application:
    """The product in the hands of whoever looks; for nobody, in those of a viewer without a name."""
    return _whole().acting_as(person() or Person("nobody", Role.VIEWER))


def desk() -> Desk:
    """What may be asked of the worker, by whoever looks."""
    return Desk(application())


class _Ended:
    """The sign-ins that people ended, for as long as they would have been good."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, float], float] = {}
        self._lock = threading.Lock()

    def add(self, signature: tuple[str, float]) -> None:
        now = time.time()
        with self._lock:
            self._until = {one: until for one, until in self._until.items() if until > now} | {
                signature: now + SIGNED_IN_FOR
            }

    def __contains__(self, signature: object) -> bool:
        return signature in self._until


@st.cache_resource(show_spinner=False)
def _ended() -> _Ended:
    return _Ended()


def _vouched_for() -> bool:
    """Whether the issuer does not say that the address is anybody's claim. Some issuers send the word as
    text, some send none."""
    return str(st.user.get("email_verified", True)).lower() != "false"


def _signature() -> tuple[str, float]:
    return str(st.user.get("sub") or st.user.get("email")), _since()


def _since() -> float:
    """When the issuer said who they are (`iat`, which every ID token has)."""
    said = st.user.get("iat")
    return float(said) if isinstance(said, int | float) else 0.0


@st.cache_resource(show_spinner=False)
def _whole() -> Application:
    return Application.from_environment(person=MACHINE)
