"""Log entries as rows, each of which is one link to its entry: a click anywhere opens it, and so does Enter.
Days are headings, so that a row needs the clock alone."""

from collections.abc import Collection, Sequence
from itertools import groupby

import streamlit as st

from dashboard import navigation
from dashboard.shared import badges
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.times import day, local
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind

_LONGEST_NAME, _LONGEST = 40, 200
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
    entries: Sequence[Entry], names: RecordNames, failing: Collection[int], *, with_names: bool = True
) -> None:
    """Draw the rows, in their order. ``failing``: the numbers of the failed ones whose record fails now.
    Without names, they are all of one record. The filters in the address stay, for the way back."""
    for title, of_day in groupby(entries, key=lambda entry: day(entry["time"])):
        st.caption(title)
        with st.container(gap=None):
            for entry in of_day:
                _draw_row(entry, names, failing, with_names)


def label(entry: Entry, names: RecordNames, failing: Collection[int], with_names: bool = True) -> str:
    """A row as Markdown: the clock, the status in a word, who, and what happened."""
    head = f"{local(entry['time']):%H:%M} {state(entry, failing)}"
    if entry["entry"] is None:  # a check, which has no entry
        return f"{head} {plain(entry['reason'])}"
    who = f"**{plain(names.name(entry), longest=_LONGEST_NAME)}** " if with_names else ""
    if with_names and entry["kind"] == Kind.CONVERSATION:
        who = f"Conversation with {who}"
    where = f":gray[in {Direction(entry['direction']).target.label}]"
    return f"{head} {who}{plain(names.summary(entry), longest=_LONGEST)} {where}"


def state(entry: Entry, failing: Collection[int]) -> str:
    """The status of an entry as a badge: of a failed one, whether its record fails now, or which run resolved
    that."""
    if entry["status"] != Status.FAILED:
        return badges.inline(entry["status"])
    if entry["entry"] in failing:
        return ":red-badge[failing now]"
    run = entry["resolved_by"]
    return f":gray-badge[failed, resolved by run {run}]" if run else ":gray-badge[failed once]"


def _draw_row(entry: Entry, names: RecordNames, failing: Collection[int], with_names: bool) -> None:
    text, icon = label(entry, names, failing, with_names), _ICONS[Status(entry["status"])]
    if entry["entry"] is None:
        st.markdown(f"{icon} {text}")
        return
    kept = st.query_params.to_dict() if with_names else {}
    query = kept | {"entry": str(entry["entry"])}
    st.page_link(navigation.LOGS, label=text, icon=icon, query_params=query, width="stretch")
