"""What of a configuration stands still because a field or an object is no longer as it was when it was
mapped, so that the rest goes on (rule 22). Pure; standard library only."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any, Self

from syncer.configuration.document import (
    Document,
    MappingRow,
    entity_name,
    field_keys,
    filter_rows,
    is_constant,
    mapping_rows,
    synced_kinds,
)
from syncer.configuration.problems import Problem
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.objects import unfilled_field_problems
from syncer.configuration.validation.resolved_row import resolve_rows
from syncer.core.fields import Entity
from syncer.core.records import Kind, System

FieldKey = tuple[System, str]
_ROW = re.compile(r"mappings\.(\w+)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class SuspendedField:
    """A mapped field that is neither read nor written, and why. ``asked``: somebody asked for that, and only
    somebody resumes it."""

    kind: Kind
    element451: str
    salesforce: str
    sentence: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StoppedCreations:
    """Records of this kind are not created in this system, and why."""

    kind: Kind
    system: System
    sentence: str


@dataclass(frozen=True, slots=True)
class StoppedKind:
    """No record of this kind is synced, and why."""

    kind: Kind
    sentence: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """Everything that stands still."""

    fields: tuple[SuspendedField, ...] = ()
    creations: tuple[StoppedCreations, ...] = ()
    kinds: tuple[StoppedKind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.creations or self.kinds)

    def syncs(self, kind: Kind) -> bool:
        """Whether records of this kind are synced at all."""
        return all(stopped.kind is not kind for stopped in self.kinds)

    def no_creations(self, kind: Kind) -> dict[System, str]:
        """The systems in which no record of this kind is created, with the reason."""
        return {stopped.system: stopped.sentence for stopped in self.creations if stopped.kind is kind}

    @property
    def sentences(self) -> list[str]:
        """What stands still, for people: each once."""
        every = [stopped.sentence for stopped in self.kinds]
        every += [stopped.sentence for stopped in self.fields]
        every += [stopped.sentence for stopped in self.creations]
        return list(dict.fromkeys(every))

    @property
    def names(self) -> list[str]:
        """What stands still, by its keys."""
        every = [f"{stopped.kind}s" for stopped in self.kinds]
        every += [
            " and ".join(filter(None, (stopped.element451, stopped.salesforce))) for stopped in self.fields
        ]
        every += [f"new {stopped.kind}s in {stopped.system.label}" for stopped in self.creations]
        return every

    def to_json(self) -> dict[str, Any]:
        """As it is stored and printed."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The value that `to_json` gave; nothing stands still where there was none."""
        return cls(
            tuple(SuspendedField(**raw | {"kind": Kind(raw["kind"])}) for raw in stored.get("fields", ())),
            tuple(
                StoppedCreations(Kind(raw["kind"]), System(raw["system"]), raw["sentence"])
                for raw in stored.get("creations", ())
            ),
            tuple(StoppedKind(Kind(raw["kind"]), raw["sentence"]) for raw in stored.get("kinds", ())),
        )


NOTHING = Suspension()


def suspend(
    document: Document,
    errors: Iterable[Problem],
    entities: Mapping[str, Entity],
    refused: Collection[FieldKey] = (),
) -> tuple[Document, Suspension]:
    """The part of ``document`` that goes on in spite of its ``errors`` (of `validation.check`) and of the
    fields that a system ``refused``, and what stands still."""
    reduced, errors = deepcopy(document), list(errors)
    fields: list[SuspendedField] = []
    creations: list[StoppedCreations] = []
    kinds: list[StoppedKind] = []
    for kind in synced_kinds(document):
        entity = entities.get(entity_name(document, kind))
        reasons = _by_row(document, kind, errors, refused)
        broken = _of_the_whole(document, kind, errors, entity) + _of_the_filter(document, errors, refused)
        kept = []
        for at, row in enumerate(mapping_rows(document, kind)):
            why = " ".join(reasons[at])
            if why and required_mapping(kind, field_keys(row)):
                broken.append(why)
            elif why:
                sentence = f"{_named(row)} suspended. {why}"
                fields.append(SuspendedField(kind, *field_keys(row), sentence, bool(row.get("suspended"))))
            else:
                kept.append(row)
        reduced["mappings"][kind.value] = kept
        if broken:
            kinds.append(StoppedKind(kind, " ".join(broken)))
        if unfilled := _unfilled(reduced, kind, entity):
            creations.append(StoppedCreations(kind, System.SALESFORCE, " ".join(unfilled)))
    creations += _without_matching(reduced, errors)
    return reduced, Suspension(tuple(fields), tuple(creations), tuple(kinds))


def _named(row: MappingRow) -> str:
    """A row as the subject of a sentence, with its verb."""
    if is_constant(row):
        return f"The fixed value of {row['salesforce']} is"
    return f"{row['element451']} and {row['salesforce']} are"


def _by_row(
    document: Document, kind: Kind, errors: Iterable[Problem], refused: Collection[FieldKey]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        place = _ROW.fullmatch(error.where)
        if place and place[1] == kind.value:
            found[int(place[2])].append(error.message)
    for at, row in enumerate(mapping_rows(document, kind)):
        if row.get("suspended"):
            found[at].insert(0, "That was asked for in the mappings, and lasts until somebody resumes it.")
        for system in System:
            if not found[at] and (system, row.get(system.value)) in refused:
                found[at].append(f"{system.label} refuses the field {row[system.value]}.")
    return found


def _of_the_whole(
    document: Document, kind: Kind, errors: Iterable[Problem], entity: Entity | None
) -> list[str]:
    """What is wrong with the object of a kind, or with its required mappings as a whole."""
    places = (f"mappings.{kind.value}", f"preferences.{kind.value}_entity")
    unfilled = _unfilled(document, kind, entity)
    return [error.message for error in errors if error.where in places and error.message not in unfilled]


def _of_the_filter(document: Document, errors: Iterable[Problem], refused: Collection[FieldKey]) -> list[str]:
    """Without one of its fields nobody knows who is synced: nothing is written, conversations neither."""
    found = [error.message for error in errors if error.where.startswith("preferences.filter")]
    for system in System:
        asked = {row["field"] for row in filter_rows(document, system) if "field" in row}
        gone = {key for key in asked if (system, key) in refused}
        found += [f"{system.label} refuses the field {key} of the filter." for key in sorted(gone)]
    return found


def _unfilled(document: Document, kind: Kind, entity: Entity | None) -> list[str]:
    """What a new record needs and nothing fills."""
    rows = resolve_rows(
        f"mappings.{kind.value}", mapping_rows(document, kind), {}, entity.fields if entity else {}
    )
    return [problem.message for problem in unfilled_field_problems(rows, "", entity)]


def _without_matching(reduced: Document, errors: Iterable[Problem]) -> list[StoppedCreations]:
    """Without one of its match fields nobody is matched by values, and so nobody is created: that might be
    somebody who is there already."""
    match_on = reduced["preferences"]["match_on"]
    mapped = {row.get("element451") for row in mapping_rows(reduced, Kind.CONTACT)}
    lost = [slug for slug in match_on if slug not in mapped]
    wrong = any(error.where.startswith("preferences.match_on") for error in errors)
    if not lost and not wrong:
        return []
    reduced["preferences"]["match_on"] = []
    named = ", ".join(lost or match_on)
    sentence = f"People cannot be matched by {named} at the moment, so that no contact is created."
    return [StoppedCreations(Kind.CONTACT, system, sentence) for system in System]
