"""What differs between two configurations, as a list in words: “Update Existing: off → on”, “+ Birthdate”.
Pure; standard library only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from syncer.configuration.document import (
    Document,
    FieldKeys,
    MappingRow,
    field_keys,
    is_constant,
    mapping_rows,
    unlisted_passes,
)
from syncer.configuration.preference_labels import PREFERENCE_LABELS
from syncer.core.records import Kind, System

FieldNamer = Callable[[Kind, System, str], str]
"""Returns the name of the field that has this key."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    ``group`` is the part of the settings that ``what``, a preference or a mapped field, belongs to;
    ``aspect`` is the part of it that differs, ``keys`` identify the mapped field. ``before`` and ``after``
    are in words, and empty where the sign says enough.
    """

    sign: Literal["added", "removed", "changed"]
    group: str
    what: str
    before: str = ""
    after: str = ""
    aspect: str = ""
    keys: FieldKeys | None = None

    @property
    def line(self) -> str:
        """The difference as one line of text."""
        what = f"{self.what}: {self.aspect}" if self.aspect else self.what
        if self.sign != "changed":
            value = self.after or self.before
            return f"{'+' if self.sign == 'added' else '−'} {what}{f' ({value})' if value else ''}"
        if not (self.before or self.after):
            return what
        return f"{what}{' ' if self.aspect else ': '}{self.before} → {self.after}"


def diff_documents(
    before: Document, after: Document, name: FieldNamer = lambda kind, system, key: key
) -> list[Difference]:
    """Everything that differs from ``before`` in ``after``: preferences in the order of their page, then
    mapped fields."""
    found = [
        Difference("changed", "Preferences", one.label, one.format(former), one.format(value))
        for one in PREFERENCE_LABELS
        if (former := one.value_in(before["preferences"])) != (value := one.value_in(after["preferences"]))
    ]
    for kind in Kind:
        found += _MappingDiff(kind, name).differences(mapping_rows(before, kind), mapping_rows(after, kind))
    return found


@dataclass(frozen=True, slots=True)
class _MappingDiff:
    """The differences between the mapped fields of one kind."""

    kind: Kind
    name: FieldNamer

    @property
    def group(self) -> str:
        return f"{self.kind.value.capitalize()} mapping"

    def differences(self, before: Sequence[MappingRow], after: Sequence[MappingRow]) -> Iterator[Difference]:
        couples, removed, added = _couples(before, after)
        for row in removed:
            yield Difference("removed", self.group, self._title(row), keys=field_keys(row))
        for former, row in couples:
            yield from self._changes(former, row)
        for row in added:
            yield Difference("added", self.group, self._title(row), after=_details(row), keys=field_keys(row))
        reordered = [field_keys(row) for row in after] != [field_keys(row) for _, row in couples]
        if reordered and not removed and not added:
            yield Difference("changed", self.group, f"The order of the {len(couples)} mapped fields")

    def _changes(self, former: MappingRow, row: MappingRow) -> Iterator[Difference]:
        def changed(aspect: str, before: str, after: str) -> Difference:
            return Difference("changed", self.group, self._title(row), before, after, aspect, field_keys(row))

        for system in System:
            if former.get(system.value) != row.get(system.value):
                yield changed(f"{system.label} field", *(self._name(one, system) for one in (former, row)))
        if former.get("owner") != row.get("owner"):
            yield changed("owner", _owner(former), _owner(row))
        yield from self._value_map_changes(former, row)
        if unlisted_passes(former) != unlisted_passes(row):
            yield changed("values that are not listed", *map(_unlisted, (former, row)))
        if bool(former.get("suspended")) != bool(row.get("suspended")):
            yield changed("suspended", *("yes" if one.get("suspended") else "no" for one in (former, row)))
        if former.get("default") != row.get("default"):
            yield changed("default", *(one.get("default", "none") for one in (former, row)))

    def _value_map_changes(self, former: MappingRow, row: MappingRow) -> Iterator[Difference]:
        group, title, keys = self.group, self._title(row), field_keys(row)
        before, after = dict(former.get("values", {})), dict(row.get("values", {}))
        if before == after and list(before) != list(after):
            # where several values share one, the first one listed is used on import
            aspect = "the order of the value map"
            yield Difference("changed", group, title, _listed(before), _listed(after), aspect, keys)
        for value in before | after:
            old, new = before.get(value), after.get(value)
            if new is None:
                yield Difference("removed", group, title, aspect=f"value map, {value} = {old}", keys=keys)
            elif old is None:
                yield Difference("added", group, title, aspect=f"value map, {value} = {new}", keys=keys)
            elif old != new:
                yield Difference("changed", group, title, old, new, f"value map, {value} =", keys)

    def _title(self, row: MappingRow) -> str:
        salesforce = self._name(row, System.SALESFORCE)
        if is_constant(row):
            return f"{salesforce} (fixed value)"
        element451 = self._name(row, System.ELEMENT451)
        return salesforce if element451 == salesforce else f"{element451} ↔ {salesforce}"

    def _name(self, row: MappingRow, system: System) -> str:
        key = row.get(system.value)
        return self.name(self.kind, system, key) if key else "none"


def _couples(
    before: Sequence[MappingRow], after: Sequence[MappingRow]
) -> tuple[list[tuple[MappingRow, MappingRow]], list[MappingRow], list[MappingRow]]:
    """(mapped fields that are in both, those that were removed, those that were added). One of which a half
    was replaced is still the same."""
    removed, added, couples = list(before), list(after), list[tuple[MappingRow, MappingRow]]()
    for identity in (field_keys, lambda row: row.get("element451"), lambda row: row["salesforce"]):
        for row in list(removed):
            other = next((one for one in added if identity(one) == identity(row)), None)
            if identity(row) and other is not None:
                couples.append((row, other))
                removed.remove(row)
                added.remove(other)
    places = [id(row) for row in before]
    return sorted(couples, key=lambda couple: places.index(id(couple[0]))), removed, added


def _details(row: MappingRow) -> str:
    """What a row that was added holds besides its fields."""
    parts = [] if is_constant(row) else [f"owner {_owner(row)}"]
    if value_map := _listed(row.get("values", {})):
        parts.append(f"value map {value_map}")
    if unlisted_passes(row):
        parts.append("others pass unchanged")
    if default := row.get("default"):
        parts.append(default if is_constant(row) else f"default {default}")
    return ", ".join(parts)


def _unlisted(row: MappingRow) -> str:
    return "pass unchanged" if unlisted_passes(row) else "fail"


def _owner(row: MappingRow) -> str:
    return System(row["owner"]).label if row.get("owner") else "nobody"


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{element451} = {salesforce}" for element451, salesforce in values.items())
