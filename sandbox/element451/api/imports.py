"""``POST /users/import``: rows that update or create contacts; the answer's ids are not tied to rows."""

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import orjson

from sandbox.element451 import catalogue, store, values
from sandbox.element451.api import template
from sandbox.element451.api.refusal import bad
from sandbox.element451.api.template import Column, Import
from sandbox.element451.options import Element451Options
from sandbox.element451.store import CONTACT, Row, Values
from sandbox.world import World


class _Skipped(Exception):
    """A row that is not stored, with its errors by slug."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def run(world: World, body: Any) -> tuple[int, Any]:
    """Carry out an import. Good rows are stored even where others are not; all of them in one transaction.

    A ``record`` fault (``sandbox.faults``; object ``contact``) skips its row; its ``error`` is the row's
    errors, ``{slug: [text]}``. With ``whole`` the call is refused with its ``message``.
    """
    batch = template.read(body, store.fields(world))
    with world.transaction():
        work = _Work(world, batch)
        warnings = list(work.carry_out())
        work.write()
    created, updated = work.ids(True), work.ids(False)
    result = {"created": created, "updated": updated}
    stats = {"created": len(created), "updated": len(updated)}
    return 201, {"data": {"stats": stats, "error": None, "warnings": warnings, "result": result}}


class _Work:
    """One import under way: who matches what, and what each contact becomes."""

    def __init__(self, world: World, batch: Import) -> None:
        self._world, self._batch = world, batch
        self._options = world.options.of(Element451Options)
        self._zone = self._options.element451_zone
        self._strike = world.faults.has_record_faults()
        self._unique = [column for column in batch.columns if column.unique]
        self._owners = {column.field.slug: self._find(column) for column in self._unique}
        matched = {id for owners in self._owners.values() for ids in owners.values() for id in ids}
        self._rows: dict[str, Row] = store.by_ids(world, CONTACT, matched)
        self._new = iter(store.new_ids(world, len(batch.rows)))
        self._changes: dict[str, Values] = {}
        self._created: set[str] = set()

    def carry_out(self) -> Iterator[dict[str, Any]]:
        """Apply row after row; gives the warnings of those that are skipped."""
        for index, row in enumerate(self._batch.rows):
            try:
                self._apply(index, row)
            except _Skipped as skipped:
                if self._options.element451_warns:
                    yield {"index": index, "errors": skipped.errors}

    def write(self) -> None:
        """Store what the rows made of the contacts, and note it."""
        store.save(self._world, CONTACT, ((id, self._rows[id].values) for id in self._changes))
        for operation, wanted in (("create", True), ("update", False)):
            noted = [
                (id, changed) for id, changed in self._changes.items() if (id in self._created) == wanted
            ]
            self._world.journal.write_many("element451", operation, CONTACT.name, noted, "api")
        self._world.counters.written("element451", len(self._changes))

    def ids(self, created: bool) -> list[str]:
        """The contacts that were created, or updated, in no useful order."""
        return sorted(
            (id for id in self._changes if (id in self._created) == created),
            key=lambda id: crc32(id.encode()),
        )

    def _find(self, column: Column) -> dict[str, set[str]]:
        """Who holds which of the values that the column's cells name."""
        wanted = [str(cell) for row in self._batch.rows if not values.is_empty(cell := row[column.cell])]
        held = store.column(CONTACT, column.field.slug)
        found = self._world.db.execute(
            f"SELECT {held}, id FROM {CONTACT.table} WHERE {held} IN (SELECT value FROM json_each(?))",
            [orjson.dumps(wanted).decode()],
        )
        owners: dict[str, set[str]] = {}
        for value, id in found:
            owners.setdefault(str(value), set()).add(id)
        return owners

    def _apply(self, index: int, row: dict[str, Any]) -> None:
        known = self._match(row)
        changes = self._typed(row)
        self._check_faults(index, known, row)
        id = known or next(self._new)
        before = self._rows[id].values if known else {}
        after = dict(before)
        for slug, (keep, value) in changes.items():
            if keep:
                after[slug] = value
            else:
                after.pop(slug, None)
        changed = {
            slug: after.get(slug)
            for slug in changes
            if after.get(slug) != before.get(slug) or (slug in after) != (slug in before)
        }
        self._changes.setdefault(id, {}).update(changed)
        self._rows[id] = Row(id, 0, after)
        if not known:
            self._created.add(id)
        for column in self._unique:
            if (value := after.get(column.field.slug)) not in (None, ""):
                self._owners[column.field.slug].setdefault(str(value), set()).add(id)

    def _match(self, row: dict[str, Any]) -> str | None:
        """The contact that a row is about, None for a new one. Raises _Skipped when that is not certain."""
        asked = {
            column.field.slug: str(row[column.cell])
            for column in self._unique
            if not values.is_empty(row[column.cell])
        }
        if not asked:
            raise _Skipped({self._unique[0].field.slug: ["has no value to match by"]})
        if not self._matches_by(asked):
            return None
        found = {slug: self._owners[slug].get(value, set()) for slug, value in asked.items()}
        if len(set().union(*found.values())) > 1:
            raise _Skipped({slug: ["matches different contacts"] for slug, ids in found.items() if ids})
        if catalogue.ELEMENT_ID in found and not found[catalogue.ELEMENT_ID]:
            raise _Skipped({catalogue.ELEMENT_ID: [f"no contact has the id {asked[catalogue.ELEMENT_ID]}"]})
        return next((id for ids in found.values() for id in ids), None)

    def _matches_by(self, asked: dict[str, str]) -> bool:
        """Whether the account finds contacts by these columns (its option ``element451_matching``)."""
        matching = self._options.element451_matching
        return matching == "all" or (matching == "element_id" and catalogue.ELEMENT_ID in asked)

    def _empties(self, column: Column) -> bool:
        """Whether an empty cell of this column says anything (the option ``element451_empty_cells``)."""
        decided = {"kept": False, "emptied": True, "only_remove": column.empty == "remove"}
        return decided.get(self._options.element451_empty_cells, column.empty != "skip")

    def _typed(self, row: dict[str, Any]) -> dict[str, tuple[bool, Any]]:
        """What to do with each field that the row touches: (keep, value). Raises _Skipped with every cell
        that cannot be stored."""
        changes: dict[str, tuple[bool, Any]] = {}
        errors: dict[str, list[str]] = {}
        for column in self._batch.columns:
            slug, cell = column.field.slug, row[column.cell]
            if slug == catalogue.ELEMENT_ID:
                continue
            if values.is_empty(cell):
                if self._empties(column):
                    changes[slug] = (column.empty != "remove", "" if column.empty == "empty_string" else None)
                continue
            try:
                changes[slug] = (True, values.store(column.field, cell, self._zone))
            except ValueError as error:
                errors[slug] = [f"{column.field.name} {error}"]
        if errors:
            raise _Skipped(errors)
        return changes

    def _check_faults(self, index: int, id: str | None, row: dict[str, Any]) -> None:
        if self._strike:
            sent = {column.field.slug: row[column.cell] for column in self._batch.columns}
            fault = self._world.faults.for_record("element451", CONTACT.name, index, id or "", sent)
            if fault is not None and fault.whole:
                raise bad(str(fault.error.get("message", "The import cannot be read.")))
            if fault is not None:
                raise _Skipped(fault.error or {self._batch.columns[0].field.slug: ["could not be stored"]})
