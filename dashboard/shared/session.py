"""Who is looking at the page, and the application acting for them. Every call that a page makes goes through
`application` or `worker_client`."""

import time

import streamlit as st

from dashboard import ended_sign_ins
from syncer.application.container import Application
from syncer.core.permissions import MACHINE, Actor, Role
from syncer.core.trust.clocks import TRUSTED
from worker.client import WorkerClient

THIS_MACHINE = Actor("this machine", Role.ADMIN)
"""The person where nobody signs in: the dashboard serves this machine alone, or a proxy guards it."""
SIGN_IN_LASTS = 12 * 3600
"""Seconds that a sign-in is valid: a working day. Streamlit's cookie lives for a month, and the issuer is not
asked again meanwhile."""


def person() -> Actor | None:
    """Who is looking; None for somebody who has not signed in or has no role. Where no sign-in is configured,
    `THIS_MACHINE`.

    It is evaluated on every run of a page, so that a role that was withdrawn, or a sign-in that ended, takes
    effect on open pages.
    """
    login = shared_application().settings.dashboard.login
    if login is None:
        return THIS_MACHINE
    email = signed_in_email()
    if email is None or not email_is_verified():
        return None
    role = login.role_of(email)
    return Actor(email.lower(), role) if role else None


def signed_in_email() -> str | None:
    """The e-mail address of whoever is signed in, with a role or without; None where nobody is, or the
    sign-in has expired."""
    if not st.user.is_logged_in:
        return None
    if not _is_valid(_signed_in_at()) or ended_sign_ins.has_ended(shared_application().database, _sign_in()):
        return None
    return str(st.user.get("email") or "without an e-mail address")


def _is_valid(signed_in_at: float) -> bool:
    """Whether a sign-in of this second still holds; a wrong clock may have dated it ahead (rule 23)."""
    now = time.time()
    return now - SIGN_IN_LASTS <= signed_in_at <= now + TRUSTED.total_seconds()


def requires_sign_in() -> bool:
    """Whether people have to sign in."""
    return shared_application().settings.dashboard.login is not None


def is_behind_proxy() -> bool:
    """Whether the settings say that a proxy in front asks people who they are (`DASHBOARD_OPEN`)."""
    return shared_application().settings.dashboard.open_to_all


def sign_out() -> None:
    """End this sign-in, in the browser's other tabs too: their connections were opened with the same one."""
    ended_sign_ins.end(shared_application().database, _sign_in(), time.time(), SIGN_IN_LASTS)
    st.logout()


def application() -> Application:
    """The application acting for whoever is looking; for nobody, as a viewer without a name."""
    return shared_application().acting_as(person() or Actor("nobody", Role.VIEWER))


def worker_client() -> WorkerClient:
    """What the worker can be asked for, acting for whoever is looking."""
    return WorkerClient(application())


@st.cache_resource(show_spinner=False)
def shared_application() -> Application:
    """The application of this process, acting for nobody in particular. Pages use `application`."""
    return Application.from_environment(person=MACHINE)


def email_is_verified() -> bool:
    """Whether the issuer says that the address was verified; some say it as text. If it says nothing,
    LOGIN_EMAILS_VERIFIED decides."""
    login = shared_application().settings.dashboard.login
    claim = st.user.get("email_verified")
    if claim is None:
        return login is not None and login.emails_verified
    return str(claim).lower() == "true"


def _sign_in() -> ended_sign_ins.SignIn:
    return str(st.user.get("sub") or st.user.get("email")), _signed_in_at()


def _signed_in_at() -> float:
    """The time of the sign-in: the claim `iat`, which every ID token has."""
    issued_at = st.user.get("iat")
    return float(issued_at) if isinstance(issued_at, int | float) else 0.0
