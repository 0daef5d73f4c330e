"""The mapped fields of one kind as a table shows them: each with the catalogues' fields and its problems.
Pure; standard library only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from syncer.configuration.document import MappingRow
from syncer.configuration.problems import Problem, errors_in
from syncer.configuration.validation.resolved_row import ResolvedRow, resolve_rows
from syncer.core.fields import Field
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class MappedRow(ResolvedRow):
    """A mapped field with its ``problems``."""

    problems: tuple[Problem, ...] = ()

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
        field = self.field(system)
        return field.label if field else self.key(system)


def mapped_rows(
    rows: Sequence[MappingRow],
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
    found = resolve_rows(f"mappings.{kind.value}", rows, element451, salesforce)
    return [
        MappedRow(
            **{part.name: getattr(row, part.name) for part in fields(ResolvedRow)},
            problems=tuple(by_place.get(row.where, ())),
        )
        for row in found
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
