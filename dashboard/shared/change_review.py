"""The review of changed settings before they are saved: the differences, the problems, and what the change
would do to records."""

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from dashboard.shared import forecast, session
from dashboard.shared.catalogue import known_fields
from dashboard.shared.markdown import plain
from syncer.configuration import catalogue
from syncer.configuration.acceptance import Edited, refused_errors
from syncer.configuration.config_file import dump
from syncer.configuration.diff import Difference, FieldNamer, diff_documents
from syncer.configuration.document import Document, entity_name
from syncer.configuration.problems import Problem, errors_in, not_among
from syncer.connectors.errors import Fault
from syncer.core.records import Kind, System
from syncer.core.text import counted

_SIGNS = {
    "added": ":green[:material/add:]",
    "removed": ":red[:material/remove:]",
    "changed": ":blue[:material/edit:]",
}


def draw(before: Document, edited: Document, places: bool = False) -> bool:
    """Draw the whole review. ``places``: say where in the file each problem is. Returns whether the sync
    could run with ``edited``."""
    draw_differences(before, edited)
    valid = draw_problems(before, edited, places)
    st.markdown("**What it does to records**")
    forecast.draw_for(edited)
    return valid


def is_refused(before: Document, edited: Document, part: Edited) -> bool:
    """Whether an edit of this ``part`` brings in errors for which it is not saved."""

    def errors(document: Document) -> list[Problem]:
        return errors_in(known_fields(document).check(document))

    return bool(refused_errors(errors, edited, before, part))


def draw_overtaken(more: str = "") -> None:
    """Say that somebody else saved meanwhile; ``more`` of it."""
    st.warning(
        "Somebody else saved a change meanwhile. It is in force now; what you changed is kept, and shown"
        f" against it.{more}"
    )


def draw_ways_on(
    label: str, key: str, refused: bool, save: Callable[[], None], go_back: Callable[[], None]
) -> None:
    """Draw the buttons of a review: to ``save``, unless it is ``refused``, and to ``go_back`` to editing."""
    with st.container(horizontal=True):
        st.button(
            label,
            type="primary",
            icon=":material/save:",
            key=key,
            disabled=refused,
            help="Correct first what is said in red." if refused else None,
            on_click=save,
        )
        st.button("Go on editing", on_click=go_back)


def draw_differences(before: Document, after: Document) -> None:
    """Draw what differs, by parts of the settings."""
    found = diff_documents(before, after, field_names(before, after))
    if not found:
        st.markdown(":gray[Nothing differs.]")
    for group, members in groupby(found, key=lambda difference: difference.group):
        st.markdown(lines([f":gray[{group}]", *map(difference_line, members)]))


def lines(texts: Sequence[str]) -> str:
    """Texts as lines of Markdown below each other."""
    return "  \n".join(texts)


def difference_line(difference: Difference) -> str:
    """A difference as a line of Markdown."""
    what = f"**{plain(difference.what)}**"
    if difference.aspect:
        what += f": {plain(difference.aspect)}"
    keys = ""
    if difference.keys:
        keys = f" :small[:gray[{plain(difference.keys[0])} · {plain(difference.keys[1])}]]"
    return f"{_SIGNS[difference.sign]} {what}{_values(difference)}{keys}"


def _values(difference: Difference) -> str:
    """What was before and is after, with what parts it from the name; empty where the sign says it all."""
    before, after = difference.before, difference.after
    if difference.sign != "changed":
        return f" :gray[{plain(after)}]" if after else ""
    if not before and not after:
        return ""
    return f"{' ' if difference.aspect else ': '}{plain(before)} → **{plain(after)}**"


def field_names(*documents: Document) -> FieldNamer:
    """A function that names the fields of these documents by the labels that were last read."""
    engine = session.application().database
    entities = {kind: dict.fromkeys(entity_name(document, kind) for document in documents) for kind in Kind}
    known = {
        kind: [catalogue.last_read_labels(engine, name) for name in names] for kind, names in entities.items()
    }

    def name(kind: Kind, system: System, key: str) -> str:
        labels = (one.of(system, key) for one in known[kind])
        return next((label for label in labels if label != key), key)

    return name


def draw_problems(before: Document, edited: Document, places: bool = False) -> bool:
    """Draw the problems of ``edited``, by the fields as they are now or as they were last read. Warnings that
    ``before`` has too are left out. ``places``: with their place in the file. Returns whether there are no
    errors."""
    found, note = _checked(session.application().settings.database_url, dump(edited), edited)
    if note:
        st.warning(plain(note, 600), icon=":material/link_off:")
    errors = errors_in(found)
    if errors:
        st.error("Nothing runs until this is corrected:\n" + problem_list(errors, places))
    new = not_among(found, known_fields(before).check(before))
    warnings = [problem for problem in new if problem.severity == "warning"]
    if warnings:
        with st.expander(counted(len(warnings), "note"), icon=":material/info:"):
            st.markdown(problem_list(warnings, places))
    return not errors


def problem_list(problems: Sequence[Problem], places: bool = True) -> str:
    """Problems as a list in Markdown."""
    items = []
    for problem in problems:
        place = f" :small[:gray[{plain(problem.where)}]]" if places and problem.where else ""
        items.append(f"- {plain(problem.message, 600)}{place}")
    return "\n".join(items)


@st.cache_data(ttl=60, max_entries=8, show_spinner="Comparing with the fields of both systems …")
def _checked(database: str, text: str, _edited: Document) -> tuple[list[Problem], str]:
    """The problems, and a sentence where a system could not be asked. ``database`` and ``text`` (that of
    ``_edited``) are the key of the cache."""
    try:
        return session.application().catalogues.check(_edited), ""
    except Fault as fault:
        known = known_fields(_edited)
        consequence = (
            "It is compared with the fields as they were last read."
            if known.complete
            else "Whether all fields exist is found out once it is."
        )
        return known.check(_edited), f"{fault.sentence} {consequence}"
