"""The script that Streamlit runs for every look at the dashboard: who looks, and which page."""

from pathlib import Path

import streamlit as st

from dashboard import here
from dashboard.parts.text import plain
from syncer.core.permissions import Act, Person

VIEWS = Path(__file__).parent / "views"
# Section, then (the view's file, its title). Comments, as Streamlit could take a text that stands alone in its script for something to show.
PAGES = {
    "": [("overview", "Overview"), ("logs", "Integration Logs"), ("runs", "Runs")],
    "Set up": [("connection", "Connection"), ("preferences", "Sync Preferences"), ("mappings", "Mappings"), ("versions", "Versions")],
    "Try": [("preview", "Preview + Test"), ("dry_run", "Dry run")],
    "Administration": [("audit", "Audit trail")],
}
# Pages that are left out of the list for whoever may not do this; they say so where they are opened all the same.
ASKS: dict[str, Act] = {"audit": Act.AUDIT}


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title="Element451 ⇄ Salesforce", page_icon=str(VIEWS.parent / "icon.svg"), layout="wide")
    person = here.person()
    if person is None:
        # Under every address there is, for an address that is none opens a box that hides the button.
        st.navigation([_page(None, *page) for pages in PAGES.values() for page in pages], position="hidden").run()
        return
    page = st.navigation({section: [_page(person, *page) for page in pages] for section, pages in PAGES.items()})
    with st.sidebar:
        _who(person)
    page.run()


def _page(person: Person | None, name: str, title: str) -> st.Page:
    """The page for whoever looks; for somebody outside, the door."""
    address, first = name.replace("_", "-"), name == "overview"
    if person is None:
        return st.Page(_outside, title="Sign in", url_path=address, default=first)
    hidden = name in ASKS and not person.may(ASKS[name])
    return st.Page(VIEWS / f"{name}.py", title=title, url_path=address, default=first, visibility="hidden" if hidden else "visible")


def _who(person: Person) -> None:
    if here.asks_who_you_are():
        st.caption(f"{plain(person.name)} · {person.role.label}")
        st.button("Sign out", on_click=here.sign_out, icon=":material/logout:", type="tertiary")
    elif here.guarded_elsewhere():
        st.caption("No sign-in is set up (DASHBOARD_OPEN=yes). Whoever gets here may do everything: a proxy in front must ask people who they are.")
    else:
        st.caption("No sign-in is set up: this dashboard serves this machine only, and whoever uses it may do everything.")


def _outside() -> None:
    _, middle, _ = st.columns([1, 2, 1])
    with middle.container(border=True):
        st.title("Element451 ⇄ Salesforce")
        address = here.address()
        if address is None:
            st.write("Sign in with your school's account to look after the sync.")
            st.button("Sign in", on_click=st.login, type="primary")
            return
        st.error(f"You are signed in as {plain(address)}, but nobody with this address was given access. Ask whoever runs this installation.")
        st.button("Sign out", on_click=here.sign_out)


main()
