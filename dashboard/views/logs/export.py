"""The filtered log entries as a CSV file, written when somebody downloads it."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from sqlalchemy import Engine

from dashboard.shared.flow_labels import flow_label
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import Entry, RecordNames
from syncer.configuration.document import Document
from syncer.infra import csv_export
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter

MOST_ROWS = 50_000
COLUMNS = (
    "Time",
    "Entry",
    "Run",
    "What",
    "Status",
    "Name",
    "Element ID",
    "Salesforce ID",
    "What happened",
    "Code",
    "System's own text",
    "Changes",
    "Settings version",
    "Retry of entry",
)


def file(engine: Engine, document: Document | None, chosen: LogFilter, zone: tzinfo) -> bytes:
    """The newest `MOST_ROWS` of the chosen entries, with times in ``zone``. ``document`` is the configuration
    in force."""
    return csv_export.file(COLUMNS, rows(engine, document, chosen, zone))


def rows(
    engine: Engine, document: Document | None, chosen: LogFilter, zone: tzinfo
) -> Iterator[dict[str, Any]]:
    """A row for each entry, read in batches."""
    names = RecordNames(engine, document)
    for entries in log_queries.batches(engine, chosen, MOST_ROWS):
        names.look_up(entries)
        for entry in entries:
            yield _row(entry, names, zone)


def _row(entry: Entry, names: RecordNames, zone: tzinfo) -> dict[str, Any]:
    return {
        "Time": entry["time"].astimezone(zone).isoformat(sep=" ", timespec="seconds"),
        "Entry": entry["entry"],
        "Run": entry["run"],
        "What": flow_label(entry),
        "Status": entry["status"],
        "Name": names.name(entry),
        "Element ID": entry["element_id"],
        "Salesforce ID": entry["salesforce_id"],
        "What happened": names.summary(entry),
        "Code": entry["code"],
        "System's own text": entry["detail"],
        "Changes": "\n".join(map(_change, entry["changes"])),
        "Settings version": entry["version"],
        "Retry of entry": entry["retry_of"],
    }


def _change(change: Mapping[str, Any]) -> str:
    before = "not known" if change.get("known") is False else _value(change["before"])
    made = " (held)" if change.get("held") else " (not written)" if change.get("left_out") else ""
    return f"{change['salesforce']}: {before} -> {_value(change['after'])}{made}"


def _value(value: object) -> str:
    return field_changes.value_text(value) or "empty"
