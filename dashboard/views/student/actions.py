"""The buttons of a student: Preview, Test, Retry, Hold or Release, and Put back. What writes asks once
more."""

from functools import partial
from typing import Any

import streamlit as st

from dashboard.shared.markdown import plain
from dashboard.shared.record_names import RecordNames
from dashboard.shared.times import when
from dashboard.views.student import requests
from syncer.application.students import Student
from syncer.core.permissions import Action
from syncer.core.plan import Direction
from syncer.sync.holds.people import DAYS

_WHERE = {Direction.IMPORT: "Salesforce → Element451", Direction.EXPORT: "Element451 → Salesforce"}


def draw(student: Student, names: RecordNames) -> None:
    """Draw them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        busy = "Something is being done already. Wait until it is done." if requests.busy() else None
        st.button(
            "Preview",
            icon=":material/visibility:",
            on_click=requests.preview,
            args=(student,),
            disabled=bool(busy),
            help=busy or "What the next run would do to this student. Nothing is written.",
        )
        _draw_test(student)
        if student.failing:
            why_not = requests.blocked(Action.RETRY)
            st.button(
                "Retry",
                type="primary",
                icon=":material/replay:",
                on_click=requests.retry,
                args=(student,),
                disabled=why_not is not None or not any(now.entry for now in student.failing),
                help=why_not or "Reads the student again in both systems, plans anew and does it.",
            )
        if whole := student.whole_hold:
            draw_release(whole)
        else:
            with _asking("Hold", ":material/pause_circle:", Action.HOLD, student.identity):
                st.markdown("The sync leaves this student as it is, in both systems, until the hold ends.")
                draw_hold(student, "whole")
        _draw_put_back(student, names)


def draw_hold(student: Student, key: str, field: str | None = None) -> None:
    """Draw the reason and end of a hold, and the button that places it."""
    reason, until = f"reason {key} {student.identity}", f"until {key} {student.identity}"
    st.text_input("Reason", key=reason, placeholder="For whoever comes upon it later", max_chars=200)
    st.date_input("Until", None, key=until, format="YYYY-MM-DD", help=f"Without a day: {DAYS} days.")
    st.button(
        "Hold this field" if field else "Hold this student",
        type="primary",
        key=f"hold {key}",
        on_click=partial(requests.hold, student, reason, until, field),
        disabled=requests.blocked(Action.HOLD) is not None,
    )


def draw_release(hold: dict[str, Any]) -> None:
    """Draw the button that ends a hold."""
    why_not = requests.blocked(Action.RELEASE)
    st.button(
        "Release",
        icon=":material/play_circle:",
        key=f"release {hold['hold']}",
        on_click=requests.release,
        args=(hold["hold"],),
        disabled=why_not is not None,
        help=why_not or plain(f"End the hold “{hold['reason']}”."),
    )


def _draw_test(student: Student) -> None:
    with _asking("Test", ":material/science:", Action.TEST, student.identity):
        st.markdown("**This writes for real**, for this student alone: what is due now is done and logged.")
        for direction, label in _WHERE.items():
            st.button(
                f"{direction.value.capitalize()}: {label}",
                key=f"test {direction.value}",
                on_click=requests.test,
                args=(student, direction),
                disabled=requests.blocked(Action.TEST) is not None,
            )


def _draw_put_back(student: Student, names: RecordNames) -> None:
    entry = student.last_write
    if entry is None:
        return
    with _asking("Put back", ":material/undo:", Action.UNDO, student.identity):
        target = Direction(entry["direction"]).target.label
        st.markdown(f"The last write to this student, {plain(when(entry['time']))}, in {target}:")
        st.markdown(plain(names.summary(entry), longest=500))
        st.caption(
            "What still stands there as it was written gets its former value back, and is held. What was"
            " changed since is left."
        )
        st.button(
            "Yes, put it back",
            type="primary",
            key="put back last write",
            on_click=requests.put_back,
            args=(student, entry["entry"]),
            disabled=requests.blocked(Action.UNDO) is not None,
        )


def _asking(label: str, icon: str, act: Action, identity: str) -> Any:
    """The popover behind a button that asks once more. With another key after each request, it is closed."""
    why_not = requests.blocked(act)
    return st.popover(
        label,
        icon=icon,
        disabled=why_not is not None,
        help=why_not,
        key=f"{label} {identity} {requests.times()}",
    )
