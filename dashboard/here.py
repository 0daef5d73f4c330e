"""Who looks at this page, and the product in their hands: every call that a page makes goes through `application` or `desk`."""

import streamlit as st

from syncer.bootstrap import Application
from syncer.people import MACHINE, Person, Role
from worker.enqueue import Desk

THIS_MACHINE = Person("this machine", Role.ADMIN)
"""Whoever opens a dashboard that serves this machine alone, or that something in front of it guards."""


def person() -> Person | None:
    """Who looks: by the sign-in where one is configured; None for somebody who has not signed in, or may not come in."""
    login = _whole().settings.dashboard.login
    if login is None:
        return THIS_MACHINE
    email = str(st.user.get("email") or "") if st.user.is_logged_in and st.user.get("email_verified", True) is True else ""
    role = login.role_of(email)
    return Person(email.lower(), role) if role else None


def application() -> Application:
    """The product in the hands of whoever looks; for nobody, in those of a viewer without a name."""
    return _whole().acting_as(person() or Person("nobody", Role.VIEWER))


def desk() -> Desk:
    """What may be asked of the worker, by whoever looks."""
    return Desk(application())


@st.cache_resource(show_spinner=False)
def _whole() -> Application:
    return Application.from_environment(person=MACHINE)
