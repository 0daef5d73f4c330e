"""What a log entry says was really written: the basis of every explanation and undo (rules 21 and 24). Pure;
standard library only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncer.core.mapping import CONTACT_ID, CONVERSATION_CONTACT, CONVERSATION_ID
from syncer.core.plan import Change, Direction, Status
from syncer.core.records import Kind, System

LINKS = (CONTACT_ID, CONVERSATION_ID, CONVERSATION_CONTACT)
"""The slugs whose fields link records: they belong to pairing (rule 8)."""


@dataclass(frozen=True, slots=True)
class Written:
    """One value that was written to one field of one record. ``creates``: the record was created by it."""

    entry: int
    run: int
    version: int
    time: datetime
    target: System
    change: Change
    creates: bool

    @property
    def key(self) -> str:
        """The field, by the key of the system that was written."""
        return self.change.salesforce if self.target is System.SALESFORCE else self.change.element451

    @property
    def is_link(self) -> bool:
        """Whether it is an ID by which two records are linked."""
        return self.change.element451 in LINKS or self.change.salesforce == "Id"


def written_by(entry: Mapping[str, Any]) -> Iterator[Written]:
    """The values that an entry of the log wrote; ``entry`` is a row of the table of entries, or as
    `log_queries` gives it. A record that failed wrote something only where it also left something out."""
    changes, status = entry["changes"], Status(entry["status"])
    in_part = status is Status.FAILED and any(change.get("left_out") for change in changes)
    if not (status.writes or in_part):
        return
    target, creates = Direction(entry["direction"]).target, created_record(entry)
    for change in changes:
        if not (change.get("left_out") or change.get("held")):
            yield Written(
                entry.get("entry") or entry["id"],
                entry["run"],
                entry["version"],
                entry["time"],
                target,
                _change(change),
                creates,
            )


def undoable(entry: Mapping[str, Any]) -> bool:
    """Whether an entry did something that an undo has to speak of, even if it cannot be undone."""
    return entry["status"] == Status.DEACTIVATED or any(True for _ in written_by(entry))


def created_record(entry: Mapping[str, Any]) -> bool:
    """Whether an entry tells of a record that was created. Only the creation of a conversation writes its
    ID."""
    if entry["status"] == Status.INSERTED:
        return True
    conversation = entry["status"] == Status.UPSERTED and entry["kind"] == Kind.CONVERSATION
    return conversation and any(
        change["element451"] == CONVERSATION_ID and change["before"] is None for change in entry["changes"]
    )


def _change(change: Mapping[str, Any]) -> Change:
    return Change(
        change["element451"],
        change["salesforce"],
        System(change["owner"]),
        change["before"],
        change["after"],
        change.get("known", True),
    )
