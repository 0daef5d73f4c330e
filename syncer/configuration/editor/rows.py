"""The mapped fields of one kind as a table shows them: each with the catalogues' fields and its problems.
Pure; standard library only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncer.configuration.document import unlisted_passes
from syncer.configuration.problems import Problem, errors_in
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One mapped field of a document: ``element451`` and ``salesforce`` are the keys; the fields are None
    where the catalogue has none by that key. A constant has neither ``element451`` nor an owner."""

    element451: str
    salesforce: str
    owner: System | None
    values: Mapping[str, str]
    unlisted_passes: bool
    default: str
    element451_field: Field | None
    salesforce_field: Field | None
    problems: tuple[Problem, ...]

    @property
    def fields(self) -> tuple[str, str]:
        """The keys of the mapped field."""
        return self.element451, self.salesforce

    @property
    def mapped(self) -> MappedField | None:
        """The mapped field, where both catalogues know its fields."""
        if not (self.owner and self.element451_field and self.salesforce_field):
            return None
        return MappedField(
            self.element451_field,
            self.salesforce_field,
            self.owner,
            tuple(self.values.items()),
            self.default,
            self.unlisted_passes,
        )

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong with it, so that nothing runs."""
        return bool(errors_in(self.problems))

    @property
    def has_notes(self) -> bool:
        """Whether something about it is doubtful besides that a text might be too long."""
        return any(problem.severity == "warning" and not problem.short for problem in self.problems)

    def label(self, system: System) -> str:
        """The label of one side; its key if no label is known."""
        if system is System.ELEMENT451:
            return self.element451_field.label if self.element451_field else self.element451
        return self.salesforce_field.label if self.salesforce_field else self.salesforce


def mapped_rows(
    rows: Sequence[Mapping[str, Any]],
    kind: Kind,
    element451: Mapping[str, Field],
    salesforce: Mapping[str, Field],
    problems: Iterable[Problem],
) -> list[MappedRow]:
    """The rows of one kind of a document, in its order. ``element451`` and ``salesforce``: the fields by
    key."""
    by_place: dict[str, list[Problem]] = {}
    for problem in problems:
        by_place.setdefault(problem.where, []).append(problem)
    return [
        MappedRow(
            row.get("element451", ""),
            row["salesforce"],
            System(row["owner"]) if row.get("owner") else None,
            row.get("values", {}),
            unlisted_passes(row),
            row.get("default", ""),
            element451.get(row.get("element451", "")),
            salesforce.get(row["salesforce"]),
            tuple(by_place.get(row_location(kind, at), ())),
        )
        for at, row in enumerate(rows)
    ]


def row_location(kind: Kind, at: int) -> str:
    """The place by which a `Problem` names the row at this index."""
    return f"mappings.{kind.value}[{at}]"


def problems_outside_rows(problems: Iterable[Problem], kind: Kind) -> list[Problem]:
    """The problems of a kind that belong to none of its rows: those of its object, of missing mappings and of
    the match fields."""
    places = {f"mappings.{kind.value}", f"preferences.{kind.value}_entity"}
    return [
        one
        for one in problems
        if one.where in places or (kind is Kind.CONTACT and one.where.startswith("preferences.match_on"))
    ]


def search_rows(rows: Iterable[MappedRow], words: str) -> list[MappedRow]:
    """The rows that contain every one of the ``words``: in a label, a key, or a value of the value map."""
    wanted = words.casefold().split()
    found = []
    for row in rows:
        names = (
            row.element451,
            row.salesforce,
            *(row.label(system) for system in System),
            row.owner.label if row.owner else "",
            row.default,
            *row.values,
            *row.values.values(),
        )
        text = " ".join(names).casefold()
        if all(word in text for word in wanted):
            found.append(row)
    return found
