"""A change of one mapped field, looked at before it is saved: what the configuration becomes by it, and what
would be wrong with it then."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.document import Document, FieldKeys, MappingRow
from syncer.configuration.editor import edits
from syncer.configuration.editor.rows import row_location
from syncer.configuration.problems import Problem
from syncer.core.records import Kind

_PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Review:
    """What a change comes to: the whole edited document, the problems of the mapped field itself and those
    that are new elsewhere, and whether anything is changed at all."""

    document: Document
    problems: tuple[Problem, ...]
    changes: bool

    @property
    def sound(self) -> bool:
        """Whether it can be saved: with an error nothing would run any more."""
        return all(problem.severity != "error" for problem in self.problems)


def review_change(
    document: Document, known: CatalogueSnapshot, kind: Kind, fields: FieldKeys | None, row: MappingRow
) -> Review:
    """``row`` put in place of a mapped field, or added where ``fields`` is None. Raises what
    `edits.replace` does."""
    made = edits.replace(document, kind, fields, row) if fields else edits.add(document, kind, row)
    at = edits.position(document, kind, fields) if fields else len(document["mappings"][kind.value])
    return _review(document, made, known, lambda problem: problem.where == row_location(kind, at))


def review_removal(document: Document, known: CatalogueSnapshot, kind: Kind, fields: FieldKeys) -> Review:
    """A mapped field removed. Raises what `edits.remove` does."""
    return _review(document, edits.remove(document, kind, fields), known, lambda problem: False)


def _review(
    before: Document, after: Document, known: CatalogueSnapshot, is_its: Callable[[Problem], bool]
) -> Review:
    former = {message_without_row(problem) for problem in known.check(before)}
    found = known.check(after)
    problems = tuple(
        problem for problem in found if is_its(problem) or message_without_row(problem) not in former
    )
    return Review(after, problems, repr(after) != repr(before))  # in a value map, the order counts too


def message_without_row(problem: Problem) -> str:
    """What stays of a problem when rows move: its words without places."""
    return _PLACE.sub("", problem.message)
