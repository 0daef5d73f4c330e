"""What records and fields of log entries are called, as far as the pairs and catalogues tell: neither system
is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.configuration.config_file import Document
from syncer.core.plan import Direction, Flow, Status
from syncer.core.records import Kind, System
from syncer.sync import record_search

Entry = Mapping[str, Any]
DONE = {
    Flow.IMPORT_CONTACT: "Contact import",
    Flow.EXPORT_CONTACT: "Contact export",
    Flow.EXPORT_CONVERSATION: "Conversation export",
}


def done(entry: Entry) -> str:
    """What the entry is of: “Contact import” and the like."""
    return DONE[Flow.of(Direction(entry["direction"]), Kind(entry["kind"]))]


class Called:
    """Names the records of these entries; ``document`` is the configuration in force. Each catalogue is read
    once."""

    def __init__(self, engine: Engine, document: Document | None, entries: Iterable[Entry] = ()) -> None:
        self._engine, self._preferences = engine, document["preferences"] if document else None
        self._labels: dict[str, Labels] = {}
        self._names: dict[str, str] = {}
        self.look_up(entries)

    def look_up(self, entries: Iterable[Entry]) -> None:
        """Learn the names of the contacts behind these entries; a conversation goes by its contact. Those of
        others are forgotten."""
        ids = [entry[side] for entry in entries for side in ("element_id", "salesforce_id")]
        if self._preferences and ids:
            contact, conversation = (
                self._preferences["contact_entity"],
                self._preferences["conversation_entity"],
            )
            self._names = record_search.names(self._engine, contact, ids, conversation)

    def name(self, entry: Entry) -> str:
        """What to call the record of an entry: its name, else an ID."""
        ids = [identity for identity in (entry["element_id"], entry["salesforce_id"]) if identity]
        return next(
            (self._names[identity] for identity in ids if identity in self._names),
            ids[0] if ids else "A record without an ID",
        )

    def labels(self, entry: Entry) -> Labels:
        """The labels of the fields of an entry's object."""
        entity = str(entry["entity"])
        if entity not in self._labels:
            self._labels[entity] = catalogue.last_read_labels(self._engine, entity)
        return self._labels[entity]

    def happened(self, entry: Entry) -> str:
        """What happened, in a line: the reason, and the fields that were written."""
        system = System.ELEMENT451 if entry["direction"] == "import" else System.SALESFORCE
        reason, written = str(entry["reason"]), entry["changes"] if Status(entry["status"]).writes else []
        fields = ", ".join(self.labels(entry).of(system, str(change[system.value])) for change in written)
        return f"{reason.rstrip('.')}: {fields}" if reason and fields else reason or fields


WHAT: dict[str, str] = {
    Flow.IMPORT_CONTACT: "Contacts imported",
    Flow.EXPORT_CONTACT: "Contacts exported",
    Flow.EXPORT_CONVERSATION: "Conversations exported",
}
"""What a run does, as its counts are called, and as people say it."""
