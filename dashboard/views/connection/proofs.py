"""What is assumed of the connected systems, and whether it was proved on them: the doctor's verdicts."""

import time
from collections.abc import Sequence

import streamlit as st

from dashboard.shared import badges, notices, session, times
from dashboard.shared.markdown import plain
from dashboard.views.connection import account_settings
from syncer.application import doctor
from syncer.application.doctor import Examination
from syncer.application.doctor_report import check_of, report
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.core.trust.verdict import State, Verdict

_PLACE = "proofs"
_ASKED = "proofs asked"
"""In the session: when the person last asked for an examination, in seconds since 1970."""
_POLL_EVERY = 3.0
_LONGEST = 1000


def draw() -> None:
    """Draw the last verdicts about both systems; nothing where none was ever connected."""
    database = session.application().database
    examinations, due = doctor.last(database), doctor.due(database)
    if not examinations and not due:
        return
    st.subheader("What the sync relies on", anchor=False)
    st.caption(
        "The sync assumes some things of both systems. They are tried after connecting, by reading only. What"
        " an import or an update does is tried by the command “doctor --write”, on a test contact."
    )
    notices.show(_PLACE)
    if due or _is_awaited(examinations):
        _draw_until_examined()
    for system in System:
        if system in examinations:
            with st.container(border=True):
                _draw_examination(system, examinations[system])
    _draw_actions(examinations)
    if session.application().person.may(Action.CONNECT):
        account_settings.draw()


def _is_awaited(examinations: dict[System, Examination]) -> bool:
    """Whether an examination that the person asked for is not there yet."""
    asked: float = st.session_state.get(_ASKED, 0.0)
    return any(examination.at.timestamp() < asked for examination in examinations.values())


@st.fragment(run_every=_POLL_EVERY)
def _draw_until_examined() -> None:
    """Draw that the verdicts are being found, and the whole page once they are."""
    database = session.application().database
    if not doctor.due(database) and not _is_awaited(doctor.last(database)):
        st.rerun()
    st.info(
        "The systems are being examined. The verdicts will appear here.",
        icon="spinner",
    )


def _draw_examination(system: System, examination: Examination) -> None:
    counts = {state: [one for one in examination.verdicts if one.state is state] for state in State}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{system.label}**", width="content")
        for state, verdicts in counts.items():
            if verdicts:
                badges.badge(state, len(verdicts))
        st.caption(f"examined {times.ago(examination.at)}", width="content")
    for verdict in counts[State.DISPROVED]:
        found, remedy = verdict.finding.found, verdict.finding.remedy
        st.error(f"**{plain(verdict.check)}**: {plain(f'{found} {remedy}', longest=_LONGEST)}")
    _draw_offer(system, examination.verdicts)
    with st.expander("Everything that was tried"):
        for verdict in examination.verdicts:
            _draw_verdict(verdict)


def _draw_verdict(verdict: Verdict) -> None:
    check = check_of(verdict)
    assumed = f"  \n:gray[{plain(check.assumes)}]" if check else ""
    found = plain(f"{verdict.finding.found} {verdict.finding.remedy}".strip(), longest=_LONGEST)
    st.markdown(f"{badges.inline(verdict.state)} **{plain(verdict.check)}**: {found}{assumed}")


def _draw_offer(system: System, verdicts: Sequence[Verdict]) -> None:
    """Draw the way on where conversations cannot be exported."""
    application = session.application()
    if system is System.ELEMENT451 and doctor.exports_nobody(application, verdicts):
        st.button(
            "Export everybody, without conversations",
            key="export everybody",
            on_click=_export_everybody,
            disabled=not application.person.may(Action.CONFIGURE),
            help="Sets the export scope to “all” and switches Sync Conversations off, in a new version.",
        )


def _draw_actions(examinations: dict[System, Examination]) -> None:
    verdicts = [verdict for one in examinations.values() for verdict in one.verdicts]
    with st.container(horizontal=True):
        st.button(
            "Examine again",
            key="examine again",
            on_click=_examine,
            disabled=not session.application().person.may(Action.CHECK),
        )
        if verdicts:
            st.download_button(
                "Report for the vendors",
                report(verdicts, max(one.at for one in examinations.values())),
                "assumptions.txt",
                mime="text/plain",
                on_click="ignore",
                help="What is assumed and what was found, without anybody's values.",
            )


def _examine() -> None:
    def ask() -> None:
        session.worker_client().examine()
        st.session_state[_ASKED] = time.time()

    notices.attempt(_PLACE, ask)


def _export_everybody() -> None:
    def change() -> str:
        doctor.export_everybody(session.application())
        return "Everybody is exported from now on, and conversations are not synced."

    notices.attempt(_PLACE, change)
