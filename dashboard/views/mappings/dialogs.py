"""The dialogs of the Mappings page. Each is drawn again by itself while a person works in it; whatever
changes it as a whole draws the page."""

import streamlit as st

from dashboard.shared import forecast
from dashboard.shared.markdown import plain
from dashboard.views.mappings import form, state
from dashboard.views.mappings.labels import problems
from dashboard.views.mappings.state import Opened, Page
from syncer.configuration.editor import review
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.review import Review


def draw(page: Page) -> None:
    """The dialog that is open, if one is."""
    opened = state.opened()
    if opened is None or opened.kind is not page.kind:
        return
    title = (
        "Remove mapping" if opened.what == "removal" else "Edit mapping" if opened.fields else "Add Mapping"
    )
    st.dialog(title, width="medium", on_dismiss=state.close)(_body)(page, opened)


def _body(page: Page, opened: Opened) -> None:
    if state.opened() != opened:  # a callback closed it, or changed what it begins with
        st.rerun()
    if opened.what == "removal":
        _removal(page, opened)
    elif opened.forecast:
        _forecast(page, opened)
    else:
        form.draw(page, opened)


def _forecast(page: Page, opened: Opened) -> None:
    """What the change would do to the records that are known, before it is saved."""
    st.subheader("What this would change")
    found = form.reviewed(page, opened)
    for sentence in (opened.said, found if isinstance(found, str) else ""):
        if sentence:
            st.error(plain(sentence, 600))
    if isinstance(found, Review) and found.sound:
        forecast.draw_for(found.document)
    elif isinstance(found, Review):
        problems(found.problems)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Back", on_click=_back, args=(opened,))
        st.button("Save", type="primary", disabled=not _sound(found), on_click=form.save, args=(page, opened))


def _back(opened: Opened) -> None:
    state.fill(opened.row)
    state.change(forecast=False, said="")


def _removal(page: Page, opened: Opened) -> None:
    assert opened.fields
    slug, name = opened.fields
    fields = page.known.element451.get(slug), page.known.entity(page.document, page.kind)
    ours = fields[0].label if fields[0] else slug
    theirs = fields[1].fields[name].label if fields[1] and name in fields[1].fields else name
    st.markdown(
        f"**{plain(ours)}** (Element451) and **{plain(theirs)}** (Salesforce) are no longer kept in step,"
        " from the next run on."
    )
    st.markdown(
        "The values stay as they are in both systems; nothing is emptied. You can add the mapping again at"
        " any time."
    )
    found = _without(page, opened)
    for sentence in (opened.said, found if isinstance(found, str) else ""):
        if sentence:
            st.error(plain(sentence, 600))
    if isinstance(found, Review):
        problems(found.problems)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Cancel", on_click=state.close)
        st.button(
            "Remove mapping",
            type="primary",
            disabled=not _sound(found),
            on_click=_remove,
            args=(page, opened),
        )


def _sound(found: Review | str | None) -> bool:
    return isinstance(found, Review) and found.sound


def _without(page: Page, opened: Opened) -> Review | str:
    assert opened.fields
    try:
        return review.review_removal(page.document, page.known, page.kind, opened.fields)
    except (MappingNotFound, MappingRequired) as refused:
        return str(refused)


def _remove(page: Page, opened: Opened) -> None:
    found = _without(page, opened)
    if isinstance(found, Review):
        state.save(found.document, opened.based_on, "The mapping was removed.")
