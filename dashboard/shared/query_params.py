"""query_params."""

import streamlit as st


def number(text: str | None) -> int | None:
    """A number of the database from the address; None where it is none."""
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < 2**31
        else None
    )


def show(**asked: str | int | None) -> None:
    """Put these into the page's address, or take out of it what is None."""
    now = {name: value for name, value in st.query_params.to_dict().items() if name not in asked}
    st.query_params.from_dict(now | {name: str(value) for name, value in asked.items() if value is not None})


def clear() -> None:
    """Show everything, from the newest on."""
    st.query_params.clear()


SIGN_IN = "sign-in"
"""What the connection's page is told how a sign-in ended by: a reference to it, or what was wrong with its
state."""
