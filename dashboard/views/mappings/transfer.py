"""Mappings from a spreadsheet, pasted or as a CSV file, into the draft; and all of them as a CSV file."""

import streamlit as st

from dashboard import upload_permits
from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.views.mappings import drafting, state
from dashboard.views.mappings.state import MappingsPage
from syncer.configuration.compilation import to_preferences
from syncer.configuration.document import field_keys, mapping_rows
from syncer.configuration.editor import edits, ownership, transfer
from syncer.configuration.editor.edits import MappingRequired
from syncer.configuration.editor.transfer import Line
from syncer.core.fields import Field
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.core.text import counted

_TEXT, _FILE = "mappings paste", "mappings file"
_EXAMPLE = "user-first-name\tFirstName\telement451\nuser-gender\tGender__c\tsalesforce\tF=Female; M=Male\n"
_MEGABYTE = 1


def draw(page: MappingsPage) -> None:
    """Draw the way in, for somebody who may add mappings, and the way out."""
    with st.expander("Paste or upload a table, or download this one", icon=":material/table:"):
        if session.application().person.may(Action.CONFIGURE) and page.known.complete:
            _way_in(page)
        st.download_button(
            "Download these mappings as CSV",
            transfer.to_csv(mapping_rows(page.document, page.kind)),
            f"{page.kind.value}-mappings.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _way_in(page: MappingsPage) -> None:
    st.caption(
        "Copy cells from a spreadsheet and paste them: "
        + ", ".join(transfer.COLUMNS)
        + ". The last four may be missing: without an owner, the one that fits best is taken."
    )
    text = st.text_area("Table", key=_TEXT, height=160, placeholder=_EXAMPLE, label_visibility="collapsed")
    upload_permits.allow_this_page()
    given = st.file_uploader(
        "Or a CSV file",
        type=["csv", "txt"],
        key=f"{_FILE} {st.session_state.get(_FILE, 0)}",
        max_upload_size=_MEGABYTE,
    )
    if given is not None:
        text = given.getvalue().decode("utf-8-sig", errors="replace")
    lines = _read(page, text or "")
    if not lines:
        return
    wrong = [line for line in lines if line.row is None]
    for line in wrong[:10]:
        st.error(f"Line {line.number}: {plain(line.problem)}  \n:small[{plain(line.text, 100)}]")
    if len(wrong) > 10:
        st.error(f"{len(wrong) - 10} more lines are wrong.")
    taken = len(lines) - len(wrong)
    rest = f", without the {len(wrong)} that are wrong" if wrong else ""
    st.button(
        f"Take over {counted(taken, 'line')}{rest}",
        key="take lines",
        type="primary",
        disabled=not taken,
        on_click=_take,
        args=(page, lines),
    )


def _read(page: MappingsPage, text: str) -> list[Line]:
    created_in = to_preferences(page.document).creates_in

    def recommend(ours: Field, theirs: Field) -> System | None:
        return ownership.recommended_owner(
            ownership.problems_by_owner(page.kind, ours, theirs, {}, created_in)
        )

    fields = {system: page.known.fields(system, page.document, page.kind) for system in System}
    return transfer.read(text, page.kind, fields, recommend) if text.strip() else []


def _take(page: MappingsPage, lines: list[Line]) -> None:
    """Take the sound lines over into the draft: each replaces the mapping of the same fields, or is added.
    Lines that are wrong stay in the box."""
    document, refused = page.document, []
    known = {field_keys(row) for row in mapping_rows(document, page.kind)}
    for line in lines:
        if line.row is None:
            continue
        fields = field_keys(line.row)
        try:
            if fields in known:
                document = edits.replace(document, page.kind, fields, line.row)
            else:
                document = edits.add(document, page.kind, line.row)
                known.add(fields)
        except MappingRequired as error:
            refused.append(f"Line {line.number}: {error}")
    drafting.take(page.draft, document)
    st.session_state[_TEXT] = "\n".join(line.source for line in lines if line.row is None)
    st.session_state[_FILE] = st.session_state.get(_FILE, 0) + 1
    if refused:
        state.say(" ".join(refused), wrong=True)
