"""The history of the settings, newest first: who saved what and when; and the page of one version."""

import streamlit as st

from dashboard.shared import change_review, pager, session, times
from dashboard.shared.markdown import plain
from dashboard.views.versions import put_back, state
from dashboard.views.versions.state import InForce
from syncer.configuration.config_file import dump
from syncer.configuration.diff import FieldNamer, diff_documents
from syncer.configuration.document import Document
from syncer.configuration.versions import Version
from syncer.core.permissions import Action
from syncer.core.text import counted

PAGE = 20
"""Versions on a page."""
LINES = 4
"""Differences of each version that the page shows."""


def draw(now: InForce) -> None:
    """The versions, a page at a time."""
    places: list[int] = st.session_state.get(state.PLACES, [])
    configuration = session.application().configuration
    found = configuration.history(PAGE + 1, places[-1] if places else None)
    documents = configuration.documents([version.id for version in found])
    called = change_review.field_names(*documents.values())
    for at, version in enumerate(found[:PAGE]):
        former = found[at + 1] if at + 1 < len(found) else None
        _row(version, documents[version.id], documents[former.id] if former else None, called, now)
        if former and version.id == now.version:  # a mistake is mostly the newest one
            put_back.draw(version.id, former.id, now)
    with st.container(horizontal=True):
        pager.draw(
            state.turn,
            (places[:-1],) if places else None,
            ([*places, found[PAGE - 1].id],) if len(found) > PAGE else None,
            key="versions",
        )


def one(number: str, now: InForce) -> None:
    """One version: what it changed, how it differs from the one in force, its text, and Restore."""
    st.button("All versions", icon=":material/arrow_back:", type="tertiary", on_click=state.close_version)
    configuration = session.application().configuration
    found = configuration.history(2, int(number) + 1) if number.isdecimal() and len(number) < 10 else []
    if not found or str(found[0].id) != number:
        st.warning(f"There is no version {plain(number, 20)}. All there are stand in the history.")
        return
    version, former = found[0], found[1] if len(found) > 1 else None
    documents = configuration.documents([each.id for each in found])
    document = documents[version.id]
    _heading(version, now)
    _acts(version, document, former.id if former else None, now)
    if former:
        st.markdown(f"#### What changed against version {former.id}")
        change_review.draw_differences(documents[former.id], document)
    else:
        st.markdown(_first(document))
    if version.id != now.version:
        st.markdown(f"#### What has changed since, up to version {now.version}")
        change_review.draw_differences(document, now.document)
    with st.expander("All of it, as YAML"):
        st.code(dump(document), language="yaml")


def export(document: Document, number: int, key: str) -> None:
    """The button that saves a version as a file."""
    name = f"sync-settings-version-{number}.yaml"
    st.download_button(
        "Export YAML",
        dump(document),
        name,
        "application/yaml",
        key=f"export {key}",
        icon=":material/download:",
        on_click="ignore",
    )


def _row(
    version: Version, document: Document, former: Document | None, called: FieldNamer, now: InForce
) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            _heading(version, now)
            st.button("Open", key=f"open {version.id}", on_click=state.open_version, args=(version.id,))
        if former is None:
            st.markdown(_first(document))
            return
        found = diff_documents(former, document, called)
        shown, rest = [change_review.difference_line(each) for each in found[:LINES]], len(found) - LINES
        st.markdown(change_review.lines([*shown, f":gray[and {rest} more]"] if rest > 0 else shown))


def _heading(version: Version, now: InForce) -> None:
    badge = " :green-badge[in force]" if version.id == now.version else ""
    who = (
        f":gray[saved by {plain(version.author)}, {times.when(version.created_at)}"
        f" ({times.ago(version.created_at)})]"
    )
    st.markdown(f"**Version {version.id}**{badge}  \n:small[{who}]", width="content")


def _acts(version: Version, document: Document, former: int | None, now: InForce) -> None:
    may = session.application().person.may(Action.CONFIGURE)
    with st.container(horizontal=True):
        if version.id != now.version:
            why = None if may else "Your role may look at versions, not restore them."
            st.button(
                "Restore this version",
                type="primary",
                disabled=not may,
                help=why,
                on_click=state.ask_to_restore,
                args=(version.id,),
            )
        put_back.draw(version.id, former, now)
        export(document, version.id, str(version.id))


def _first(document: Document) -> str:
    contact, conversation = (len(document["mappings"][kind]) for kind in ("contact", "conversation"))
    return f"The first one: {counted(contact, 'mapped field')} of contacts, {conversation} of conversations."
