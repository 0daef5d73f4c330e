"""What needs a person, each with the button or link that helps."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import navigation
from dashboard.shared import times
from dashboard.shared.markdown import plain
from dashboard.shared.runs import guard_summary
from dashboard.views.overview import go_live
from syncer.application.attention import AttentionItem, AttentionKind
from syncer.application.overview import Overview

_LINKS = {
    AttentionKind.CONNECT: (navigation.CONNECTION, "Connect"),
    AttentionKind.RECONNECT: (navigation.CONNECTION, "Connect again"),
    AttentionKind.MAP: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.CONFIGURATION: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.SUSPENDED: (navigation.MAPPINGS, "Open Mappings"),
    AttentionKind.WAITING: (navigation.RUNS, "Look at it, then approve or reject"),
    AttentionKind.FAILED: (navigation.RUNS, "Look at the run"),
    AttentionKind.REJECTED: (navigation.RUNS, "Look at the run"),
}


def draw(items: list[AttentionItem], overview: Overview) -> None:
    """Draw every item, in the order given; what fails is the work list's to say."""
    for item in items:
        if item.kind is not AttentionKind.FAILING:
            with st.container(border=True):
                _draw_item(item, overview)


def _draw_item(item: AttentionItem, overview: Overview) -> None:
    icon, colour = (":material/error:", "red") if item.pressing else (":material/schedule:", "orange")
    until = ""
    if item.until:
        until = f"The sync goes on {times.when(item.until)} ({times.ago(item.until, datetime.now(UTC))})."
    emptied = ""
    if item.kind is AttentionKind.WAITING and overview.waiting and item.run == overview.waiting.id:
        emptied = guard_summary.most_emptied_field(overview.waiting)
    told = " ".join(filter(None, [plain(item.sentence, longest=900), plain(until), emptied]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":{colour}[{icon}] {told}", width="stretch")
        if item.kind in _LINKS:
            page, label = _LINKS[item.kind]
            st.page_link(
                page,
                label=label,
                icon=":material/arrow_forward:",
                query_params={"run": str(item.run)} if item.run else None,
            )
        elif item.kind is AttentionKind.PAUSED:
            go_live.draw_resume()
