"""A run that waits for approval: why it stopped, what is dangerous, each record, and last the decision."""

from datetime import datetime

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.shared import errors, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import guard_summary, piles
from dashboard.views.runs import decision, left_out, waiting_list
from syncer.application.engine_factory import NotReady
from syncer.connectors.errors import Fault
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal.approvals import NotWaiting
from syncer.journal.runs import PILES, Run


def draw(run: Run) -> None:
    """Draw it, the evidence before the decision."""
    numbers = run.numbers or {}
    st.warning(f"**Why it stopped.** {plain(run.reason, longest=2000)}", icon=":material/pan_tool:")
    if counted := numbers.get(PILES):
        st.markdown(piles.sentence(counted))
    whole = decision.is_answered_whole(run)
    guard_summary.draw(run, with_examples=whole)
    if numbers.get("counted_at"):
        moment = datetime.fromisoformat(numbers["counted_at"])
        st.caption(
            f"Counted {times.when(moment)} ({times.ago(moment)}). While it waits, each scheduled run counts"
            " again and writes nothing."
        )
    labels, may = guard_summary.field_labels(), decision.may_answer()
    if whole:
        decision.draw(run, labels, LeaveOut())
        return
    try:
        _draw_records(run, may)
    except (NotReady, NotWaiting) as cannot:
        st.info(plain(str(cannot), longest=600))
    except (Fault, SQLAlchemyError) as error:
        errors.draw(error)
    left_out.draw(run, labels, disabled=not may)
    decision.draw(run, labels, left_out.chosen(run))


def _draw_records(run: Run, may: bool) -> None:
    current = session.application().configuration.current()
    if current is None or current[0] != run.version:
        st.info(
            f"The settings changed since version {run.version}, by which this was counted. The records are"
            " listed once the next run counted again.",
            icon=":material/update:",
        )
        return
    waiting_list.draw(run, current[1], guard_summary.field_labels(), may)
