"""What a configuration would do to records, as counts with examples: records that are created or fail, and
what happens to each field. Pure; standard library only."""

from dataclasses import dataclass, field

from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System, Value

MAX_EXAMPLES = 10
"""How many records are named for each thing that would happen."""


@dataclass(frozen=True, slots=True)
class RecordExample:
    """One of the records that were counted: its name (empty if unknown), its IDs, and the value before and
    after. ``reason`` says why it would fail."""

    name: str
    element_id: str | None
    salesforce_id: str | None
    before: Value = None
    after: Value = None
    reason: str = ""


@dataclass(slots=True)
class RecordCount:
    """A number of records, and the first of them."""

    count: int = 0
    examples: list[RecordExample] = field(default_factory=list)

    def add(self, example: RecordExample) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class FieldImpact:
    """What happens to one field of one system: records that get another value, records that are blanked, and
    ``unread``, the number of records of which nothing can be said, since the field has not been read on both
    sides yet (rule 6)."""

    kind: Kind
    mapped: MappedField
    target: System
    changed: RecordCount = field(default_factory=RecordCount)
    blanked: RecordCount = field(default_factory=RecordCount)
    unread: int = 0

    @property
    def examples(self) -> list[RecordExample]:
        """At most ten records: first those that are blanked, which lose most, with room for others."""
        blanked = self.blanked.examples[: max(MAX_EXAMPLES // 2, MAX_EXAMPLES - len(self.changed.examples))]
        return blanked + self.changed.examples[: MAX_EXAMPLES - len(blanked)]
