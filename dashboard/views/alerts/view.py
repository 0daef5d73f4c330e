"""Alerts and people: what is wrong now and who was told, who is told and how, and who may do what."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors
from dashboard.views.alerts import people, receivers, standing


def view() -> None:
    """Draw the page."""
    st.title("Alerts and people")
    st.caption(
        "Alerts go out when something goes wrong or waits for somebody, once, and when it is good again. They"
        " hold no values of students."
    )
    try:
        receivers.draw()
        standing.draw()
        people.draw()
    except SQLAlchemyError as error:
        errors.draw(error)


view()
