"""A page that puts hostile values into everything that reads Markdown, run by Streamlit itself:
`tests/dashboard/test_hostile_values.py`."""

from collections.abc import Callable

import streamlit as st

from dashboard.shared.markdown import plain
from tests.support.hostile import VALUES


def page() -> None:
    """Each value in each place, in a container that is found by ``kind`` and the value's number."""
    st.set_page_config(layout="wide")
    for number, value in enumerate(VALUES):
        shown = plain(value, longest=2000)
        for kind, draw in PLACES.items():
            with st.container(key=f"{kind}-{number}"):
                draw(shown, f"{kind} {number}")
    with st.container(key="help"):
        st.button("?", help=" · ".join(plain(value, longest=2000) for value in VALUES))


PLACES: dict[str, Callable[[str, str], object]] = {
    "markdown": lambda shown, key: st.markdown(shown),
    "sentence": lambda shown, key: st.markdown(f"**Name** {shown}, and so on"),
    "list": lambda shown, key: st.markdown(f"- {shown}\n- more"),
    "badge": lambda shown, key: st.badge(shown, color="red"),
    "words": lambda shown, key: st.markdown(f":red-badge[{shown}] :gray[{shown}]"),
    "caption": lambda shown, key: st.caption(shown),
    "error": lambda shown, key: st.error(shown),
    "title": lambda shown, key: st.title(shown, anchor=False),
    "button": lambda shown, key: st.button(shown, key=key),
    "metric": lambda shown, key: st.metric(shown, "1"),
    "expander": lambda shown, key: st.expander(shown).write("inside"),
    "checkbox": lambda shown, key: st.checkbox(shown, key=key),
    "radio": lambda shown, key: st.radio("choose", [key], captions=[shown], key=key),
    "input": lambda shown, key: st.text_input(shown, key=key),
    "progress": lambda shown, key: st.progress(50, shown),
    "table": lambda shown, key: st.table([{"column": shown}]),
    "toast": lambda shown, key: st.toast(shown, duration="infinite"),
}


if __name__ == "__main__":
    page()
