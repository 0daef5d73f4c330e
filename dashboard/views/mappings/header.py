"""Above the table of mapped fields: which kind, what to add, and what is wrong with the whole."""

from collections.abc import Sequence

import streamlit as st

from dashboard import navigation
from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import drafting, state
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.document import entity_name
from syncer.configuration.editor.rows import problems_outside_rows
from syncer.configuration.problems import Problem
from syncer.core.permissions import Action
from syncer.core.records import Kind


def category() -> Kind:
    """The kind of record that the person chose."""
    names = {Kind.CONTACT: "Contact", Kind.CONVERSATION: "Conversation"}
    chosen = st.segmented_control(
        "Category",
        list(names),
        format_func=names.__getitem__,
        default=Kind.CONTACT,
        required=True,
        key="mappings kind",
        label_visibility="collapsed",
    )
    return Kind(chosen or Kind.CONTACT)


def draw(page: MappingsPage, problems: Sequence[Problem]) -> None:
    """Draw which object is mapped, the buttons, and the problems of the whole."""
    entity = page.known.entity(page.document, page.kind)
    name = entity_name(page.document, page.kind)
    shown = f"{entity.label} ({name})" if entity and entity.label != name else name
    st.caption(
        f"Element451 {page.kind.value}s ⇄ {plain(shown)} in Salesforce (set in Sync Preferences). The"
        " Canonical System's value always wins."
    )
    sentence, wrong = state.pop_notice()
    if sentence:
        box = st.error if wrong else st.success
        box(plain(sentence, 600))
    _missing(page)
    if page.kind is Kind.CONVERSATION and not page.document["preferences"]["sync_conversations"]:
        st.info("Sync Conversations is switched off: these mappings are kept, and nothing is done with them.")
        st.page_link(navigation.PREFERENCES, label="Open Sync Preferences", icon=":material/tune:")
    _acts(page)
    for problem in problems_outside_rows(problems, page.kind):
        box = st.error if problem.severity == "error" else st.warning
        box(plain(problem.message, 600))
    if page.version == 0:
        st.info(
            "Nothing is saved yet. The required mappings below have the customary names; check them, then add"
            " what your school wants in step."
        )
    elif page.lacking:
        _lacking(page)


def _lacking(page: MappingsPage) -> None:
    """The version in force has no required mappings, as after an import by hand."""
    st.warning(
        "Required mappings are missing in what is saved, so that nothing runs. They stand below with the"
        " customary names."
    )
    may = session.application().person.may(Action.CONFIGURE)
    st.button(
        "Save the required mappings",
        type="primary",
        disabled=not may,
        on_click=drafting.save,
        args=(page.draft,),
    )


def _missing(page: MappingsPage) -> None:
    """Which fields cannot be read, why, and what helps."""
    for missing in page.known.missing:
        known = page.known.fields(missing.system, page.document, page.kind)
        consequence = (
            "Labels are as they were last read."
            if known
            else f"Until they can be read, {missing.system.label}'s fields have no labels here."
        )
        st.warning(
            f"The fields of {missing.system.label} cannot be read. {plain(missing.sentence, 600)}"
            f" {consequence}",
            icon=":material/link_off:",
        )
    if any(missing.reconnect for missing in page.known.missing):
        st.page_link(navigation.CONNECTION, label="Open Connection", icon=":material/link:")


def _acts(page: MappingsPage) -> None:
    may = session.application().person.may(Action.CONFIGURE)
    ready = bool(page.known.element451) and page.known.entity(page.document, page.kind) is not None
    why = None
    if not may:
        why = "Your role may look at mappings, not change them."
    elif not ready:
        why = "It needs the fields of both systems."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Add Mapping",
            icon=":material/add:",
            type="primary",
            disabled=why is not None,
            help=why,
            on_click=state.open_mapping,
            args=(page, None),
        )
        st.button(
            "Add Fixed Value",
            icon=":material/push_pin:",
            disabled=why is not None,
            help=why or "A value for every new record, in a field that Element451 has nothing for.",
            on_click=state.open_constant,
            args=(page, None),
        )
        st.button(
            "Read the fields again",
            icon=":material/refresh:",
            help="New fields and values are found once a day; this looks for them now.",
            on_click=state.read_again,
            args=(page.document,),
        )
        st.page_link(navigation.VERSIONS, label="History, import and export", icon=":material/history:")
