"""Names for the records and fields of log entries and plans, from the stored pairs and catalogues. Neither
system is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from dashboard.shared.students import entry_words
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.configuration.document import Document
from syncer.sync import record_search

Entry = Mapping[str, Any]
"""A log entry, or a plan with the ``entity`` of its record."""


class RecordNames:
    """Looks up the names of records and the labels of fields. ``document`` is the configuration in force.
    Each catalogue is read once."""

    def __init__(self, engine: Engine, document: Document | None, entries: Iterable[Entry] = ()) -> None:
        self._engine = engine
        self._preferences = document["preferences"] if document else None
        self._labels: dict[str, Labels] = {}
        self._names: dict[str, str] = {}
        self.look_up(entries)

    def look_up(self, entries: Iterable[Entry]) -> None:
        """Look up the contacts of these entries, in place of those before. A conversation has the name of its
        contact."""
        ids = [entry[side] for entry in entries for side in ("element_id", "salesforce_id")]
        if ids:
            self._names = self.of_ids(ids)

    def of_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """What to call those who have these IDs, of either system; those without a name are left out."""
        if not self._preferences:
            return {}
        entity, conversations = self._preferences["contact_entity"], self._preferences["conversation_entity"]
        return record_search.names(self._engine, entity, ids, conversations)

    def name(self, entry: Entry) -> str:
        """The name of an entry's record, else an ID of it."""
        ids = [record_id for record_id in (entry["element_id"], entry["salesforce_id"]) if record_id]
        names = (self._names[record_id] for record_id in ids if record_id in self._names)
        return next(names, ids[0] if ids else "A record without an ID")

    def labels(self, entry: Entry) -> Labels:
        """The labels of the fields of an entry's object."""
        entity = str(entry["entity"])
        if entity not in self._labels:
            self._labels[entity] = catalogue.last_read_labels(self._engine, entity)
        return self._labels[entity]

    def summary(self, entry: Entry) -> str:
        """What happened, in a line: the values that were written, else the reason."""
        return entry_words.summary(entry, self.labels(entry))
