"""The script that Streamlit runs on every visit and click: it finds out who is looking, and runs their
page."""

from pathlib import Path

import streamlit as st

from dashboard.navigation import MENU, OVERVIEW, REQUIRES, url_path
from dashboard.shared import session, unsaved
from dashboard.shared.markdown import plain
from dashboard.shared.students import page_switch, student_search
from syncer.core.permissions import Actor

FOLDER = Path(__file__).parent


def main() -> None:
    """Draw the requested page, or the sign-in."""
    st.set_page_config(
        page_title="Element451 ⇄ Salesforce", page_icon=str(FOLDER / "icon.svg"), layout="wide"
    )
    person = session.person()
    if person is None:
        # The sign-in is served at every page's address: for an unknown address, Streamlit opens a box that
        # hides the button.
        sign_ins = [_sign_in_page(page) for pages in MENU.values() for page, _ in pages]
        st.navigation(sign_ins, position="hidden").run()
        return
    menu = {section: [_page(person, page, title) for page, title in pages] for section, pages in MENU.items()}
    page = st.navigation(menu)
    page_switch.go()
    with st.sidebar:
        _draw_person(person)
    student_search.draw()
    page.run()
    unsaved.draw()


def _page(person: Actor, page: str, title: str) -> st.Page:
    hidden = page in REQUIRES and not person.may(REQUIRES[page])
    return st.Page(
        FOLDER / page,
        title=title,
        url_path=url_path(page),
        default=page == OVERVIEW,
        visibility="hidden" if hidden else "visible",
    )


def _sign_in_page(page: str) -> st.Page:
    return st.Page(_sign_in, title="Sign in", url_path=url_path(page), default=page == OVERVIEW)


def _draw_person(person: Actor) -> None:
    if session.requires_sign_in():
        st.caption(f"{plain(person.name)} · {person.role.label}")
        st.button("Sign out", on_click=session.sign_out, icon=":material/logout:", type="tertiary")
    elif session.is_behind_proxy():
        st.caption(
            "No sign-in is set up (DASHBOARD_OPEN=yes). Whoever gets here may do everything: a proxy in front"
            " must ask people who they are."
        )
    else:
        st.caption(
            "No sign-in is set up: this dashboard serves this machine only, and whoever uses it may do"
            " everything."
        )


def _sign_in() -> None:
    _, middle, _ = st.columns([1, 2, 1])
    with middle.container(border=True):
        st.title("Element451 ⇄ Salesforce")
        email = session.signed_in_email()
        if email is None:
            st.write("Sign in with your school's account to look after the sync.")
            st.button("Sign in", on_click=st.login, type="primary")
            return
        if not session.email_is_verified():
            st.error(
                f"Your sign-in does not say that {plain(email)} was verified. Ask whoever runs this"
                " installation: the identity provider has to send the claim email_verified; where its"
                " administrators alone give people their addresses, LOGIN_EMAILS_VERIFIED=yes says so."
            )
            st.button("Sign out", on_click=session.sign_out)
            return
        st.error(
            f"You are signed in as {plain(email)}, but nobody with this address was given access. Ask"
            " whoever runs this installation."
        )
        st.button("Sign out", on_click=session.sign_out)


main()
