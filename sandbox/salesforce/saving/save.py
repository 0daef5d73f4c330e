"""Creates, updates and upserts many records, with Salesforce's checks (contracts/salesforce.md A3, A4.1,
A8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.journal import By
from sandbox.salesforce.errors import ROLLED_BACK, RowError, SalesforceError
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.options import SalesforceOptions
from sandbox.salesforce.saving import checks
from sandbox.salesforce.saving.drafts import Draft, Reader, apply_triggers
from sandbox.salesforce.saving.duplicates import check_duplicates
from sandbox.salesforce.saving.part_limits import run_automation
from sandbox.salesforce.schema import Schema
from sandbox.salesforce.store import Store, folded
from sandbox.world import World


@dataclass(slots=True)
class Saved:
    """What became of one record."""

    id: str
    errors: list[RowError]
    created: bool = False

    def as_item(self) -> dict[str, object]:
        """As a collections result."""
        item: dict[str, object] = {"id": self.id} if self.id else {}
        item["success"] = not self.errors
        item["errors"] = [error.as_item() for error in self.errors]
        return item


class _RollBackError(Exception):
    """Undoes a call that was to store all or nothing."""


class Saver:
    """The org's way of saving."""

    def __init__(self, world: World, schema: Schema, store: Store, reader: Reader) -> None:
        self._world = world
        self._schema = schema
        self._store = store
        self._reader = reader

    def save(
        self,
        drafts: Sequence[Draft],
        all_or_none: bool = False,
        by: By = "api",
        allow_duplicates: bool = False,
    ) -> list[Saved]:
        """Store the drafts (of ``insert``, ``update`` or ``upsert``); results in their order. Raises
        SalesforceError where a whole part is refused."""
        try:
            with self._world.transaction():
                results = self._save(drafts, by, allow_duplicates)
                if all_or_none and any(saved.errors for saved in results):
                    raise _RollBackError
        except _RollBackError:
            return [saved if saved.errors else Saved("", [ROLLED_BACK]) for saved in results]
        if by == "api":
            self._world.counters.written("salesforce", sum(not saved.errors for saved in results))
        return results

    def insert(self, records: Iterable[tuple[SObject, Mapping[str, Any]]]) -> list[Draft]:
        """Drafts of new records. Raises SalesforceError where the whole call is refused."""
        drafts = []
        for item, sent in records:
            draft = self._reader.read(item, sent, creating=True)
            draft.created = True
            if draft.given is not None:
                draft.refuse("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "Id")
            drafts.append(draft)
        return drafts

    def update(self, records: Iterable[tuple[SObject, Mapping[str, Any]]]) -> list[Draft]:
        """Drafts of changes to records named by ``id``. Raises SalesforceError where the whole call is
        refused."""
        drafts = [self._reader.read(item, sent, creating=False) for item, sent in records]
        self._find_by_id(drafts)
        seen: set[str] = set()
        for draft in drafts:
            if draft.id and draft.id in seen:
                draft.refuse("DUPLICATE_VALUE", f"duplicate id in list: {draft.id}", "Id")
            seen.add(draft.id)
        return drafts

    def upsert(self, item: SObject, records: Iterable[Mapping[str, Any]], key: Field) -> list[Draft]:
        """Drafts of records found by an external id, new where nothing is found. Raises SalesforceError where
        the whole call is refused."""
        if key.type == "id":
            sent = list(records)
            known = iter(self.update((item, record) for record in sent if _id_of(record)))
            new = iter(
                self.insert(
                    (item, {name: value for name, value in record.items() if name.lower() != "id"})
                    for record in sent
                    if not _id_of(record)
                )
            )
            return [next(known if _id_of(record) else new) for record in sent]
        drafts = [self._reader.read(item, record, creating=False, key=key) for record in records]
        found = self._store.ids_by(item, key, [draft.key for draft in drafts if draft.key is not None])
        times = Counter(folded(draft.key) for draft in drafts)
        for place, draft in enumerate(drafts):
            matches = found.get(folded(draft.key), [])
            if draft.key is None:
                if not draft.errors:
                    draft.refuse("MISSING_ARGUMENT", f"{key.name} not specified")
            elif times[folded(draft.key)] > 1:
                draft.refuse("DUPLICATE_VALUE", f"Duplicate external id specified: {draft.key}", key.name)
            elif len(matches) > 1:
                text = f"{key.name}: more than one record found for external id field: [{', '.join(matches)}]"
                draft.refuse("DUPLICATE_EXTERNAL_ID", text, key.name)
            elif matches:
                draft.id = matches[0]
            else:
                drafts[place] = draft = self._reader.read(item, draft.sent, creating=True, key=key)
                draft.created = True
                draft.values[key.column] = draft.key
        return drafts

    def _save(self, drafts: Sequence[Draft], by: By, allow_duplicates: bool) -> list[Saved]:
        self._prepare(drafts, by)
        self._number(drafts)
        for item in {draft.item.name: draft.item for draft in drafts}.values():
            own = [draft for draft in drafts if draft.item is item and not draft.errors]
            checks.check_lookups(self._schema, self._store, item, own, by)
            checks.check_unique(self._store, item, own, by)
            if by == "api":
                check_duplicates(self._options.duplicate_rules, self._store, own, allow_duplicates)
                run_automation(self._options.part_limits, item, own)
            self._write(item, [draft for draft in own if not draft.errors], by)
        return [
            Saved("" if draft.created and draft.errors else draft.id, draft.errors, draft.created)
            for draft in drafts
        ]

    def _prepare(self, drafts: Sequence[Draft], by: By) -> None:
        """What is done to each record alone: ordered faults, sharing, required fields, triggers."""
        record_faults = by == "api" and self._world.faults.has_record_faults()
        if by == "api":
            checks.check_sharing(self._store, drafts)
        for place, draft in enumerate(drafts):
            if record_faults:
                self._play_fault(draft, place)
            self._reader.check_required(draft)
            apply_triggers(draft, self._options.triggers)

    def _number(self, drafts: Sequence[Draft]) -> None:
        new: dict[str, list[Draft]] = {}
        for draft in drafts:
            if draft.created and not draft.errors:
                new.setdefault(draft.item.name, []).append(draft)
        for name, fresh in new.items():
            ids = self._store.next_ids(self._schema.objects[name], len(fresh))
            for draft, (id, number) in zip(fresh, ids, strict=True):
                draft.id, draft.number = id, number

    def _write(self, item: SObject, good: Sequence[Draft], by: By) -> None:
        new = [(draft.id, draft.number, draft.values) for draft in good if draft.created]
        self._store.insert(item, new, by)
        self._store.update(item, [(draft.id, draft.values) for draft in good if not draft.created], by)

    @property
    def _options(self) -> SalesforceOptions:
        return self._world.options.of(SalesforceOptions)

    def _play_fault(self, draft: Draft, place: int) -> None:
        """Refuse the record that a control named, or its whole part."""
        fault = self._world.faults.for_record("salesforce", draft.item.name, place, draft.id, draft.sent)
        if fault is not None:
            draft.errors = [_ordered(fault.error)]
            if fault.whole:
                raise SalesforceError.of(400, draft.errors)

    def _find_by_id(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            given = draft.given
            id = normal_id(given) if isinstance(given, str) else None
            if given in (None, ""):
                draft.refuse("MISSING_ARGUMENT", "Id not specified in an update call")
            elif id is None or not id.startswith(draft.item.keyPrefix):
                draft.refuse(
                    "MALFORMED_ID", f"{draft.item.label} ID: id value of incorrect type: {given}", "Id"
                )
            else:
                draft.id = id
        for item in {draft.item.name: draft.item for draft in drafts}.values():
            own = [draft for draft in drafts if draft.item is item and draft.id]
            states = self._store.states(item, [draft.id for draft in own])
            for draft in own:
                if draft.id not in states:
                    draft.refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
                elif states[draft.id]:
                    draft.refuse("ENTITY_IS_DELETED", "entity is deleted")


def _ordered(fault: Mapping[str, Any]) -> RowError:
    """The error that a control ordered for a record."""
    return RowError(
        str(fault.get("statusCode", "UNKNOWN_EXCEPTION")),
        str(fault.get("message", "")),
        tuple(fault.get("fields", ())),
    )


def _id_of(record: Mapping[str, Any]) -> object:
    return next((value for name, value in record.items() if name.lower() == "id"), None)
