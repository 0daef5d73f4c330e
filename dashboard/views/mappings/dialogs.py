"""The dialogs of the Mappings page. While somebody works in a dialog, only the dialog is drawn again; opening
and closing it draws the whole page."""

import streamlit as st

from dashboard.shared import forecast
from dashboard.shared.markdown import plain
from dashboard.views.mappings import form, state
from dashboard.views.mappings.labels import problems
from dashboard.views.mappings.state import DialogState, MappingsPage
from syncer.configuration.editor import review
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.review import Review


def draw(page: MappingsPage) -> None:
    """The dialog that is open, if one is."""
    dialog = state.open_dialog()
    if dialog is None or dialog.kind is not page.kind:
        return
    st.dialog(_title(dialog), width="medium", on_dismiss=state.close)(_body)(page, dialog)


def _title(dialog: DialogState) -> str:
    if dialog.what == "removal":
        return "Remove mapping"
    if dialog.what == "constant":
        return "Edit fixed value" if dialog.fields else "Add Fixed Value"
    return "Edit mapping" if dialog.fields else "Add Mapping"


def _body(page: MappingsPage, dialog: DialogState) -> None:
    if state.open_dialog() != dialog:  # a callback closed it, or changed what it begins with
        st.rerun()
    if dialog.what == "removal":
        _removal(page, dialog)
    elif dialog.forecast:
        _forecast(page, dialog)
    else:
        form.draw(page, dialog)


def _forecast(page: MappingsPage, dialog: DialogState) -> None:
    """What the change would do to the records that are known, before it is saved."""
    st.subheader("What this would change")
    found = form.review_edit(page, dialog)
    for sentence in (dialog.error, found if isinstance(found, str) else ""):
        if sentence:
            st.error(plain(sentence, 600))
    if isinstance(found, Review) and found.can_save:
        forecast.draw_for(found.document)
    elif isinstance(found, Review):
        problems(found.problems)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Back", on_click=_back, args=(dialog,))
        st.button("Save", type="primary", disabled=not _sound(found), on_click=form.save, args=(page, dialog))


def _back(dialog: DialogState) -> None:
    state.fill(dialog.row)
    state.change(forecast=False, error="")


def _removal(page: MappingsPage, dialog: DialogState) -> None:
    assert dialog.fields
    slug, name = dialog.fields
    fields = page.known.element451.get(slug), page.known.entity(page.document, page.kind)
    ours = fields[0].label if fields[0] else slug
    theirs = fields[1].fields[name].label if fields[1] and name in fields[1].fields else name
    st.markdown(
        f"**{plain(ours)}** (Element451) and **{plain(theirs)}** (Salesforce) are no longer kept in step,"
        " from the next run on."
        if slug
        else f"New Salesforce records get no fixed value in **{plain(theirs)}** any more."
    )
    st.markdown(
        "The values stay as they are in both systems; nothing is emptied. You can add the mapping again at"
        " any time."
    )
    found = _without(page, dialog)
    for sentence in (dialog.error, found if isinstance(found, str) else ""):
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
            args=(page, dialog),
        )


def _sound(found: Review | str | None) -> bool:
    return isinstance(found, Review) and found.can_save


def _without(page: MappingsPage, dialog: DialogState) -> Review | str:
    assert dialog.fields
    try:
        return review.review_removal(page.document, page.known, page.kind, dialog.fields)
    except (MappingNotFound, MappingRequired) as refused:
        return str(refused)


def _remove(page: MappingsPage, dialog: DialogState) -> None:
    found = _without(page, dialog)
    if isinstance(found, Review):
        state.save(found.document, dialog.base_version, "The mapping was removed.")
