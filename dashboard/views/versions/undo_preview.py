"""Before a version and what it did are undone: the settings that come back, the values that are put back, and
what stays as it is, on one page, with the one button that does it (rule 21)."""

from typing import Any

import streamlit as st

from dashboard.shared import change_review, pager, pending_requests, session
from dashboard.shared.markdown import plain
from dashboard.shared.plans.plan_cards import PlanCards, by_person
from dashboard.shared.runs import live_run, piles
from dashboard.views.versions import put_back
from dashboard.views.versions.state import InForce
from dashboard.views.versions.undo_look import Look
from syncer.application import undo
from syncer.configuration.document import Document
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.core.text import counted
from syncer.core.trust.undo import Pile
from syncer.journal.undoable import Undoing

_SHOWN, _SKIPPED = 5, "people skipped of the undo"
_LOOK_EVERY = 1.0


def draw(look: Look, now: InForce) -> None:
    """Draw it for the runs under one version; ``now`` is in force."""
    st.button("All versions", icon=":material/arrow_back:", type="tertiary", on_click=put_back.leave)
    application = session.application()
    document = undo.document_before(application, Undoing(version=look.version))
    st.markdown(f"#### Undo version {look.version}")
    valid = document is None or _settings(document, now)
    st.markdown("**Values that its runs wrote**")
    if not look.is_over(wait=0.3):
        _watch(look)
        return
    if look.refused:
        st.warning(plain(look.refused, longest=600))
        st.button("Look again", icon=":material/refresh:", on_click=put_back.ask, args=(look.version,))
        return
    _values(look, now.document)
    _confirm(look, restores=document is not None, valid=valid)


def _settings(document: Document, now: InForce) -> bool:
    """What the version before changes, mapping by mapping. Gives whether it can come back."""
    st.markdown("**Settings that come back**")
    return change_review.draw(now.document, document)


@st.fragment(run_every=_LOOK_EVERY)
def _watch(look: Look) -> None:
    if look.is_over():
        st.rerun()
    st.info(
        f"Reading what both systems hold now … {counted(look.records, 'record')} so far. Nothing is written.",
        icon="spinner",
    )


def _values(look: Look, document: Document) -> None:
    st.markdown(piles.sentence(look.piles))
    fields = sorted(look.back.keys() | look.left.keys(), key=lambda field: -look.back[field])
    if fields:
        called = change_review.field_names(document)
        st.table(
            [
                {
                    "Field": f"**{plain(called(field.kind, field.system, field.key))}**"
                    f" :small[:gray[in {field.system.label}]]",
                    "Put back": _number(look.back[field]),
                    "Stay as they are": _number(look.left[field]),
                }
                for field in fields
            ],
            border="horizontal",
            hide_index=True,
        )
    people = by_person(look.plans)
    if not people:
        return
    st.caption(
        "Person by person, first where something stays as it is: it was changed since, or cannot be put back."
    )
    skipped: int = min(st.session_state.get(_SKIPPED, 0), len(people) - 1)
    _people(people[skipped : skipped + _SHOWN], document)
    with st.container(horizontal=True):
        pager.draw(
            _turn,
            (skipped - _SHOWN,) if skipped else None,
            (skipped + _SHOWN,) if len(people) > skipped + _SHOWN else None,
            words=pager.BY_ORDER,
            key="undo",
        )
    if len(people) <= skipped + _SHOWN and len(look.plans) < look.records:
        st.caption("The others are counted above. The log has each of them afterwards.")


def _people(people: list[list[Any]], document: Document) -> None:
    application = session.application()
    salesforce = application.connections.view(System.SALESFORCE)
    cards = PlanCards(application.database, document, salesforce.account if salesforce else None)
    cards.draw([plan for person in people for plan in person], whole=False)


def _confirm(look: Look, restores: bool, valid: bool) -> None:
    """The one button, with the number of values in it, and what it does."""
    back = look.piles.get(Pile.RESTORED, 0)
    may = session.application().person.may(Action.APPROVE)
    parts = ["bring the settings back"] if restores else []
    parts += [f"put {counted(back, 'value')} back"] if back else []
    with st.container(horizontal=True):
        st.button(
            plain(" and ".join(parts)).capitalize() or "Nothing to put back",
            type="primary",
            icon=":material/undo:",
            key="confirm undo",
            disabled=not (valid and parts) or pending_requests.pending(live_run.REQUEST),
            help=None if valid else "Correct first what is said in red.",
            on_click=put_back.confirm,
            args=(look,),
        )
        st.button("Leave everything as it is", on_click=put_back.leave)
    st.caption(
        "Exactly this is done, at once. If something changed meanwhile, it waits for one more look."
        if may or not back
        else "The settings come back at once; an administrator approves the values before they are written."
        if restores
        else "An administrator approves the values before they are written."
    )


def _number(count: int) -> str:
    return f"{count:,}" if count else ":gray[–]"


def _turn(skipped: int) -> None:
    st.session_state[_SKIPPED] = skipped
