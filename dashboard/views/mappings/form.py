"""The dialog in which a mapped field is put together: both fields, the owner, the value map, and what would
be wrong with it."""

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import sides, state, value_map
from dashboard.views.mappings.labels import problems
from dashboard.views.mappings.state import Opened, Page
from syncer.configuration.document import MappingRow
from syncer.configuration.editor import edits, review
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.review import Review
from syncer.configuration.editor.value_maps import ValueMapDraft
from syncer.configuration.problems import label_and_key
from syncer.core.fields import Field
from syncer.core.records import System
from syncer.sync import pair_store


def draw(page: Page, opened: Opened) -> None:
    """The widgets, what would be wrong, and the way on."""
    state.bring_back()
    must = sides.settled(opened)
    if must:
        st.caption(f":material/lock: This mapping is required. {must.why}")
    chosen = [
        sides.side(page, opened, system, place) for system, place in zip(System, st.columns(2), strict=True)
    ]
    barred = [one for one in chosen if one and one.reason]
    for one in barred:
        st.error(f"{plain(label_and_key(one.field))} cannot be mapped: {plain(one.reason)}.")
    sides.owner(page, opened)
    state.keep()
    ready = all(chosen) and not barred
    fields = _with_values(page, opened)
    if ready and fields:
        value_map.draw(opened, *fields)
    found = reviewed(page, opened) if ready else None
    made = _values(page, opened)
    if made.open:
        st.caption(f":material/edit: {plain(made.open, 600)}")
    for sentence in (opened.said, *made.problems, found if isinstance(found, str) else ""):
        if sentence:
            st.error(plain(sentence, 600))
    if isinstance(found, Review):
        problems(found.problems)
    _ways_on(page, opened, found, made)


def row(page: Page, opened: Opened) -> MappingRow | None:
    """The mapped field as it is put together now; None while something is missing."""
    if opened.forecast:
        return opened.row
    ours, theirs, owner = (
        sides.key_of(opened, System.ELEMENT451),
        sides.key_of(opened, System.SALESFORCE),
        sides.owner_of(opened),
    )
    return (
        edits.mapping_row(ours, theirs, owner, _values(page, opened).values)
        if ours and theirs and owner
        else None
    )


def reviewed(page: Page, opened: Opened) -> Review | str | None:
    """What the configuration would become; a sentence that says why it cannot; None while something is
    missing."""
    made = row(page, opened)
    try:
        return (
            review.review_change(page.document, page.known, page.kind, opened.fields, made) if made else None
        )
    except (MappingNotFound, MappingRequired) as refused:
        return str(refused)


def save(page: Page, opened: Opened) -> None:
    """Save what is put together, if it is sound; where records are known and it was not looked at yet, show
    first what it would change."""
    forgotten = not opened.forecast and state.bring_back()
    found, made = reviewed(page, opened), row(page, opened)
    if forgotten and _with_values(page, opened):
        state.change(
            said="The page was drawn anew before this was saved. Look at the value map again, then save."
        )
    elif not isinstance(found, Review) or not made or not found.sound or not _finished(_values(page, opened)):
        state.change(said="This cannot be saved as it is; what is wrong is said below.")
    elif not opened.forecast and pair_store.anything_known(session.application().engine):
        state.change(
            row=made, pairs=value_map.filled(opened), edition=opened.edition + 1, forecast=True, said=""
        )
    else:
        state.save(
            found.document,
            opened.based_on,
            "The mapping was changed." if opened.fields else "The mapping was added.",
        )


def _with_values(page: Page, opened: Opened) -> tuple[Field, Field] | None:
    """Both fields, where they are chosen and have a value map."""
    ours, theirs = (
        page.known.fields(system, page.document, page.kind).get(sides.key_of(opened, system) or "")
        for system in System
    )
    there = ours and theirs and not sides.settled(opened) and value_map.is_there(opened, ours, theirs)
    return (ours, theirs) if ours and theirs and there else None


def _values(page: Page, opened: Opened) -> ValueMapDraft:
    return value_map.edited(opened) if _with_values(page, opened) else ValueMapDraft({}, ())


def _finished(made: ValueMapDraft) -> bool:
    return not (made.problems or made.open)


def _ways_on(page: Page, opened: Opened, found: Review | str | None, made: ValueMapDraft) -> None:
    why = _why_not(page, found, made)
    looks_first = pair_store.anything_known(session.application().engine)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Cancel", on_click=state.close)
        st.button(
            "Continue" if looks_first else "Save",
            type="primary",
            disabled=bool(why),
            help=why,
            on_click=save,
            args=(page, opened),
        )


def _why_not(page: Page, found: Review | str | None, made: ValueMapDraft) -> str | None:
    """Why it cannot be saved yet; None where it can."""
    if found is None:
        return "Choose both fields."
    if isinstance(found, str) or not found.sound or made.problems:
        return "Correct first what is said in red."
    if not _finished(made):
        return "Choose first what is still open in the value map, or remove those rows."
    return None if found.changes or page.version == 0 else "Nothing is changed yet."
