"""What an approval leaves out of a plan, as things to hold (rules 19 and 20). Pure; standard library only."""

from dataclasses import dataclass, replace
from typing import Self

from syncer.core.guard import ChangeCounts, ChangeKind, field_name, is_new_id
from syncer.core.ids import salesforce_id
from syncer.core.plan import Change, Plan, Status
from syncer.core.trust.holds import Held, Hold, creation_digest


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The kinds of change, the fields (as the numbers name them, or a slug or API name) and the records (by
    either ID) that are not approved."""

    kinds: frozenset[ChangeKind] = frozenset()
    fields: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.fields or self.records)

    @classmethod
    def of(cls, kinds: list[str] | None, fields: list[str] | None, records: list[str] | None) -> Self:
        """From what somebody typed: records in any spelling. Raises `ValueError` for an unknown kind."""
        ids = frozenset(salesforce_id(one) or one for one in records or ())
        return cls(frozenset(ChangeKind(one) for one in kinds or ()), frozenset(fields or ()), ids)

    def to_json(self) -> dict[str, list[str]]:
        """As the audit trail keeps it."""
        parts = {"kinds": self.kinds, "fields": self.fields, "records": self.records}
        return {name: sorted(part) for name, part in parts.items() if part}

    def names_apart(self) -> list[Self]:
        """Each field and each record alone, in order."""
        fields = [replace(type(self)(), fields=frozenset({one})) for one in sorted(self.fields)]
        return fields + [replace(type(self)(), records=frozenset({one})) for one in sorted(self.records)]

    def names(self, plan: Plan) -> bool:
        """Whether the plan's record is left out whole."""
        return not self.records.isdisjoint({plan.element_id, plan.salesforce_id} - {None})

    def names_field(self, plan: Plan, change: Change) -> bool:
        """Whether the field that changes is left out."""
        return not self.fields.isdisjoint({change.element451, change.salesforce, field_name(plan, change)})


def left_out(plan: Plan, out: LeaveOut) -> list[Hold]:
    """What to hold so that ``plan`` does without what is left ``out``. A creation is left out whole, or with
    its record; a field is left out of creations too."""
    whole, kinds = out.names(plan), ChangeCounts().add([plan])
    if plan.status is Status.DEACTIVATED:
        return [Hold(0, "", Held.DEACTIVATION)] if whole or kinds & out.kinds else []
    target = plan.direction.target
    if plan.creates and (whole or kinds & out.kinds):
        return [Hold(0, "", Held.CREATION, target, value=creation_digest(plan))]
    return [
        Hold(0, "", Held.VALUE, target, change.element451, change.salesforce, change.after)
        for change in plan.changes
        if not is_new_id(plan, change)
        and (whole or out.names_field(plan, change) or (not plan.creates and _kind(change) in out.kinds))
    ]


def _kind(change: Change) -> ChangeKind:
    return ChangeKind.BLANK if change.after is None else ChangeKind.CHANGE
