"""The alerts that are open, and what was told of them."""

import streamlit as st

from dashboard.shared import session, times
from dashboard.shared.markdown import plain
from syncer.alerting import alert_store
from syncer.alerting.conditions import GOOD


def draw() -> None:
    """Draw each alert that is open; whatever is good again is no longer listed."""
    st.subheader("What is wrong now", anchor=False)
    found = [alert for alert in alert_store.read(session.application().database) if alert.state != GOOD]
    if not found:
        st.markdown(":green[:material/check_circle:] Nothing that people are alerted to.")
        return
    for alert in found:
        told = f"told {times.ago(alert.sent_at)}" if alert.sent_at else "nobody was told yet"
        if alert.pending:
            told += f", still to be told by {' and '.join(alert.pending)}"
        with st.container(border=True, gap="xxsmall"):
            st.markdown(f":red[:material/error:] {plain(alert.sentence, longest=900)}")
            st.caption(f"since {times.when(alert.since)} · {plain(told)}")
