"""Connection: whether both systems are connected and to what, and how to connect them."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import navigation
from dashboard.shared import errors, session
from dashboard.shared.markdown import plain
from dashboard.shared.query_params import SIGN_IN
from dashboard.views.connection import element451, proofs, salesforce
from syncer.core.records import System


def view() -> None:
    """Draw both connections, side by side where there is room."""
    st.title("Connection")
    st.caption("One Element451 account is kept in step with one Salesforce organization.")
    try:
        _draw_finished_sign_in()
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
    proofs.draw()


def _draw_finished_sign_in() -> None:
    """Draw the outcome of a sign-in at Salesforce, to which the address has a reference once a person comes
    back from there."""
    reference = st.query_params.get(SIGN_IN)
    if not reference:
        return
    connections = session.application().connections
    failure = connections.sign_in_outcome_by_reference(reference)
    if failure is None:
        return
    if not failure:
        st.success(
            "**Salesforce is connected.** Next, choose the objects in Salesforce: the first steps on the"
            " Overview lead on."
        )
        st.page_link(navigation.OVERVIEW, label="Next step", icon=":material/arrow_forward:")
        return
    salesforce_view = connections.view(System.SALESFORCE)
    state = "Salesforce was not connected."
    if salesforce_view and salesforce_view.usable:
        state = "Salesforce stays connected as it was."
    st.error(f"**{state}** {plain(failure, longest=1000)}")


view()
