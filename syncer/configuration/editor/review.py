"""A change of one mapped field, reviewed before it is saved: the edited configuration, and the problems that
it would have."""

from collections.abc import Callable
from dataclasses import dataclass

from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.document import Document, FieldKeys, MappingRow
from syncer.configuration.editor import edits
from syncer.configuration.editor.rows import row_location
from syncer.configuration.problems import Problem, errors_in, not_among
from syncer.core.records import Kind


@dataclass(frozen=True)
class Review:
    """The result of a change: the whole edited document, the problems of the mapped field itself and those
    that are new elsewhere, and whether anything is changed at all."""

    document: Document
    problems: tuple[Problem, ...]
    changes: bool

    @property
    def can_save(self) -> bool:
        """Whether it can be saved: with an error, nothing would run any more."""
        return not errors_in(self.problems)


def review_change(
    document: Document, known: CatalogueSnapshot, kind: Kind, fields: FieldKeys | None, row: MappingRow
) -> Review:
    """Review ``row`` in place of a mapped field, or as a new one if ``fields`` is None. Raises what
    `edits.replace` does."""
    edited = edits.replace(document, kind, fields, row) if fields else edits.add(document, kind, row)
    at = edits.position(document, kind, fields) if fields else len(document["mappings"][kind.value])
    return _review(document, edited, known, lambda problem: problem.where == row_location(kind, at))


def _review(
    before: Document, after: Document, known: CatalogueSnapshot, is_own: Callable[[Problem], bool]
) -> Review:
    found = known.check(after)
    new = not_among(found, known.check(before))
    problems = tuple(problem for problem in found if is_own(problem) or problem in new)
    return Review(after, problems, repr(after) != repr(before))  # in a value map, the order counts too
