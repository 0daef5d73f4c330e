"""Trying whether what is written stays as it was written, on one test record that gets back what it held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from syncer.connectors.errors import Fault, Result
from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.examination import verdicts
from syncer.connectors.salesforce.examination.checks import ExpectedObject
from syncer.core.field_types.text import LONG_TEXT, TEXT
from syncer.core.fields import Entity, Field
from syncer.core.records import Record, RecordState, Value, Values
from syncer.core.trust.verdict import Finding, State, not_proved

WRITTEN = "Sync check"
_STAMPS = frozenset({"SystemModstamp", "LastModifiedDate"})


@dataclass(frozen=True)
class AutomationExamination:
    """Tries the record ``id`` of ``entity``: ``read`` and ``write`` are the client's."""

    entity: Entity
    expected: ExpectedObject
    id: str
    read: Callable[[Entity, Sequence[str], Sequence[Field]], list[Record]]
    write: Callable[[Entity, Sequence[Write]], list[Result]]

    def finding(self) -> Finding:
        """Write a text to every text field that the sync writes, read the record, and put it back."""
        fields = [self.entity.fields[name] for name in sorted(self.expected.read & self.entity.fields.keys())]
        texts = [field for field in fields if self._is_free_text(field)]
        if not texts:
            return not_proved("The sync writes to no free text field of this object.")
        before = self._values(fields)
        if before is None:
            return not_proved("The test record is not visible, or was deleted.")
        written = {field.key: WRITTEN[: field.length or None] for field in texts}
        try:
            [result] = self.write(self.entity, [Write("update", dict[str, Value](written), self.id)])
            if result.refusal:
                return not_proved(f"The test record could not be written ({result.refusal.code}).")
            after = self._values(fields) or {}
            others = {
                field.key: (before.get(field.key), after.get(field.key))
                for field in fields
                if field.key not in written and not field.calculated and field.key not in _STAMPS
            }
            found = verdicts.automation(written, after, others)
        finally:
            restored = self._put_back({field.key: before.get(field.key) for field in texts})
        return found if restored else _not_restored(found, {key: before.get(key) for key in written})

    def _is_free_text(self, field: Field) -> bool:
        free = field.type in (TEXT, LONG_TEXT) and not (field.options or field.unique or field.rich_text)
        return free and field.updatable and field.key in self.expected.updated

    def _values(self, fields: Sequence[Field]) -> Values | None:
        found = [one for one in self.read(self.entity, [self.id], fields) if one.state is RecordState.LIVE]
        return found[0].values if found else None

    def _put_back(self, before: Mapping[str, Value]) -> bool:
        fields = [self.entity.fields[name] for name in before]
        try:
            self.write(self.entity, [Write("update", dict(before), self.id)])
            now = self._values(fields)
        except Fault:
            return False
        return now is not None and all(now.get(name) == value for name, value in before.items())


def _not_restored(found: Finding, before: Mapping[str, Value]) -> Finding:
    sentence = f"{found.found} The test record could not be given back what it held."
    remedy = f"{found.remedy} Set {', '.join(before)} of the test record by hand.".strip()
    return replace(found, state=State.DISPROVED, found=sentence, remedy=remedy, restore=before)
