"""The plans of a dry run as a CSV file, with a row for each field that would get another value."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from dashboard.shared.flow_labels import flow_label
from dashboard.shared.plans import field_changes
from dashboard.shared.record_names import RecordNames
from syncer.configuration.document import Document
from syncer.core.records import System
from syncer.infra import csv_export
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import PlanFilter

MOST_ROWS = 100_000
"""Rows of a file. More would take the dashboard's memory."""
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
    """The first `MOST_ROWS` rows of the wanted plans. ``document`` is the configuration in force."""
    return csv_export.file(COLUMNS, islice(_rows(engine, document, run, wanted), MOST_ROWS))


def _rows(engine: Engine, document: Document, run: int, wanted: PlanFilter) -> Iterator[dict[str, Any]]:
    names = RecordNames(engine, document)
    after: int | None = 0
    while after is not None:
        page = dry_run_plans.page(engine, run, wanted, after, dry_run_plans.BATCH)
        names.look_up(page.plans)
        for plan in page.plans:
            columns = _plan_columns(plan, names)
            for change in plan["changes"]:
                yield columns | _change_columns(change)
            if not plan["changes"]:
                yield columns
        after = page.next


def _plan_columns(plan: Mapping[str, Any], names: RecordNames) -> dict[str, Any]:
    return {
        "What": flow_label(plan),
        "Status": plan["status"],
        "Name": names.name(plan),
        "Element ID": plan["element_id"],
        "Salesforce ID": plan["salesforce_id"],
        "Why": plan["reason"],
    }


def _change_columns(change: Mapping[str, Any]) -> dict[str, Any]:
    known = change.get("known") is not False
    return {
        "Element451 field": change["element451"],
        "Salesforce field": change["salesforce"],
        "Owner": System(change["owner"]).label,
        "Before": field_changes.value_text(change["before"]) if known else "not known yet",
        "After": field_changes.value_text(change["after"]),
    }
