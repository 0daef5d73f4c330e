"""The remedy of a group of failures, done in place: its value is added to the value map, or the field gets a
default; then the group is retried."""

from typing import Any

import streamlit as st

from dashboard.shared import forecast, pending_requests, session
from dashboard.shared.catalogue import known_fields
from dashboard.shared.markdown import plain
from syncer.application.decisions import problems
from syncer.application.decisions.problems import ADD_TO_VALUE_MAP, SET_DEFAULT, NoSuchProblem
from syncer.configuration.document import Document
from syncer.configuration.editor import value_maps
from syncer.core.fields import Field
from syncer.core.permissions import Action
from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.core.text import counted

REQUEST = "retry a group"
"""The name in `pending_requests` of the Retry."""
_OPEN, _VALUE = "remedy open", "remedy value"


def is_here(group: dict[str, Any]) -> bool:
    """Whether the remedy of the group is done on this page."""
    return group["act"] in (ADD_TO_VALUE_MAP, SET_DEFAULT)


def button(group: dict[str, Any], label: str, document: Document, version: int) -> None:
    """Draw the button that opens the remedy, and the remedy where it is open."""
    allowed = session.application().person.may(Action.CONFIGURE)
    adds = group["act"] == ADD_TO_VALUE_MAP
    st.button(
        "Add it to the value map" if adds else "Set a default",
        key=f"remedy {group['group']}",
        type="primary",
        icon=":material/add:" if adds else ":material/edit:",
        on_click=_open,
        args=(group["group"],),
        disabled=not allowed or pending_requests.pending(REQUEST),
        help=None if allowed else "Your role may look at settings, not change them.",
    )
    if st.session_state.get(_OPEN) == group["group"]:
        _dialog(group, label, document, version)


def _open(group: str) -> None:
    st.session_state[_OPEN] = group
    st.session_state.pop(_VALUE, None)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("Put it right", width="medium", on_dismiss=_close)
def _dialog(group: dict[str, Any], label: str, document: Document, version: int) -> None:
    if st.session_state.get(_OPEN) != group["group"]:
        st.rerun()  # the button below closed it, and a dialog draws only itself again
    target = _target(group)
    field = _field(group, document, target)
    options = dict(value_maps.field_options(field)) if field else {}
    if group["act"] == ADD_TO_VALUE_MAP:
        question = f"What {target.other.label} calls ‘{plain(group['value'], 80)}’ is in {target.label}"
        st.markdown(f"**{label}**: which value of {target.label} is it?")
    else:
        question = f"What new records get in {target.label} where {label} is empty"
        st.markdown(f"**{label}**: what is written where a new record has no value?")
    if options:
        st.selectbox(
            question,
            list(options),
            index=None,
            format_func=lambda value: value_maps.option_label((value, options.get(value) or value)),
            placeholder="Choose a value, or type one",
            accept_new_options=not (field and field.restricted),
            key=_VALUE,
        )
    else:
        st.text_input(question, key=_VALUE)
    value = st.session_state.get(_VALUE)
    if value:
        _draw_forecast(group, document, str(value))
    does = "Add it" if group["act"] == ADD_TO_VALUE_MAP else "Set it"
    st.button(
        f"{does}{f' → {plain(value, 40)}' if value else ''} and retry {group['records']:,}",
        type="primary",
        key="remedy apply",
        on_click=_apply,
        args=(group["group"], value, version),
        disabled=not value,
    )


def _draw_forecast(group: dict[str, Any], document: Document, value: str) -> None:
    try:
        edited = problems.remedied(document, group, value)
    except NoSuchProblem as cannot:
        st.error(plain(cannot, longest=600))
        return
    st.markdown("**What it does**")
    forecast.draw_for(edited)
    st.caption(
        f"It becomes a version of its own, which Versions can take back. Then"
        f" {counted(group['records'], 'record is', 'records are', one='the record is')} done again."
    )


def _apply(group: str, value: str, version: int) -> None:
    _close()

    def act() -> str:
        found = problems.remedy(session.application(), group, value, based_on=version)
        return session.worker_client().retry_cause(problems.which(found))

    pending_requests.submit(REQUEST, act)


def _target(group: dict[str, Any]) -> System:
    return Direction(group["direction"]).target


def _field(group: dict[str, Any], document: Document, target: System) -> Field | None:
    """The field that is written, as far as it is known."""
    key = group["salesforce"] if target is System.SALESFORCE else group["field"]
    return known_fields(document).fields(target, document, Kind(group["kind"])).get(key)
