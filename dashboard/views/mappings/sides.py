"""The two fields of a mapped field and its owner, to be chosen."""

from typing import Any

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.views.mappings import state, value_map
from dashboard.views.mappings.labels import owner_line
from dashboard.views.mappings.state import DialogState, MappingsPage
from syncer.configuration import required_mappings
from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import entity_name
from syncer.configuration.editor import ownership, value_maps
from syncer.configuration.editor.candidates import Candidate, list_candidates
from syncer.configuration.editor.field_type_labels import type_details
from syncer.configuration.editor.partners import likeliest_first, likely_partner
from syncer.configuration.problems import label_and_key
from syncer.configuration.required_mappings import RequiredMapping
from syncer.core.records import Kind, System


def settled(dialog: DialogState) -> RequiredMapping | None:
    """The required mapping that the dialog is about; None where everything may be chosen."""
    return required_mappings.required_mapping(dialog.kind, dialog.fields) if dialog.fields else None


def key_of(dialog: DialogState, system: System) -> str | None:
    """The field that is chosen for one side."""
    must = settled(dialog)
    if must and must.system is system:
        return must.key
    found: str | None = st.session_state.get(state.widget(system))
    return found


def owner_of(dialog: DialogState) -> System | None:
    """The owner that is chosen."""
    must = settled(dialog)
    if must:
        return must.owner
    found: System | None = (
        System.ELEMENT451 if dialog.kind is Kind.CONVERSATION else st.session_state.get(state.OWNER)
    )
    return found


def side(page: MappingsPage, dialog: DialogState, system: System, place: Any) -> Candidate | None:
    """Draw one side in ``place``: a list to choose from, unless a required mapping settles it. Returns what
    is chosen."""
    must, known = settled(dialog), page.known.fields(system, page.document, page.kind)
    label = f"{system.label} field"
    if must and must.system is system:
        field = known.get(must.key)
        place.text_input(
            label,
            label_and_key(field) if field else must.key,
            disabled=True,
            help="This side is settled: it is the ID itself.",
        )
        return Candidate(field, None) if field else None
    at = list(System).index(system)
    chosen = st.session_state.get(state.widget(system))
    listed = _listed(page, dialog, system)
    shown = st.session_state.get(state.BARRED)
    found = {one.field.key: one for one in listed if not one.reason or shown or one.field.key == chosen}
    if chosen is not None and chosen not in found:
        # Only then: a value that is set here overwrites a choice that the browser has just sent.
        st.session_state[state.widget(system)] = None
    key = place.selectbox(
        label,
        list(found),
        index=None,
        format_func=lambda key: found[key].text,
        placeholder="Search by label or key",
        filter_mode="contains",  # in the order of the list, in which the likeliest come first
        key=state.widget(system),
        on_change=_chosen,
        args=(page, dialog, system),
    )
    if key:
        place.caption(plain(type_details(found[key].field)))
    elif dialog.fields and dialog.fields[at] not in known:
        place.caption(f"It was {plain(dialog.fields[at])}, which {system.label} does not have any more.")
    return found[key] if key else None


def barred(page: MappingsPage, dialog: DialogState) -> None:
    """Draw the switch that shows the fields that cannot be mapped, and why."""
    if not settled(dialog):
        st.toggle("Show fields that cannot be mapped, and why", key=state.BARRED)


def _listed(page: MappingsPage, dialog: DialogState, system: System) -> list[Candidate]:
    """The fields of one side, the likeliest first where the other side is chosen."""
    known, at = page.known.fields(system, page.document, page.kind), list(System).index(system)
    taken = {fields[at] for fields in page.taken if fields != dialog.fields}
    contacts = entity_name(page.document, Kind.CONTACT)
    listed = list_candidates(known.values(), page.kind, taken, contacts, settled(dialog))
    others = page.known.fields(system.other, page.document, page.kind)
    partner = others.get(key_of(dialog, system.other) or "")
    return likeliest_first(listed, partner) if partner and dialog.what == "mapping" else listed


def owner(page: MappingsPage, dialog: DialogState) -> None:
    """Draw the choice of the owner, each with what it will do to records."""
    preferences, must = to_preferences(page.document), settled(dialog)
    if must or page.kind is Kind.CONVERSATION:
        settled_on = must.owner if must else System.ELEMENT451
        st.markdown(f"Canonical System: **{settled_on.label}**")
        if not must:
            st.caption(
                "Conversations go to Salesforce only."
                f" {ownership.describe_owner(settled_on, page.kind, preferences)}"
            )
        return
    st.radio(
        "Canonical System",
        list(System),
        format_func=owner_line,
        captions=[ownership.describe_owner(system, page.kind, preferences) for system in System],
        key=state.OWNER,
        horizontal=True,
    )


def _chosen(page: MappingsPage, dialog: DialogState, system: System) -> None:
    """A field was chosen: propose the other one where it is still open, and the owner."""
    widget = state.widget(system.other)
    field = page.known.fields(system, page.document, page.kind).get(key_of(dialog, system) or "")
    if field and dialog.fields is None and dialog.what == "mapping" and not st.session_state.get(widget):
        partner = likely_partner(field, _listed(page, dialog, system.other))
        st.session_state[widget] = partner.key if partner else None
    _choose_owner(page, dialog)


def _choose_owner(page: MappingsPage, dialog: DialogState) -> None:
    """Once both fields of a new mapping are chosen, begin with the owner who fits best, unless the person
    chose one, and with options of like names in the value map."""
    ours, theirs = (
        page.known.fields(system, page.document, page.kind).get(key_of(dialog, system) or "")
        for system in System
    )
    if dialog.fields is None and ours and theirs:
        value_map.begin(ours, theirs)
    if dialog.fields is None and page.kind is Kind.CONTACT and ours and theirs:
        created_in = to_preferences(page.document).creates_in
        values = value_maps.match_by_label(ours, theirs, {})
        best = ownership.recommended_owner(
            ownership.problems_by_owner(page.kind, ours, theirs, values, created_in)
        )
        state.propose(best or System.ELEMENT451)
