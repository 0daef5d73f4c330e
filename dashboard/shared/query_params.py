"""Reading and writing the page's address. It holds what a link should show: filters, the open entry, a page
of a list."""

import streamlit as st

SIGN_IN = "sign-in"
"""On the Connection page: the reference of a finished Salesforce sign-in, or what was wrong with its
state."""
STUDENT, FIND = "record", "find"
"""On the page of a student: an ID of theirs; or what somebody typed who looks for one."""
_MOST = 2**31 - 1
"""The largest number that the database's keys can hold."""


def number(text: str | None) -> int | None:
    """A database key from the address; None where the text is not one."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(_MOST)):
        return None
    found = int(text)
    return found if 0 < found <= _MOST else None


def update(**params: str | int | None) -> None:
    """Set these parameters of the address; None removes one. The others stay."""
    kept = {name: value for name, value in st.query_params.to_dict().items() if name not in params}
    changed = {name: str(value) for name, value in params.items() if value is not None}
    st.query_params.from_dict(kept | changed)


def clear() -> None:
    """Remove all parameters."""
    st.query_params.clear()
