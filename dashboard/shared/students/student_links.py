"""Links to the page of a student. Any ID of theirs leads there, of either system, and that of a conversation
to whom it is with."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import navigation
from dashboard.shared import query_params
from dashboard.shared.markdown import plain
from dashboard.shared.students import page_switch

_LONGEST = 50


def id_of(record: Mapping[str, Any]) -> str | None:
    """The ID by which the student of a log entry or plan is found; None where it names none that exists."""
    identity: str | None = record["element_id"] or record["salesforce_id"]
    return identity


def draw(
    name: str, record: Mapping[str, Any] | str | None, *, icon: str | None = ":material/person:"
) -> None:
    """Draw the name of a student as a link. ``record``: a log entry or plan, or an ID; a name without an ID
    is plain text."""
    identity = id_of(record) if isinstance(record, Mapping) else record
    label = plain(name, longest=_LONGEST)
    if identity is None:
        st.markdown(label, width="content")
    else:
        st.page_link(
            navigation.STUDENT, label=label, icon=icon, query_params={query_params.STUDENT: identity}
        )


def column(key: str, ids: Sequence[str | None], label: str = "Student", width: int = 140) -> Any:
    """The column of an ``st.dataframe`` whose cells are students' names, each of which opens the student.
    ``ids``: theirs, in the order of the rows; ``key`` is the column's own, and names the rows: another page
    of a list has another one."""
    return st.column_config.ButtonColumn(
        label, width=width, type="tertiary", alignment="left", key=key, on_click=_open_row, args=(key, ids)
    )


def open_student(identity: str) -> None:
    """Open the student who has this ID, in a callback."""
    page_switch.ask(navigation.STUDENT, **{query_params.STUDENT: identity})


def open_search(text: str) -> None:
    """Open the list of those whom ``text`` may mean, in a callback."""
    page_switch.ask(navigation.STUDENT, **{query_params.FIND: text})


def _open_row(key: str, ids: Sequence[str | None]) -> None:
    row = st.session_state[key]["row"]
    if row < len(ids) and (identity := ids[row]):
        open_student(identity)
