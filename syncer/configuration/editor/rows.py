"""The mapped fields of one kind as a person looks at them: each with what the catalogues know of it and what
is wrong with it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncer.configuration.problems import Problem
from syncer.core.fields import Field
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One mapped field of a document: ``element451`` and ``salesforce`` are the keys, ``ours`` and ``theirs``
    the fields as far as they are known."""

    element451: str
    salesforce: str
    owner: System
    values: Mapping[str, str]
    ours: Field | None
    theirs: Field | None
    problems: tuple[Problem, ...]

    @property
    def fields(self) -> tuple[str, str]:
        """Which mapped field it is."""
        return self.element451, self.salesforce

    @property
    def has_errors(self) -> bool:
        """Whether nothing runs because of it."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def has_notes(self) -> bool:
        """Whether something about it is doubtful, and not only that a text might be too long."""
        return any(problem.severity == "warning" and not problem.short for problem in self.problems)

    def label(self, system: System) -> str:
        """What one side is called; its key where no label is known."""
        field, key = (
            (self.ours, self.element451) if system is System.ELEMENT451 else (self.theirs, self.salesforce)
        )
        return field.label if field else key


def mapped_rows(
    rows: Sequence[Mapping[str, Any]],
    kind: Kind,
    element451: Mapping[str, Field],
    salesforce: Mapping[str, Field],
    problems: Iterable[Problem],
) -> list[MappedRow]:
    """The rows of a document's kind, in its order."""
    by_place: dict[str, list[Problem]] = {}
    for problem in problems:
        by_place.setdefault(problem.where, []).append(problem)
    return [
        MappedRow(
            row["element451"],
            row["salesforce"],
            System(row["owner"]),
            row.get("values", {}),
            element451.get(row["element451"]),
            salesforce.get(row["salesforce"]),
            tuple(by_place.get(row_location(kind, at), ())),
        )
        for at, row in enumerate(rows)
    ]


def row_location(kind: Kind, at: int) -> str:
    """How a `Problem` names the row at this position."""
    return f"mappings.{kind.value}[{at}]"


def problems_outside_rows(problems: Iterable[Problem], kind: Kind) -> list[Problem]:
    """The problems of a kind that belong to none of its rows: its object, what is not mapped, what it is
    matched on."""
    places = {f"mappings.{kind.value}", f"preferences.{kind.value}_entity"}
    return [
        one
        for one in problems
        if one.where in places or (kind is Kind.CONTACT and one.where.startswith("preferences.match_on"))
    ]


def search_rows(rows: Iterable[MappedRow], words: str) -> list[MappedRow]:
    """The rows in which every word stands: in a label, a key, or a value of the value map."""
    wanted = words.casefold().split()
    found = []
    for row in rows:
        names = (
            row.element451,
            row.salesforce,
            *(row.label(system) for system in System),
            row.owner.label,
            *row.values,
            *row.values.values(),
        )
        text = " ".join(names).casefold()
        if all(word in text for word in wanted):
            found.append(row)
    return found
