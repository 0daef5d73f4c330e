"""Who may come in, and what each role may do."""

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from syncer.core.permissions import REQUIRED_ROLE, Role
from syncer.infra.settings.login import Login

_MAY = {
    Role.VIEWER: "look at everything and preview",
    Role.ANALYST: "map, try, sync, retry, hold, put back, go live and pause",
    Role.ADMIN: "connect, approve and reject, set the guard, read the audit trail, say who is alerted",
}
"""What each role may do besides what the ones before it may; in full `REQUIRED_ROLE`."""


def draw() -> None:
    """Draw everybody who was given a role, in the order of the roles."""
    st.subheader("Who may do what", anchor=False)
    login = session.shared_application().settings.dashboard.login
    if login is None:
        st.markdown(
            "No sign-in is set up: whoever reaches this dashboard may do everything. People get roles once"
            " whoever runs this installation sets up the school's sign-in (LOGIN_ISSUER)."
        )
        return
    st.table([_row(login, role) for role in reversed(Role)], border="horizontal", hide_index=True)
    st.caption(
        f"Each role may do what the ones below it may ({len(REQUIRED_ROLE)} sorts of acts in all, each in the"
        " audit trail). Roles are set by whoever runs this installation: LOGIN_ADMINS, LOGIN_ANALYSTS,"
        " LOGIN_VIEWERS. A name that begins with @ stands for everybody of that domain."
    )


def _row(login: Login, role: Role) -> dict[str, str]:
    who = sorted(address for address, given in login.roles.items() if given is role)
    return {
        "Role": f"**{role.label}**",
        "May": _MAY[role],
        "Who": "  \n".join(plain(address) for address in who) or ":gray[nobody]",
    }
