"""The dialog in which a mapped field or a fixed value is put together: the fields, the owner, the value map,
the value of new records, and what would be wrong with it."""

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.views.mappings import default, drafting, sides, state, value_map
from dashboard.views.mappings.labels import problems
from dashboard.views.mappings.state import DialogState, MappingsPage
from syncer.configuration.document import MappingRow
from syncer.configuration.editor import edits, review
from syncer.configuration.editor.candidates import Candidate
from syncer.configuration.editor.edits import MappingNotFound, MappingRequired
from syncer.configuration.editor.review import Review
from syncer.configuration.editor.value_maps import ValueMapDraft
from syncer.configuration.problems import label_and_key
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import System


def draw(page: MappingsPage, dialog: DialogState) -> None:
    """Draw the widgets, the problems, and the buttons."""
    state.bring_back()
    must = sides.settled(dialog)
    if must:
        st.caption(f":material/lock: This mapping is required. {must.why}")
    chosen = _sides(page, dialog)
    sides.barred(page, dialog)
    unfit = [one for one in chosen if one and one.reason]
    for one in unfit:
        st.error(f"{plain(label_and_key(one.field))} cannot be mapped: {plain(one.reason)}.")
    if dialog.what == "mapping":
        sides.owner(page, dialog)
    ready = all(chosen) and not unfit
    if field := _defaulted(page, dialog):
        default.draw(field, fixed=dialog.what == "constant")
    state.keep()
    fields = _with_values(page, dialog)
    if ready and fields:
        held = value_map.held_values(page, *fields)
        owner = sides.owner_of(dialog) or System.ELEMENT451
        values = tuple(_values(page, dialog).values.items())
        value_map.draw(dialog, MappedField(*fields, owner, values, "", value_map.passes()), held)
    found = review_edit(page, dialog) if ready else None
    made = _values(page, dialog)
    if made.incomplete:
        st.caption(f":material/edit: {plain(made.incomplete, 600)}")
    for sentence in (dialog.error, *made.problems, found if isinstance(found, str) else ""):
        if sentence:
            st.error(plain(sentence, 600))
    if isinstance(found, Review):
        problems(found.problems)
    _ways_on(page, dialog, found, made)


def row(page: MappingsPage, dialog: DialogState) -> MappingRow | None:
    """The mapped field as the widgets have it now; None while something is missing."""
    element451, salesforce = (sides.key_of(dialog, system) for system in System)
    value = default.chosen() if _defaulted(page, dialog) else ""
    if dialog.what == "constant":
        return edits.constant_row(salesforce, value) if salesforce and value else None
    owner = sides.owner_of(dialog)
    if not (element451 and salesforce and owner):
        return None
    return edits.mapping_row(
        element451, salesforce, owner, _values(page, dialog).values, value, value_map.passes()
    )


def review_edit(page: MappingsPage, dialog: DialogState) -> Review | str | None:
    """The review of the configuration with this mapped field; a sentence if it cannot be changed so; None
    while something is missing."""
    edited = row(page, dialog)
    if edited is None:
        return None
    try:
        return review.review_change(page.document, page.known, page.kind, dialog.fields, edited)
    except (MappingNotFound, MappingRequired) as refused:
        return str(refused)


def take(page: MappingsPage, dialog: DialogState) -> None:
    """Take what is put together over into the draft, if it is sound."""
    forgotten = state.bring_back()
    found = review_edit(page, dialog)
    if forgotten and _with_values(page, dialog):
        state.change(
            error="The page was drawn anew before this was taken over. Look at the value map again, then go"
            " on."
        )
    elif not isinstance(found, Review) or not found.can_save or not _finished(_values(page, dialog)):
        state.change(error="This cannot be taken over as it is; what is wrong is said below.")
    else:
        drafting.take(page.draft, found.document)


def _sides(page: MappingsPage, dialog: DialogState) -> list[Candidate | None]:
    """Draw the fields to be chosen; gives what is chosen."""
    if dialog.what == "constant":
        return [sides.side(page, dialog, System.SALESFORCE, st)]
    return [
        sides.side(page, dialog, system, place) for system, place in zip(System, st.columns(2), strict=True)
    ]


def _defaulted(page: MappingsPage, dialog: DialogState) -> Field | None:
    """The Salesforce field whose value new records may be given; None where none is chosen, or it is an
    ID."""
    if sides.settled(dialog) or (dialog.what == "mapping" and not sides.key_of(dialog, System.ELEMENT451)):
        return None
    fields = page.known.fields(System.SALESFORCE, page.document, page.kind)
    field = fields.get(sides.key_of(dialog, System.SALESFORCE) or "")
    return field if field and field.creatable and field.family else None


def _with_values(page: MappingsPage, dialog: DialogState) -> tuple[Field, Field] | None:
    """Both fields, where they are chosen and have a value map."""
    ours, theirs = (
        page.known.fields(system, page.document, page.kind).get(sides.key_of(dialog, system) or "")
        for system in System
    )
    there = ours and theirs and not sides.settled(dialog) and value_map.is_there(dialog, ours, theirs)
    return (ours, theirs) if ours and theirs and there else None


def _values(page: MappingsPage, dialog: DialogState) -> ValueMapDraft:
    return value_map.edited(dialog) if _with_values(page, dialog) else ValueMapDraft({}, ())


def _finished(made: ValueMapDraft) -> bool:
    return not (made.problems or made.incomplete)


def _ways_on(
    page: MappingsPage, dialog: DialogState, found: Review | str | None, made: ValueMapDraft
) -> None:
    why = _why_not(page, dialog, found, made)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Cancel", on_click=state.close)
        st.button(
            "Done",
            type="primary",
            disabled=bool(why),
            help=why or "It is kept with your other changes, and saved with them.",
            on_click=take,
            args=(page, dialog),
        )


def _why_not(
    page: MappingsPage, dialog: DialogState, found: Review | str | None, made: ValueMapDraft
) -> str | None:
    """Why it cannot be saved yet; None where it can."""
    if found is None:
        return (
            "Choose both fields and the Canonical System."
            if dialog.what == "mapping"
            else "Choose the field and its value."
        )
    if isinstance(found, str) or not found.can_save or made.problems:
        return "Correct first what is said in red."
    if not _finished(made):
        return "Choose first what is still open in the value map, or remove those rows."
    return None if found.changes else "Nothing is changed yet."
