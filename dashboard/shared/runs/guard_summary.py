"""What a run would do, or set out to do: the numbers of each kind of change and field, some of the records,
and Approve or Reject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.shared import pending_requests, session, times
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from dashboard.shared.runs import live_run
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.core.guard import HEADROOM_PERCENT
from syncer.core.permissions import Act
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.journal.run_state import RunState
from syncer.journal.runs import REJECTED, Run

KINDS = {
    "create": (":green[:material/add_circle:]", "Create {}", "new"),
    "change": (":blue[:material/edit:]", "Change {}", "changed"),
    "blank": (":red[:material/backspace:]", "Empty values of {}", "emptied"),
    "deactivate": (":orange[:material/link_off:]", "Take {} out of the sync", "taken out"),
}
"""Kinds of change: a sign, what the run would do to so many records, and what would be done to a field."""


def decide(run: Run) -> None:
    """Approve and Reject, with what each of them means; only an administrator may say it."""
    allowed, asked = session.application().person.may(Act.APPROVE), pending_requests.pending(live_run.SYNC)
    pending_requests.refusal("reject")
    with st.container(border=True):
        st.markdown(
            f"**Approve**: the run goes on and writes. It covers these settings (version {run.version}) and"
            f" the numbers below plus {HEADROOM_PERCENT} %; if there is more by then, it asks again. "
            " \n**Reject**: the run ends and nothing is written. Its records stay due, and the schedule"
            " pauses until a setting is changed or somebody chooses Sync now."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            off = not allowed or asked
            st.button(
                "Approve",
                type="primary",
                icon=":material/check:",
                key="approve",
                on_click=_approve,
                args=(run,),
                disabled=off,
            )
            st.button(
                "Reject",
                icon=":material/close:",
                key="reject",
                on_click=_reject,
                args=(run.id,),
                disabled=off,
            )
            if not allowed:
                st.caption("Only an administrator can approve or reject a run. Ask one to look at this page.")


def draw(run: Run) -> None:
    """The numbers of ``run``, as `guard.Numbers.to_json` made them, and the examples where there are any
    (`guard_examples`). Nothing where it planned to change nothing."""
    numbers = run.numbers or {}
    kinds, fields, examples = numbers.get("kinds", {}), numbers.get("fields", {}), numbers.get("examples", {})
    if not any(kinds.values()):
        return
    st.markdown(f"**{_heading(run)}**")
    st.caption(_counted(run, numbers.get("touched", 0), numbers.get("known", 0)))
    if run.state == RunState.WAITING and (at := numbers.get("counted_at")):
        moment = datetime.fromisoformat(at)
        st.caption(
            f"Counted {times.when(moment)} ({times.ago(moment)}). While it waits, each scheduled run counts"
            " again and writes nothing."
        )
    called = _labels()
    for kind, (sign, words, done) in KINDS.items():
        if not kinds.get(kind):
            continue
        with st.container(border=True):
            st.markdown(f"{sign} **{words.format(counted(kinds[kind], 'record'))}**")
            if fields.get(kind):
                st.table(_fields(fields[kind], called, done), border="horizontal", hide_index=True)
            _examples(examples.get(kind, []), called)


def emptied(run: Run) -> str:
    """Which field the run would empty in the most records, in a sentence; empty where it would empty none."""
    counts: dict[str, int] = (run.numbers or {}).get("fields", {}).get("blank", {})
    if not counts:
        return ""
    name = max(counts, key=lambda each: counts[each])
    written, called = _called(name, _labels())
    subject = "It" if len(counts) == 1 else "Most of all it"
    return f"{subject} would empty {called} in {written.label}, in {counted(counts[name], 'record')}."


def _heading(run: Run) -> str:
    if run.state == RunState.WAITING:
        return "What it would do"
    return "What it would have done" if run.code == REJECTED else "What it set out to do"


def _counted(run: Run, touched: int, known: int) -> str:
    """What the numbers are, and what they leave out."""
    of = f"{touched:,} of {counted(known, 'known record')}"
    rules = (
        "One record can count for several kinds; a new one counts once, together with the IDs that link it."
    )
    if run.state == RunState.WAITING or run.code == REJECTED:
        return f"It would {'have touched' if run.code == REJECTED else 'touch'} {of}. {rules}"
    approved = ", and approved," if run.approved else ""
    return (
        f"Counted{approved} before its first write: {of} to touch. What then could not be written is under"
        f" failed. {rules}"
    )


def _fields(counts: Mapping[str, int], called: Labels, done: str) -> list[dict[str, str]]:
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return [{"Field": _field(name, called), f"Records {done}": f"{times:,}"} for name, times in ordered]


def _field(name: str, called: Labels) -> str:
    written, names = _called(name, called)
    return f"{names}  \n:small[:gray[in {written.label}]]"


def _called(name: str, called: Labels) -> tuple[System, str]:
    """Where a field of the numbers is written (``slug → API name``, or ← where that is Element451), and what
    both systems call it."""
    ours, arrow, theirs = name.split(" ", 2)
    names = dict.fromkeys((called.of(System.ELEMENT451, ours), called.of(System.SALESFORCE, theirs)))
    return System.SALESFORCE if arrow == "→" else System.ELEMENT451, f"**{' · '.join(map(plain, names))}**"


def _labels() -> Labels:
    application = session.application()
    current = application.configuration.current()
    if current is None:
        return Labels()
    contact, conversation = (
        catalogue.last_read_labels(application.engine, current[1]["preferences"][f"{kind.value}_entity"])
        for kind in Kind
    )
    return Labels(contact.element451, {**conversation.salesforce, **contact.salesforce})


def _examples(found: list[dict[str, Any]], called: Labels) -> None:
    if not found:
        return
    with st.expander(counted(len(found), "example", one="One example")):
        for at, example in enumerate(found):
            if at:
                st.divider()
            ids = " · ".join(
                plain(identity) for identity in (example["element_id"], example["salesforce_id"]) if identity
            )
            to = "to Element451" if example["direction"] == "import" else "to Salesforce"
            what = f"{plain(example['kind'])}, {plain(example['direction'])} {to}"
            st.markdown(f"**{plain(example['name'] or 'Without a name')}** · {what}  \n:small[:gray[{ids}]]")
            if example["changes"]:
                field_changes.draw(example["changes"], called, example["direction"])
            elif example["reason"]:
                st.caption(plain(example["reason"]))
            if example["more"]:
                st.caption(f"… and {counted(example['more'], 'more field')}.")


def _approve(run: Run) -> None:
    # As it is drawn: a tick may have refreshed it since.
    pending_requests.ask(
        live_run.SYNC, lambda: session.worker_client().approve(run.id, run.version, run.numbers)
    )


def _reject(run: int) -> None:
    pending_requests.attempt("reject", lambda: session.worker_client().reject(run))
