"""The script that Streamlit runs for every look at the dashboard: who looks, and which page."""

from pathlib import Path

import streamlit as st

from dashboard import here

VIEWS = Path(__file__).parent / "views"
PAGES = {
    "": [("overview", "Overview"), ("logs", "Integration Logs"), ("runs", "Runs")],
    "Set up": [("connection", "Connection"), ("preferences", "Sync Preferences"), ("mappings", "Mappings"), ("versions", "Versions")],
    "Try": [("preview", "Preview + Test"), ("dry_run", "Dry run")],
    "Administration": [("audit", "Audit trail")],
}
"""Section, then (the view's file, its title)."""


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title="Element451 ⇄ Salesforce", page_icon=str(VIEWS.parent / "icon.svg"), layout="wide")
    person = here.person()
    if person is None:
        st.title("Sign in")
        st.button("Sign in", on_click=st.login, type="primary")
        return
    shown = {section: [_page(*page) for page in pages] for section, pages in PAGES.items()}
    st.navigation(shown).run()


def _page(name: str, title: str) -> st.Page:
    return st.Page(VIEWS / f"{name}.py", title=title, url_path=name.replace("_", "-"), default=name == "overview")


main()
