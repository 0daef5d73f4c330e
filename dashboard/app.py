"""The script that Streamlit runs for every look at the dashboard: who looks, and which page."""

from pathlib import Path

import streamlit as st

from dashboard.navigation import MENU, OVERVIEW, REQUIRES, url_path
from dashboard.shared import session
from dashboard.shared.markdown import plain
from syncer.core.permissions import Person

HERE = Path(__file__).parent


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title="Element451 ⇄ Salesforce", page_icon=str(HERE / "icon.svg"), layout="wide")
    person = session.person()
    if person is None:
        # Under every address there is, for an address that is none opens a box that hides the button.
        st.navigation(
            [_page(None, *page) for pages in MENU.values() for page in pages], position="hidden"
        ).run()
        return
    page = st.navigation(
        {section: [_page(person, *page) for page in pages] for section, pages in MENU.items()}
    )
    with st.sidebar:
        _who(person)
    page.run()


def _page(person: Person | None, page: str, title: str) -> st.Page:
    """The page for whoever looks; for somebody outside, the sign-in."""
    address, first = url_path(page), page == OVERVIEW
    if person is None:
        return st.Page(_outside, title="Sign in", url_path=address, default=first)
    hidden = page in REQUIRES and not person.may(REQUIRES[page])
    return st.Page(
        HERE / page,
        title=title,
        url_path=address,
        default=first,
        visibility="hidden" if hidden else "visible",
    )


def _who(person: Person) -> None:
    if session.asks_who_you_are():
        st.caption(f"{plain(person.name)} · {person.role.label}")
        st.button("Sign out", on_click=session.sign_out, icon=":material/logout:", type="tertiary")
    elif session.guarded_elsewhere():
        st.caption(
            "No sign-in is set up (DASHBOARD_OPEN=yes). Whoever gets here may do everything: a proxy in front"
            " must ask people who they are."
        )
    else:
        st.caption(
            "No sign-in is set up: this dashboard serves this machine only, and whoever uses it may do"
            " everything."
        )


def _outside() -> None:
    _, middle, _ = st.columns([1, 2, 1])
    with middle.container(border=True):
        st.title("Element451 ⇄ Salesforce")
        address = session.address()
        if address is None:
            st.write("Sign in with your school's account to look after the sync.")
            st.button("Sign in", on_click=st.login, type="primary")
            return
        st.error(
            f"You are signed in as {plain(address)}, but nobody with this address was given access. Ask"
            " whoever runs this installation."
        )
        st.button("Sign out", on_click=session.sign_out)


main()
