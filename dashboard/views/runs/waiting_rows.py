"""The records that wait as rows of a table: who, which kinds of change, and what would happen, in words. Both
directions of a record are one row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from dashboard.shared.record_names import RecordNames
from dashboard.shared.runs import change_words
from syncer.configuration.document import Document
from syncer.core.guard import ChangeKind
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.text import visible
from syncer.infra import csv_export

LEAVE_OUT = "Leave out"
"""The column with the ticks."""
Plans = Sequence[dict[str, Any]]
"""What would be done to one record, as `waiting_run.page` gives it."""


@dataclass(frozen=True)
class Wanted:
    """What of a run is listed."""

    kind: ChangeKind | None
    field: str | None
    records: tuple[str, ...] | None


class RecordRows:
    """What is said of the records of a page."""

    def __init__(self, engine: Engine, document: Document, wanted: Wanted) -> None:
        self._names = RecordNames(engine, document)
        self._preferences, self._wanted = document["preferences"], wanted

    def rows(self, records: Sequence[Plans], out: Collection[str]) -> list[dict[str, Any]]:
        """The cells of each record; those that are left ``out`` are ticked."""
        self._names.look_up(plan for plans in records for plan in plans)
        return [self._row(plans, out) for plans in records]

    def _row(self, plans: Plans, out: Collection[str]) -> dict[str, Any]:
        kinds = [kind for kind in change_words.KINDS if any(kind in plan["kinds"] for plan in plans)]
        name = self._names.name(plans[0])
        if plans[0]["kind"] == Kind.CONVERSATION:
            name = f"Conversation, {name}"
        return {
            LEAVE_OUT: record_id(plans) in out,
            "Student": csv_export.escape(visible(name)),
            "What would happen": csv_export.escape(visible("; ".join(map(self._told, plans)))),
            "Kind": [change_words.KINDS[kind].cell for kind in kinds],
        }

    def _told(self, plan: dict[str, Any]) -> str:
        """The changes of a plan in words: first what the filters ask for, then what is emptied."""
        target = Direction(plan["direction"]).target
        if Status(plan["status"]) is Status.DEACTIVATED or not plan["changes"]:
            return str(plan["reason"])
        changes = sorted(
            plan["changes"],
            key=lambda change: (not self._is_wanted(plan, change), change["after"] is not None),
        )
        entity = self._preferences[f"{plan['kind']}_entity"]
        ordered = plan | {"changes": changes, "entity": entity}
        told = self._names.summary(ordered)
        return told if target.label in told else f"{told}, in {target.label}"

    def _is_wanted(self, plan: dict[str, Any], change: dict[str, Any]) -> bool:
        arrow = "→" if plan["direction"] == Direction.EXPORT else "←"
        return f"{change['element451']} {arrow} {change['salesforce']}" == self._wanted.field


def record_id(plans: Plans) -> str:
    """The ID by which a record is left out."""
    return str(plans[0]["element_id"] or plans[0]["salesforce_id"])
