"""What somebody ticked to leave out before approving a run in part: kinds of change, fields, and records. It
lives in the session until the run is answered."""

from collections.abc import Iterable

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.shared.runs import change_words, guard_summary
from syncer.configuration.catalogue import Labels
from syncer.core.guard import ChangeKind
from syncer.core.text import counted
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal.runs import Run

_RECORDS, _KINDS, _FIELDS, TIMES = "left out records", "left out kinds", "left out fields", "left out times"
"""Keys in the session, each followed by the number of the run; ``TIMES`` grows whenever all is cleared."""


def chosen(run: Run) -> LeaveOut:
    """What is ticked to be left out of this run."""
    kinds, fields = (st.session_state.get(_key(part, run.id), []) for part in (_KINDS, _FIELDS))
    return LeaveOut(frozenset(kinds), frozenset(fields), frozenset(_records(run.id)))


def take(run: int, ticks: Iterable[tuple[str, bool]]) -> None:
    """Tick records off, or take them in again, each by its ID."""
    kept = set(_records(run))
    for record, out in ticks:
        (kept.add if out else kept.discard)(record)
    st.session_state[f"{_RECORDS} {run}"] = frozenset(kept)


def clear(run: int) -> None:
    """Leave nothing out any more."""
    for part in (_KINDS, _FIELDS):
        st.session_state[_key(part, run)] = []
    st.session_state.pop(f"{_RECORDS} {run}", None)
    st.session_state[f"{TIMES} {run}"] = times(run) + 1


def times(run: int) -> int:
    """How often all was cleared: part of the keys of tables with ticks."""
    number: int = st.session_state.get(f"{TIMES} {run}", 0)
    return number


def draw(run: Run, labels: Labels, disabled: bool) -> None:
    """Draw the lists of kinds and fields, and what is left out in words."""
    numbers = run.numbers or {}
    st.markdown("**Leave something out**")
    st.caption(
        "Tick records off in the list, or choose here. What is left out is held: it is not written until"
        " something else would be, or until somebody releases it."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            "Kinds of change",
            change_words.in_order(numbers.get("kinds", {})),
            format_func=lambda kind: f"{change_words.KINDS[kind].noun.capitalize()}s",
            key=_key(_KINDS, run.id),
            placeholder="None",
            disabled=disabled,
            width=280,
        )
        st.multiselect(
            "Fields",
            field_names(run),
            format_func=lambda name: field_text(name, labels),
            key=_key(_FIELDS, run.id),
            placeholder="None",
            disabled=disabled,
            width=380,
        )
    if told := words(chosen(run), labels):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":orange[:material/block:] Left out: **{told}**", width="content")
            st.button(
                "Leave nothing out", key="clear left out", type="tertiary", on_click=clear, args=(run.id,)
            )


def words(out: LeaveOut, labels: Labels) -> str:
    """What is left out, as Markdown; empty where nothing is."""
    kinds = [f"all {change_words.KINDS[kind].noun}s" for kind in change_words.KINDS if kind in out.kinds]
    fields = [field_text(name, labels) for name in sorted(out.fields)]
    records = [counted(len(out.records), "record")] if out.records else []
    return plain(", ".join([*kinds, *fields, *records]), longest=400)


def field_text(name: str, labels: Labels) -> str:
    """A field of the numbers for a list: "Birthdate, in Salesforce"."""
    target, text = guard_summary.name_of_field(name, labels)
    return f"{text}, in {target.label}"


def field_names(run: Run, kind: ChangeKind | None = None) -> list[str]:
    """The fields that the run would change, by how its numbers name them; of one ``kind`` of change only."""
    fields = (run.numbers or {}).get("fields", {})
    return list(
        dict.fromkeys(
            name for one in change_words.KINDS if kind in (None, one) for name in fields.get(one, ())
        )
    )


def _records(run: int) -> frozenset[str]:
    found: frozenset[str] = st.session_state.get(f"{_RECORDS} {run}", frozenset())
    return found


def _key(part: str, run: int) -> str:
    return f"{part} {run}"
