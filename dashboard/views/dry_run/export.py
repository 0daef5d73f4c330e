"""The plans of a dry run as a CSV file, a line for each field that would get another value, made when it is
asked for."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from dashboard.shared import csv_export
from dashboard.shared.flow_labels import flow_label
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import RecordNames
from syncer.configuration.config_file import Document
from syncer.core.records import System
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import PlanFilter

MOST = 100_000
"""Lines of a file, so that it does not take the dashboard's memory."""
COLUMNS = (
    "What",
    "Status",
    "Name",
    "Element ID",
    "Salesforce ID",
    "Why",
    "Element451 field",
    "Salesforce field",
    "Owner",
    "Before",
    "After",
)


def file(engine: Engine, document: Document, run: int, wanted: PlanFilter) -> bytes:
    """The first `MOST` lines of the wanted plans. ``document``: the configuration in force."""
    return csv_export.file(COLUMNS, islice(_lines(engine, document, run, wanted), MOST))


def _lines(engine: Engine, document: Document, run: int, wanted: PlanFilter) -> Iterator[dict[str, Any]]:
    called, after = RecordNames(engine, document), 0
    while True:
        page = dry_run_plans.page(engine, run, wanted, after, dry_run_plans.BATCH)
        called.look_up(page.plans)
        for plan in page.plans:
            about = {
                "What": flow_label(plan),
                "Status": plan["status"],
                "Name": called.name(plan),
                "Why": plan["reason"],
            }
            about |= {"Element ID": plan["element_id"], "Salesforce ID": plan["salesforce_id"]}
            for change in plan["changes"] or [None]:
                yield about | (_field(change) if change else {})
        if page.next is None:
            return
        after = page.next


def _field(change: dict[str, Any]) -> dict[str, Any]:
    before = "not known yet" if change.get("known") is False else field_changes.value_text(change["before"])
    owner, after = System(change["owner"]).label, field_changes.value_text(change["after"])
    return {
        "Element451 field": change["element451"],
        "Salesforce field": change["salesforce"],
        "Owner": owner,
        "Before": before,
        "After": after,
    }
