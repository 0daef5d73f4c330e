"""What went wrong in a failed entry, what to do about it, and whether the record still fails."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard import navigation
from dashboard.shared import record_links
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry, RecordNames
from dashboard.shared.students import student_links
from dashboard.shared.times import when
from syncer.application.remedies import for_code
from syncer.configuration.catalogue import Labels
from syncer.core.plan import Direction
from syncer.core.records import System
from syncer.core.text import counted
from syncer.infra.database.engine import reading
from syncer.sync import failures
from syncer.sync.failures import Failure

_MOST_OTHERS = 10


def failing_now(engine: Engine, entry: Entry) -> Failure | None:
    """How the entry's record fails now in its direction; None where it does not."""
    with reading(engine).connect() as connection:
        return failures.of_record(connection, entry)


def draw(
    engine: Engine,
    entry: Entry,
    current: Failure | None,
    names: RecordNames,
    account: Mapping[str, Any] | None,
) -> None:
    """Draw the failure. ``current``: how the record fails now; ``account`` is that of the Salesforce
    connection, for links."""
    record_links.draw_reason(
        entry["reason"] or "It failed, without a reason being given.",
        account,
        (entry["element_id"], entry["salesforce_id"]),
        lambda text: st.error(text, icon=":material/error:"),
    )
    _draw_others(entry, names, account)
    if current:
        same_code = current.code == entry["code"]
        remedy = for_code(entry["code"], current.cause if same_code else None)
        st.info(f"**What to do:** {plain(remedy.advice, longest=1000)}", icon=":material/lightbulb:")
        _draw_fields(current, names.labels(entry))
        st.caption(_tries(current))
    else:
        resolved = f" It was resolved by run {entry['resolved_by']}." if entry["resolved_by"] else ""
        st.caption(
            f"This record does not fail any more in this direction: nothing needs to be done.{resolved}"
        )
    _draw_system_text(entry)


def _draw_fields(current: Failure, labels: Labels) -> None:
    """Draw the fields to blame, each with a link to its mapping."""
    if not current.fields:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(":red-badge[:material/error: to blame]", width="content")
        for slug, name in current.fields:
            label = labels.of(System.SALESFORCE, name) if name else labels.of(System.ELEMENT451, slug)
            st.page_link(
                navigation.MAPPINGS,
                label=f"{plain(label)}: its mapping",
                icon=":material/swap_horiz:",
                query_params={"field": name or slug},
            )


def _draw_others(entry: Entry, names: RecordNames, account: Mapping[str, Any] | None) -> None:
    """Draw the other records that the reason names, such as those that may be meant: by name, with links to
    the student here and to the record in Salesforce."""
    own = (entry["element_id"], entry["salesforce_id"])
    element_ids, salesforce_ids = record_links.ids_in(str(entry["reason"]))
    others = [one for one in (*element_ids, *salesforce_ids) if one not in own][:_MOST_OTHERS]
    if not others:
        return
    called = names.of_ids(others)
    st.markdown("**Who is named there**")
    for identity in others:
        system = System.ELEMENT451 if identity in element_ids else System.SALESFORCE
        with st.container(horizontal=True, vertical_alignment="center"):
            in_system = f"{system.label} {identity}"
            student_links.draw(called.get(identity, in_system), identity)
            if identity in called:
                st.markdown(f":gray[{plain(in_system)}]", width="content")
            if url := record_links.salesforce_url(account, identity):
                st.link_button("Open in Salesforce", url, icon=":material/open_in_new:", type="tertiary")


def _tries(failure: Failure) -> str:
    """How often the record was tried, and when it is tried next."""
    tries = counted(failure.tries, "time", one="once")
    since = f" since {plain(when(failure.since))}" if failure.since else ""
    next_try = "in the next run"
    if failure.try_after and failure.try_after > datetime.now(UTC):
        next_try = (
            f"in the first run after {plain(when(failure.try_after))}, or in the next one once the record or"
            " the settings change"
        )
    return f"Tried {tries}{since}. Next try: {next_try}. Retry does it now."


def _draw_system_text(entry: Entry) -> None:
    """Draw the code of the error, and what the system itself wrote."""
    if not entry["code"] and not entry["detail"]:
        return
    target = Direction(entry["direction"]).target.label
    st.caption(f"{target}'s own text and code" if entry["detail"] else "Code")
    st.code("\n".join(filter(None, (entry["code"], entry["detail"]))), language=None, wrap_lines=True)
