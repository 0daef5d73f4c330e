"""Edits of the mapped fields that are gathered, to be saved together as one version. Pure; standard library
only."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from syncer.configuration.document import Document, FieldKeys, MappingRow, field_keys, mapping_rows
from syncer.core.records import Kind

Rows = list[MappingRow]


@dataclass(frozen=True, slots=True)
class Edit:
    """What was done to one mapped field: its rows before and after; none where it was added or removed."""

    kind: Kind
    fields: FieldKeys
    before: Rows
    after: Rows

    @property
    def what(self) -> Literal["added", "removed", "changed"]:
        """What it comes to."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """The mapped fields as they are in force under ``version`` (``base``), and as they were edited."""

    version: int
    base: Document
    edited: Document

    @property
    def edits(self) -> list[Edit]:
        """What was edited, by mapped field, in the order of the edited document; what was removed comes
        last."""
        return [edit for kind in Kind for edit in _edits(self.base, self.edited, kind)]

    def taking(self, edited: Document) -> "MappingDraft":
        """The draft with this document in place of the edited one."""
        return MappingDraft(self.version, self.base, edited)

    def onto(self, version: int, document: Document) -> "MappingDraft":
        """The same edits on what somebody else saved meanwhile: a mapped field that was edited here is as
        here, every other one as there."""
        made = {**document, "mappings": {kind.value: self._rows_on(document, kind) for kind in Kind}}
        return MappingDraft(version, document, deepcopy(made))

    def overlaps(self, document: Document) -> list[FieldKeys]:
        """The edited fields that ``document``, which somebody else saved, changed as well."""
        theirs = {
            (kind, edit.fields): edit.after for kind in Kind for edit in _edits(self.base, document, kind)
        }
        return [
            edit.fields
            for edit in self.edits
            if _content(theirs.get((edit.kind, edit.fields), edit.after)) != _content(edit.after)
        ]

    def _rows_on(self, document: Document, kind: Kind) -> Rows:
        mine = {edit.fields: edit.after for edit in _edits(self.base, self.edited, kind)}
        left, rows = dict(mine), Rows()
        for row in mapping_rows(document, kind):
            fields = field_keys(row)
            rows += left.pop(fields, []) if fields in mine else [row]
        return [*rows, *(row for added in left.values() for row in added)]


def _edits(before: Document, after: Document, kind: Kind) -> Sequence[Edit]:
    old, new = _by_fields(mapping_rows(before, kind)), _by_fields(mapping_rows(after, kind))
    return [
        Edit(kind, fields, old.get(fields, []), new.get(fields, []))
        for fields in dict.fromkeys([*new, *old])
        if _content(old.get(fields, [])) != _content(new.get(fields, []))
    ]


def _content(rows: Rows) -> list[object]:
    """What rows are compared by: everything, and in a value map the order too."""
    return [(row, list(row.get("values", {}).items())) for row in rows]


def _by_fields(rows: Rows) -> dict[FieldKeys, Rows]:
    found: dict[FieldKeys, Rows] = {}
    for row in rows:
        found.setdefault(field_keys(row), []).append(row)
    return found
