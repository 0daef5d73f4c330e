"""The chosen entries of the Integration Logs as a CSV file, made when it is asked for."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from sqlalchemy import Engine

from dashboard.shared import csv_export
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import RecordNames
from syncer.configuration.config_file import Document
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter

MOST = 50_000
COLUMNS = (
    *(
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
    ),
    *("Settings version", "Retry of entry"),
)


def file(engine: Engine, document: Document | None, chosen: LogFilter, zone: tzinfo) -> bytes:
    """The newest `MOST` of the chosen entries; times are those of ``zone``. ``document``: the configuration
    in force."""
    return csv_export.file(COLUMNS, rows(engine, document, chosen, zone))


def rows(
    engine: Engine, document: Document | None, chosen: LogFilter, zone: tzinfo
) -> Iterator[dict[str, Any]]:
    """A row per entry, a thousand of them in hand at a time."""
    called = RecordNames(engine, document)
    for entries in log_queries.batches(engine, chosen, MOST):
        called.look_up(entries)
        for entry in entries:
            yield {
                "Time": entry["time"].astimezone(zone).isoformat(sep=" ", timespec="seconds"),
                "Entry": entry["entry"],
                "Run": entry["run"],
                "What": flow_label(entry),
                "Status": entry["status"],
                "Name": called.name(entry),
                "Element ID": entry["element_id"],
                "Salesforce ID": entry["salesforce_id"],
                "What happened": called.summary(entry),
                "Code": entry["code"],
                "System's own text": entry["detail"],
                "Changes": "\n".join(
                    f"{change['salesforce']}: {_text(change, 'before')} -> {_text(change, 'after')}"
                    for change in entry["changes"]
                ),
                "Settings version": entry["version"],
                "Retry of entry": entry["retry_of"],
            }


def _text(change: dict[str, Any], side: str) -> str:
    if side == "before" and change.get("known") is False:
        return "not known"
    return field_changes.value_text(change[side]) or "empty"
