"""What went wrong in a failed entry, what to do about it, and whether the record still fails."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import record_links
from dashboard.shared.markdown import plain
from dashboard.shared.record_names import Entry
from dashboard.shared.times import when
from syncer.application.remedies import for_code
from syncer.core.plan import Direction
from syncer.core.text import counted
from syncer.infra.database.engine import reading
from syncer.sync import failures
from syncer.sync.failures import Failure


def draw(engine: Engine, entry: Entry, account: Mapping[str, Any] | None) -> None:
    """Draw the failure. ``account`` is that of the Salesforce connection, for links."""
    with reading(engine).connect() as connection:
        current = failures.of_record(connection, entry)
    record_links.draw_reason(
        entry["reason"] or "It failed, without a reason being given.",
        account,
        (entry["element_id"], entry["salesforce_id"]),
        lambda text: st.error(text, icon=":material/error:"),
    )
    if current:
        same_code = current.code == entry["code"]
        remedy = for_code(entry["code"], current.cause if same_code else None)
        st.info(f"**What to do:** {plain(remedy.advice, longest=1000)}", icon=":material/lightbulb:")
        st.caption(_tries(current))
    else:
        resolved = f" It was resolved by run {entry['resolved_by']}." if entry["resolved_by"] else ""
        st.caption(
            f"This record does not fail any more in this direction: nothing needs to be done.{resolved}"
        )
    _draw_system_text(entry)


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
