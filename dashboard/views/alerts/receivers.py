"""By which ways people are told, who is told by e-mail, and a test of all ways."""

import streamlit as st

from dashboard.shared import notices, session
from dashboard.shared.markdown import plain
from syncer.application.decisions import alerts
from syncer.core.permissions import Action

_PLACE, _FAILED = "alerts", "alerts failed"
_KEY = "alert receivers"


def draw() -> None:
    """Draw the ways, the receivers as a field to be edited, and the test."""
    application = session.application()
    found, allowed = alerts.ways(application), application.person.may(Action.ALERTS)
    with st.container(border=True):
        st.subheader("Who is told, and how", anchor=False)
        notices.show(_PLACE)
        notices.show(_FAILED)
        if not found["ways"]:
            st.warning("Alerts go nowhere: nobody is told when the sync fails or waits.")
        _draw_mail(found["mail_server"], found["receivers"], allowed=allowed)
        _draw_webhook(found["webhook"])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Send a test",
                icon=":material/send:",
                key="send a test",
                on_click=_test,
                disabled=not (allowed and found["ways"]),
            )
            if not allowed:
                st.caption("Only an administrator can change or try this.")


def _draw_mail(server: str | None, receivers: list[str], *, allowed: bool) -> None:
    if server is None:
        st.markdown(
            ":material/mail_off: **E-mail**: no mail server is set up. Whoever runs this installation sets it"
            " with SMTP_URL and ALERT_EMAIL_TO."
        )
        return
    with st.form("receivers", border=False):
        st.text_area(
            f"E-mail addresses, one a line (sent by {server})",
            "\n".join(receivers),
            key=_KEY,
            disabled=not allowed,
            height=100,
        )
        st.form_submit_button("Save", on_click=_save, disabled=not allowed, key="save receivers")


def _draw_webhook(host: str | None) -> None:
    if host:
        st.markdown(f":material/webhook: **Webhook**: each alert is posted to {plain(host)}.")
    else:
        st.markdown(
            ":material/webhook: **Webhook**: none. ALERT_WEBHOOK_URL sets one, say of a chat program."
        )


def _save() -> None:
    def save() -> str:
        lines = str(st.session_state.get(_KEY) or "").replace(",", "\n").splitlines()
        chosen = alerts.choose_receivers(session.application(), lines)
        return f"Saved: {', '.join(chosen)} will be told." if chosen else "Saved: nobody is told by e-mail."

    notices.attempt(_PLACE, save)


def _test() -> None:
    wrong: list[str] = []

    def send() -> str:
        tried = alerts.send_test(session.application())
        wrong.extend(f"By {one.channel}: {one.problem}" for one in tried if one.problem)
        went = " and ".join(one.channel for one in tried if not one.problem)
        return f"Sent by {went}." if went else ""

    notices.attempt(_PLACE, send)
    if wrong:
        notices.put_error(_FAILED, " ".join(wrong))
