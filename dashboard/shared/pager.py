"""The two buttons that turn the pages of a list."""

from collections.abc import Callable
from typing import Any

import streamlit as st

BY_TIME = ("Newer", "Older")
BY_ORDER = ("Previous", "Next")


def draw(
    turn: Callable[..., None],
    back: tuple[Any, ...] | None,
    onward: tuple[Any, ...] | None,
    *,
    words: tuple[str, str] = BY_TIME,
    key: str,
) -> None:
    """Draw both buttons beside whatever else the container holds; nothing where all fits on one page.
    ``turn`` is called with ``back`` or ``onward``, which is None where there is no such page. ``key`` tells
    the lists of a page apart: the buttons are ``{key} newer`` and ``{key} older``, or as ``words`` say."""
    if back is None and onward is None:
        return
    icons = (":material/chevron_left:", ":material/chevron_right:")
    for word, where, icon in zip(words, (back, onward), icons, strict=True):
        st.button(
            word,
            key=f"{key} {word.lower()}",
            icon=icon,
            icon_position="left" if word == words[0] else "right",
            on_click=turn,
            args=where or (),
            disabled=where is None,
        )
