"""What a change of the settings comes to, shown before it is saved: the differences in words, what is wrong,
and what it does to records."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from dashboard.shared import forecast, session
from dashboard.shared.catalogue import fields
from dashboard.shared.markdown import plain
from syncer.configuration import catalogue
from syncer.configuration.catalogue_snapshot import entity_name
from syncer.configuration.config_file import Document, dump
from syncer.configuration.diff import Difference, FieldNamer, diff_documents
from syncer.configuration.editor.review import message_without_row
from syncer.configuration.problems import Problem
from syncer.connectors.errors import Fault
from syncer.core.records import Kind, System
from syncer.core.text import counted

_SIGNS = {
    "added": ":green[:material/add:]",
    "removed": ":red[:material/remove:]",
    "changed": ":blue[:material/edit:]",
}


def draw(before: Document, edited: Document, places: bool = False) -> bool:
    """Draw all of it; gives whether anything would run once ``edited`` is saved. ``places``: say where in the
    file problems are."""
    changes(before, edited)
    sound = problems(before, edited, places)
    st.markdown("**What it does to records**")
    forecast.show(edited)
    return sound


def changes(before: Document, after: Document) -> None:
    """Draw what differs, in words."""
    found = diff_documents(before, after, names(before, after))
    if not found:
        st.markdown(":gray[Nothing differs.]")
    for group, of_it in groupby(found, key=lambda one: one.group):
        st.markdown(lines([f":gray[{group}]", *map(line, of_it)]))


def lines(several: Sequence[str]) -> str:
    """Lines of Markdown, one beneath the other."""
    return "  \n".join(several)


def line(one: Difference) -> str:
    """A difference as Markdown."""
    what = f"**{plain(one.what)}**" + (f": {plain(one.aspect)}" if one.aspect else "")
    if one.sign == "changed":
        arrow = f"{plain(one.before)} → **{plain(one.after)}**" if one.before or one.after else ""
        said = f"{what}{' ' if one.aspect else ': ' if arrow else ''}{arrow}"
    else:
        said = f"{what} :gray[{plain(one.after)}]" if one.after else what
    keys = f" :small[:gray[{plain(one.keys[0])} · {plain(one.keys[1])}]]" if one.keys else ""
    return f"{_SIGNS[one.sign]} {said}{keys}"


def names(*documents: Document) -> FieldNamer:
    """What people call the fields of these documents, as far as the catalogues say that were read last."""
    engine = session.application().engine
    entities = {kind: dict.fromkeys(entity_name(document, kind) for document in documents) for kind in Kind}
    known = {
        kind: [catalogue.last_read_labels(engine, name) for name in found] for kind, found in entities.items()
    }

    def name(kind: Kind, system: System, key: str) -> str:
        return next((called for one in known[kind] if (called := one.of(system, key)) != key), key)

    return name


def problems(before: Document, edited: Document, places: bool = False) -> bool:
    """Draw what is wrong with ``edited`` by the fields as they are now, or as they were last read; gives
    whether it could run. Doubts that there were ``before`` are left out. ``places``: with where in the file
    it is."""
    found, note = _checked(session.application().settings.database_url, dump(edited), edited)
    if note:
        st.warning(plain(note, 600), icon=":material/link_off:")
    former = {message_without_row(problem) for problem in fields(before).check(before)}
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        st.error("Nothing runs until this is corrected:\n" + listed(errors, places))
    doubts = [
        problem
        for problem in found
        if problem.severity == "warning" and message_without_row(problem) not in former
    ]
    if doubts:
        with st.expander(counted(len(doubts), "note"), icon=":material/info:"):
            st.markdown(listed(doubts, places))
    return not errors


def listed(found: Sequence[Problem], places: bool = True) -> str:
    """Problems as a list in Markdown."""
    where = [
        f" :small[:gray[{plain(problem.where)}]]" if places and problem.where else "" for problem in found
    ]
    return "\n".join(
        f"- {plain(problem.message, 600)}{place}" for problem, place in zip(found, where, strict=True)
    )


@st.cache_data(ttl=60, max_entries=8, show_spinner="Comparing with the fields of both systems …")
def _checked(database: str, text: str, _edited: Document) -> tuple[list[Problem], str]:
    try:
        return session.application().catalogues.check(_edited), ""
    except Fault as fault:
        known = fields(_edited)
        how = (
            "It is compared with the fields as they were last read."
            if known.complete
            else "Whether all fields exist is found out once it is."
        )
        return known.check(_edited), f"{fault.sentence} {how}"
