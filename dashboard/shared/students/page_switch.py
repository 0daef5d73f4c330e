"""Going to another page from a callback, where Streamlit cannot be asked to yet: it knows the pages only once
the menu is drawn."""

import streamlit as st

_KEY = "page to go to"


def ask(page: str, **params: str) -> None:
    """In a callback: show this page (of `navigation`) next, with these parameters in its address."""
    st.session_state[_KEY] = (page, params)


def go() -> None:
    """Go where a callback asked to, if one did. Called once the menu is drawn."""
    if asked := st.session_state.pop(_KEY, None):
        page, params = asked
        st.switch_page(page, query_params=params)
