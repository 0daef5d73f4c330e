"""What differs between two configurations, as a list in words: “Update Existing: off → on”, “+ Birthdate”.
Pure; standard library only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from syncer.configuration.preference_labels import PREFERENCE_LABELS
from syncer.core.records import Kind, System

Document = Mapping[str, Any]
Row = Mapping[str, Any]
FieldNamer = Callable[[Kind, System, str], str]
"""What people call the field that has this key."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. ``group`` says in which part of the settings; ``what`` is called so, ``aspect``
    is what of it differs, ``keys`` are a mapped field's both keys; ``before`` and ``after`` are in words
    (empty where the sign says it all)."""

    sign: Literal["added", "removed", "changed"]
    group: str
    what: str
    before: str = ""
    after: str = ""
    aspect: str = ""
    keys: tuple[str, str] | None = None

    @property
    def line(self) -> str:
        """The difference as one line of text."""
        what = f"{self.what}: {self.aspect}" if self.aspect else self.what
        if self.sign == "changed":
            return (
                f"{what}{' ' if self.aspect else ': '}{self.before} → {self.after}"
                if self.before or self.after
                else what
            )
        more = f" ({self.after or self.before})" if self.after or self.before else ""
        return f"{'+' if self.sign == 'added' else '−'} {what}{more}"


def diff_documents(
    before: Document, after: Document, name: FieldNamer = lambda kind, system, key: key
) -> list[Difference]:
    """Everything that ``after`` has otherwise than ``before``: the preferences in the order of their page,
    then the mapped fields."""
    found = [
        Difference("changed", "Preferences", word.label, word.said(former), word.said(value))
        for word in PREFERENCE_LABELS
        if (former := word.of(before["preferences"])) != (value := word.of(after["preferences"]))
    ]
    for kind in Kind:
        found += _mapped(before["mappings"][kind.value], after["mappings"][kind.value], kind, name)
    return found


def _mapped(
    before: Sequence[Row], after: Sequence[Row], kind: Kind, name: FieldNamer
) -> Iterator[Difference]:
    group = f"{kind.value.capitalize()} mapping"
    couples, removed, added = _couples(before, after)
    for row in removed:
        yield Difference("removed", group, _called(row, kind, name), keys=_keys(row))
    for former, row in couples:
        yield from _changes(former, row, kind, group, name)
    for row in added:
        values = _listed(row.get("values", {}))
        owner = f"owner {System(row['owner']).label}" + (f", value map {values}" if values else "")
        yield Difference("added", group, _called(row, kind, name), after=owner, keys=_keys(row))
    if not removed and not added and [_keys(row) for row in after] != [_keys(row) for _, row in couples]:
        yield Difference("changed", group, f"The order of the {len(couples)} mapped fields")


def _couples(
    before: Sequence[Row], after: Sequence[Row]
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """(the same mapped field in both, those that are gone, those that are new). One whose half was exchanged
    is still the same."""
    left, right, couples = list(before), list(after), list[tuple[Row, Row]]()
    for same in (_keys, lambda row: row["element451"], lambda row: row["salesforce"]):
        for row in list(left):
            other = next((one for one in right if same(one) == same(row)), None)
            if other is not None:
                couples.append((row, other))
                left.remove(row)
                right.remove(other)
    places = [id(row) for row in before]
    return sorted(couples, key=lambda couple: places.index(id(couple[0]))), left, right


def _changes(former: Row, row: Row, kind: Kind, group: str, name: FieldNamer) -> Iterator[Difference]:
    called, keys = _called(row, kind, name), _keys(row)
    for system in System:
        if former[system.value] != row[system.value]:
            other, now = (name(kind, system, one[system.value]) for one in (former, row))
            yield Difference("changed", group, called, other, now, f"{system.label} field", keys)
    if former["owner"] != row["owner"]:
        yield Difference(
            "changed", group, called, System(former["owner"]).label, System(row["owner"]).label, "owner", keys
        )
    yield from _value_map(dict(former.get("values", {})), dict(row.get("values", {})), called, group, keys)


def _value_map(
    before: dict[str, str], after: dict[str, str], what: str, group: str, keys: tuple[str, str]
) -> Iterator[Difference]:
    if before == after:
        if list(before) != list(after):  # where several share a value, the first one listed is used on import
            yield Difference(
                "changed", group, what, _listed(before), _listed(after), "the order of the value map", keys
            )
        return
    for value in [*before, *(value for value in after if value not in before)]:
        if before.get(value) == after.get(value):
            continue
        if value not in after:
            yield Difference(
                "removed", group, what, aspect=f"value map, {value} = {before[value]}", keys=keys
            )
        elif value not in before:
            yield Difference("added", group, what, aspect=f"value map, {value} = {after[value]}", keys=keys)
        else:
            yield Difference(
                "changed", group, what, before[value], after[value], f"value map, {value} =", keys
            )


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{ours} = {theirs}" for ours, theirs in values.items())


def _called(row: Row, kind: Kind, name: FieldNamer) -> str:
    ours, theirs = (name(kind, system, row[system.value]) for system in System)
    return theirs if ours == theirs else f"{ours} ↔ {theirs}"


def _keys(row: Row) -> tuple[str, str]:
    return row["element451"], row["salesforce"]
