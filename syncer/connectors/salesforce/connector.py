"""Salesforce as the sync engine works with it: the org's own interface in terms of a mapping."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syncer.connectors.errors import Fault, Result, Unreachable
from syncer.connectors.protocol import Page, Salesforce, Write
from syncer.core.fields import Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.records import Kind, Record, RecordState, System

IDS_PER_QUERY = 200


@dataclass(frozen=True)
class SalesforceConnector:
    """See `syncer.connectors.protocol.Connector`."""

    org: Salesforce

    @property
    def system(self) -> System:
        """See `Connector.system`."""
        return System.SALESFORCE

    @property
    def calls(self) -> int:
        """See `Connector.calls`."""
        return self.org.calls

    @property
    def skipped(self) -> int:
        """See `Connector.skipped`."""
        return self.org.skipped

    @property
    def usage(self) -> tuple[int, int] | None:
        """See `Connector.usage`."""
        return self.org.usage

    @property
    def read_size(self) -> int:
        """See `Connector.read_size`: so many ids fit into a query's address."""
        return IDS_PER_QUERY

    @property
    def write_fault(self) -> Fault | None:
        """See `Connector.write_fault`."""
        return self.org.write_fault

    def changed(self, mapping: FieldMapping, since: datetime | None, cursor: str | None) -> Iterator[Page]:
        """See `Connector.changed`: ordered by (SystemModstamp, Id)."""
        only = () if since else mapping.narrowed(self.system)
        return self.org.changed(mapping.entity, mapping.read_from(self.system), since, cursor, only)

    def complete_until(self, mapping: FieldMapping, until: datetime) -> datetime:
        """See `Connector.complete_until`: getUpdated's latestDateCovered."""
        return self.org.complete_until(mapping.entity, until)

    def names(self, mapping: FieldMapping) -> Iterator[list[Record]]:
        """See `Connector.names`: nothing."""
        return iter(())

    def members(self, segment: str) -> Iterator[list[str]]:
        """See `Connector.members`: nobody."""
        return iter(())

    def read(self, mapping: FieldMapping, ids: Sequence[str]) -> list[Record]:
        """See `Connector.read`."""
        if not ids:
            return []
        fields, skipped = mapping.read_from(self.system), self.skipped
        found = {record.id: record for record in self.org.read(mapping.entity, ids, fields)}
        if self.skipped > skipped:  # any of these may be one that is missing
            return [found[identity] for identity in ids if identity in found]
        missing = [identity for identity in ids if identity not in found]
        deleted = self.org.deleted(mapping.entity) if missing else frozenset[str]()
        for identity in missing:
            state = RecordState.GONE if identity in deleted else RecordState.ABSENT
            found[identity] = Record(identity, {}, state)
        return [found[identity] for identity in ids]

    def find(self, mapping: FieldMapping, field: Field, values: Sequence[str]) -> list[Record]:
        """See `Connector.find`: deleted records too. Salesforce compares texts without regard to case."""
        if not values:
            return []
        return self.org.find(mapping.entity, field, values, mapping.read_from(self.system))

    def find_alike(self, mapping: FieldMapping, matched: MappedField, value: str) -> list[Record]:
        """See `Connector.find_alike`."""
        return self.find(mapping, matched.salesforce, [value])

    def write(self, mapping: FieldMapping, writes: Sequence[Write]) -> list[Result]:
        """See `Connector.write`. The unique field that holds the Element ID (or conversation ID) is the key
        of upserts, and what a refused creation is recognised by (rule 14)."""
        results = self.org.write(mapping.entity, writes, mapping.element_id.salesforce.key)
        if mapping.kind is Kind.CONTACT and not self.write_fault:
            return self._with_created(mapping, writes, results)
        return results

    def _with_created(
        self, mapping: FieldMapping, writes: Sequence[Write], results: list[Result]
    ) -> list[Result]:
        """Give each inserted contact the values that Salesforce gave it (defaults, automation), so that the
        other direction can follow."""
        inserted = [
            result.id
            for write, result in zip(writes, results, strict=True)
            if write.action == "insert" and not result.refusal and result.id
        ]
        if not inserted:
            return results
        try:
            read = self.org.read(mapping.entity, inserted, mapping.read_from(self.system))
        except Unreachable:
            return results  # what was sent is known; the next pull brings the rest
        found: dict[str | None, Record] = {record.id: record for record in read}
        return [
            result if result.refusal or result.id not in found else replace(result, record=found[result.id])
            for result in results
        ]
