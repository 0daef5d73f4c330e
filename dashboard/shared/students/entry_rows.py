"""Log entries as rows, each of which is one button: a click anywhere in it opens the entry, as does Enter.
Days are headings, so that a row needs the clock alone."""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby

import streamlit as st

from dashboard.shared import badges
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import day, local
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind

_LONGEST_NAME, _LONGEST = 40, 80
_ICONS = {
    Status.INSERTED: ":material/add_circle:",
    Status.UPDATED: ":material/edit:",
    Status.UPSERTED: ":material/forum:",
    Status.UNCHANGED: ":material/check:",
    Status.IGNORED: ":material/do_not_disturb_on:",
    Status.DEACTIVATED: ":material/logout:",
    Status.FAILED: ":material/error:",
}
"""The shape of each status."""


def draw(
    entries: Sequence[Entry],
    names: RecordNames,
    failing: Collection[int],
    on_open: Callable[[int], None],
    *,
    with_names: bool = True,
) -> None:
    """Draw the rows, in their order. ``failing``: the numbers of the failed ones whose record fails now;
    ``on_open`` is called with the number of the one to be opened. Without names, they are all of one
    record."""
    for title, of_day in groupby(entries, key=lambda entry: day(entry["time"])):
        st.caption(title)
        with st.container(gap=None):
            for entry in of_day:
                _draw_row(entry, names, failing, on_open, with_names)


def label(entry: Entry, names: RecordNames, failing: Collection[int], with_names: bool = True) -> str:
    """A row as Markdown: the clock, the status in a word, who, and what happened."""
    head = f"{local(entry['time']):%H:%M} {state(entry, failing)}"
    if entry["entry"] is None:  # a check, which has no entry
        return f"{head} {plain(entry['reason'])}"
    who = f"**{plain(names.name(entry), longest=_LONGEST_NAME)}** " if with_names else ""
    if with_names and entry["kind"] == Kind.CONVERSATION:
        who = f"Conversation, {who}"
    told, target = names.summary(entry), Direction(entry["direction"]).target.label
    where = "" if target in told else f" :gray[in {target}]"
    return f"{head} {who}{plain(told, longest=_LONGEST)}{where}"


def state(entry: Entry, failing: Collection[int]) -> str:
    """The status of an entry as a badge: of a failed one, whether its record fails now, or which run resolved
    that."""
    if entry["status"] != Status.FAILED:
        return badges.inline(entry["status"])
    if entry["entry"] in failing:
        return ":red-badge[failing now]"
    run = entry["resolved_by"]
    return f":gray-badge[failed, resolved by run {run}]" if run else ":gray-badge[failed once]"


def _draw_row(
    entry: Entry,
    names: RecordNames,
    failing: Collection[int],
    on_open: Callable[[int], None],
    with_names: bool,
) -> None:
    text, icon, number = (
        label(entry, names, failing, with_names),
        _ICONS[Status(entry["status"])],
        entry["entry"],
    )
    if number is None:
        st.markdown(f"{icon} {text}")
        return
    st.button(text, icon=icon, type="tertiary", key=f"entry {number}", on_click=on_open, args=(number,))
