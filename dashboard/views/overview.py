"""How the sync stands: what needs a person, the run that goes on or comes next, the last ones, and Sync now."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import here
from dashboard.parts import first_steps, needs, progress, run_chart, run_words, standing, tickets
from syncer import needs as rules
from syncer import overview, run_list, runs
from syncer.database import reading
from syncer.needs import Step, What
from syncer.people import Act
from syncer.records import System

LATEST = 30  # runs in the chart


def view() -> None:
    """Draw the page."""
    application = here.application()
    engine, current = reading(application.engine), application.configuration.current()
    views = {system: application.connections.view(system) for system in System}
    newest = runs.newest(engine)
    seen = overview.look(engine, current, views)
    done = rules.steps(seen, current, views, run_list.tried(engine))
    found = rules.needs(seen, current, views, rules.problems_of(application.catalogues, current), datetime.now(UTC))
    new = not done[Step.SYNC] and seen.last is None

    _head(ready=all(done[step] for step in (Step.ELEMENT451, Step.SALESFORCE, Step.MAPPINGS)), busy=seen.running is not None)
    progress.draw(seen.running, newest)
    _answers()
    needs.draw([need for need in found if not (new and need.what in (What.CONNECT, What.MAP))], seen)
    if new:
        first_steps.draw(done)
    if seen.last or any(views.values()):
        standing.connections(views)
        standing.numbers(seen, application.preferences.api_share_percent)
    standing.last_run(seen)
    run_chart.draw(run_list.recent(engine, LATEST))


def _head(*, ready: bool, busy: bool) -> None:
    person, asked = here.application().person, tickets.pending(progress.SYNC)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Overview", width="stretch")
        why = None if person.may(Act.SYNC) else "Only an analyst or an administrator can start a run."
        why = why or (None if ready else "Connect both systems and map fields first.") or ("A run is going on." if busy or asked else None)
        st.button("Sync now", type="primary", icon=":material/sync:", on_click=_sync, disabled=bool(why), help=why, key="sync now")
        with st.popover("More", icon=":material/more_horiz:"):
            _everything(ready=ready, busy=busy or asked)


def _everything(*, ready: bool, busy: bool) -> None:
    may = here.application().person.may(Act.BACKFILL)
    st.markdown("**Read everything again**")
    st.caption(
        "Reads every record of both systems, as the first sync did, and puts right what single changes missed. It takes as long and as many of "
        "Salesforce's daily calls as the first sync; it writes only what differs, and asks first where that is much."
    )
    sure = st.checkbox("I know that this may take hours.", key="sure", disabled=not may)
    st.button("Read everything again", on_click=_backfill, disabled=not (may and sure and ready) or busy, key="backfill")
    if not may:
        st.caption("Only an administrator can do this.")


def _answers() -> None:
    tickets.refusal("cancel")
    answer = tickets.answer(progress.SYNC)
    run = runs.find(here.application().engine, answer.run) if answer and answer.run else None
    if run:
        run_words.told(run)
    else:
        tickets.refusal(progress.SYNC)


def _sync() -> None:
    tickets.ask(progress.SYNC, lambda: here.desk().sync_now())


def _backfill() -> None:
    tickets.ask(progress.SYNC, lambda: here.desk().backfill())


view()
