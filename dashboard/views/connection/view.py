"""Connection: both systems, whether they are connected and to what, and how to connect them."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session
from dashboard.shared.markdown import plain
from dashboard.shared.query_params import SIGN_IN
from dashboard.views.connection import element451, salesforce
from syncer.core.records import System


def came_back() -> None:
    """How a sign-in at Salesforce ended, for whoever was sent back here by it; the address holds no more than
    what it is called."""
    called = st.query_params.get(SIGN_IN)
    ended = session.application().connections.sign_in_ended(called) if called else None
    if ended is None:
        return
    if ended:
        view = session.application().connections.view(System.SALESFORCE)
        before = (
            "Salesforce stays connected as it was."
            if view and view.usable
            else "Salesforce was not connected."
        )
        st.error(f"**{before}** {plain(ended, longest=1000)}")
    else:
        st.success(
            "**Salesforce is connected.** Next, choose what to sync under Sync Preferences and Mappings."
        )


def view() -> None:
    """Both connections, side by side where there is room."""
    st.title("Connection")
    st.caption("One Element451 account is kept in step with one Salesforce organization.")
    try:
        came_back()
        connections = session.application().connections
        views = {system: connections.view(system) for system in System}
    except SQLAlchemyError as error:
        errors.draw(error)
        return
    left, right = st.columns(2, gap="medium")
    with left.container(border=True):
        element451.draw(views[System.ELEMENT451])
    with right.container(border=True):
        salesforce.draw(views[System.SALESFORCE])


view()
