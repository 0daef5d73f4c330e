"""Element451 as the sync engine works with it: the account's own interface in terms of a mapping."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncer.connectors.errors import Fault, Result
from syncer.connectors.protocol import Element451, Page, Write
from syncer.core.fields import Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.records import Kind, Record, System


@dataclass(frozen=True)
class Element451Connector:
    """See `syncer.connectors.protocol.Connector`. Conversations are read only (rule 13)."""

    account: Element451

    @property
    def system(self) -> System:
        """See `Connector.system`."""
        return System.ELEMENT451

    @property
    def calls(self) -> int:
        """See `Connector.calls`."""
        return self.account.calls

    @property
    def skipped(self) -> int:
        """See `Connector.skipped`."""
        return self.account.skipped

    @property
    def usage(self) -> tuple[int, int] | None:
        """See `Connector.usage`: Element451 names no limit."""
        return None

    @property
    def read_size(self) -> int:
        """See `Connector.read_size`."""
        return self.account.read_size

    @property
    def write_fault(self) -> Fault | None:
        """See `Connector.write_fault`."""
        return self.account.write_fault

    def changed(self, mapping: FieldMapping, since: datetime | None, cursor: str | None) -> Iterator[Page]:
        """See `Connector.changed`: ordered by the records' ids; a contact that is listed and cannot be read
        comes as `RecordState.ABSENT`."""
        return self.account.changed(mapping.kind, mapping.read_from(self.system), since, cursor)

    def complete_until(self, mapping: FieldMapping, until: datetime) -> datetime:
        """See `Connector.complete_until`: a change can be seen as soon as it has its stamp."""
        return until

    def names(self, mapping: FieldMapping) -> Iterator[list[Record]]:
        """See `Connector.names`."""
        return self.account.names(mapping.read_from(self.system))

    def members(self, segment: str) -> Iterator[list[str]]:
        """See `Connector.members`."""
        return self.account.members(segment)

    def read(self, mapping: FieldMapping, ids: Sequence[str]) -> list[Record]:
        """See `Connector.read`."""
        return self.account.read(mapping.kind, ids, mapping.read_from(self.system)) if ids else []

    def find(self, mapping: FieldMapping, field: Field, values: Sequence[str]) -> list[Record]:
        """See `Connector.find`. Conversations cannot be searched by a field: none is found."""
        if mapping.kind is not Kind.CONTACT or not values:
            return []
        return self.account.find(field, values, mapping.read_from(self.system))

    def find_alike(self, mapping: FieldMapping, matched: MappedField, value: str) -> list[Record]:
        """See `Connector.find_alike`."""
        return self.account.find_alike(matched.element451, value, mapping.read_from(self.system))

    def write(self, mapping: FieldMapping, writes: Sequence[Write]) -> list[Result]:
        """See `Connector.write`: contacts only, and either insertions or updates. A creation is found again
        by the Salesforce ID that it carries; an update's empty values overwrite."""
        if any(write.action == "update" for write in writes):
            updates = [(write.id or "", write.values) for write in writes]
            read = () if all(write.just_read for write in writes) else mapping.read_from(self.system)
            believed_empty = {
                write.id or "": write.believed_empty for write in writes if write.believed_empty
            }
            return self.account.update(updates, read, believed_empty)
        assert mapping.salesforce_id is not None  # conversations are never imported
        rows = [write.values for write in writes]
        return self.account.create(rows, mapping.salesforce_id.element451.key, mapping.read_from(self.system))
