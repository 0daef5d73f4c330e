"""The forecast: what a change of the settings would do to the known records, drawn before it is saved."""

from collections.abc import Sequence

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from syncer.configuration.config_file import dump
from syncer.configuration.document import Document
from syncer.configuration.versions import ConfigStore
from syncer.connectors.errors import Fault
from syncer.core.pair import NEW
from syncer.core.text import counted
from syncer.sync.planning.forecast import Creations, Forecast, forecast
from syncer.sync.planning.impact import FieldImpact, RecordExample

_KEPT_FOR = 60
"""Seconds that a forecast is kept, so that a click on the page does not count everything again."""


def draw_for(edited: Document) -> None:
    """Draw what saving ``edited`` would do; if the fields of a system cannot be read, why there is no
    forecast."""
    application = session.application()
    current = application.configuration.current()
    version = current[0] if current else 0
    try:
        found = _cached(application.settings.database_url, version, dump(edited), edited)
    except Fault as fault:
        st.caption(f"What this would change cannot be said now: {plain(fault.sentence)}")
        return
    draw(found)


def draw(found: Forecast) -> None:
    """Draw a forecast: a sentence, a table of fields, and examples to unfold."""
    if not found.affects_records:
        st.markdown(":material/check: This changes no record.")
        return
    if found.known or not found.notes:
        st.markdown(_sentence(found))
    for note in found.notes:
        st.markdown(f":material/info: {plain(note)}")
    if found.fields or found.created:
        st.table(
            _without_empty_columns([*map(_field_row, found.fields), *map(_created_row, found.created)]),
            border="horizontal",
            hide_index=True,
        )
    if any(field.unread for field in found.fields):
        st.caption(
            "*May be changed or emptied*: the field has not been read yet, so what becomes of its values"
            " cannot be counted now. The next run reads it, and asks before it writes if that would change"
            " much."
        )
    for field in found.fields:
        title = f"{plain(field.mapped.of(field.target).label)} in {field.target.label}"
        _draw_examples(title, field.examples)
    for created in found.created:
        _draw_examples(f"New {created.kind.value}s in {created.target.label}", created.records.examples)
    _draw_failing(found)


@st.cache_data(ttl=_KEPT_FOR, max_entries=8, show_spinner="Counting what would change …")
def _cached(database: str, version: int, text: str, _edited: Document) -> Forecast:
    """``database``, ``version`` and ``text`` (that of ``_edited``) are the key of the cache."""
    application = session.application()
    before = ConfigStore(application.database, application.person).document(version)
    return forecast(application.database, application.catalogues, before, _edited)


def _sentence(found: Forecast) -> str:
    if not found.known:
        return (
            ":material/info: No record is known yet. The first run reads all of them, and asks before it"
            " writes if that would be much."
        )
    article = "the" if found.complete else "a random sample of"
    seen = (
        ("the one known record")
        if found.counted == 1
        else f"{article} {counted(found.counted, 'known record')}"
    )
    rest = "" if found.complete else f" There are {found.known:,}; all are counted before a run writes."
    if found.empty:
        return f":material/check: None of {seen} would change.{rest}"
    written = (
        f"**{found.written:,}** would be written"
        if found.written
        else "none, as far as is known, would be written"
    )
    unread = max((field.unread for field in found.fields), default=0)
    maybe = (
        f" The values of **{unread:,}** are not known yet: they may be changed or emptied." if unread else ""
    )
    return f"Of {seen}, {written} by the next run.{maybe}{rest}"


def _field_row(field: FieldImpact) -> dict[str, str]:
    return {
        "Field": (
            f"**{plain(field.mapped.of(field.target).label)}**  \n:small[:gray[in {field.target.label}]]"
        ),
        "Get another value": _number(field.changed.count),
        "Would be emptied": f":red[**{field.blanked.count:,}**]" if field.blanked.count else _number(0),
        "May be changed or emptied": _number(field.unread),
    }


def _created_row(created: Creations) -> dict[str, str]:
    return {
        "Field": f"**New {created.kind.value}s**  \n:small[:gray[in {created.target.label}]]",
        "Get another value": f"{created.records.count:,} created",
        "Would be emptied": "",
        "May be changed or emptied": "",
    }


def _without_empty_columns(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows without columns that have no number, so that the table fits on a narrow screen."""
    kept = [name for name in rows[0] if any(row[name] not in ("", _number(0)) for row in rows)]
    return [{name: row[name] for name in kept} for row in rows]


def _number(count: int) -> str:
    return f"{count:,}" if count else ":gray[–]"


def _draw_examples(title: str, examples: Sequence[RecordExample]) -> None:
    if not examples:
        return
    has_values = any(example.before is not None or example.after is not None for example in examples)
    rows = [_record(example) | (_values(example) if has_values else {}) for example in examples]
    with st.expander(f"{title}: {counted(len(examples), 'example', one='one example')}"):
        st.table(rows, border="horizontal", hide_index=True)


def _values(example: RecordExample) -> dict[str, str]:
    is_new_id = example.after == NEW
    return {
        "Before": field_changes.format_value(example.before),
        "After": ":gray[the new record's ID]" if is_new_id else field_changes.format_value(example.after),
    }


def _record(example: RecordExample) -> dict[str, str]:
    ids = [plain(record_id) for record_id in (example.element_id, example.salesforce_id) if record_id]
    small = " · ".join(ids)
    return {"Record": f"{plain(example.name)}  \n:small[:gray[{small}]]" if example.name else small}


def _draw_failing(found: Forecast) -> None:
    if not found.failing.count:
        return
    st.warning(
        f"{counted(found.failing.count, 'record')} would fail, and not be written.",
        icon=":material/warning:",
    )
    with st.expander("Records that would fail"):
        st.table(
            [_record(one) | {"Why": plain(one.reason)} for one in found.failing.examples],
            border="horizontal",
            hide_index=True,
        )
