"""The step in which a new school reads what the doctor found out about both systems: it takes no decision, so
that nothing waits for it."""

import streamlit as st

from dashboard import navigation
from dashboard.shared import session
from syncer.application import doctor
from syncer.application.decisions import set_up
from syncer.core.text import counted

_POLL_EVERY = 3.0


def draw(number: int, title: str, *, done: bool) -> None:
    """Draw how far the examination is, and the way to what it disproved. ``done``: there are verdicts about
    both systems."""
    if not done:
        _draw_until_examined(number, title)
        return
    found = doctor.last(session.application().database)
    disproved = sum(len(one.disproved) for one in found.values())
    if not disproved:
        st.markdown(f":green[:material/check_circle:] {number}. {title}")
        return
    many = counted(disproved, "assumption was", "assumptions were", one="One assumption was")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":orange[:material/warning:] {number}. {title}  \n:small[{many} disproved: read what to do.]",
            width="stretch",
        )
        st.page_link(navigation.CONNECTION, label="Read", icon=":material/arrow_forward:")


@st.fragment(run_every=_POLL_EVERY)
def _draw_until_examined(number: int, title: str) -> None:
    if set_up.has_verdicts(session.application().database):
        st.rerun()
    st.markdown(
        f":gray[:material/hourglass_empty:] {number}. {title}"
        "  \n:small[:gray[The systems are being examined, by reading only. You can go on meanwhile.]]"
    )
