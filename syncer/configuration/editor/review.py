"""A change of one mapped field, looked at before it is saved: what the configuration becomes by it, and what
would be wrong with it then."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from syncer.configuration.catalogue_snapshot import KnownFields
from syncer.configuration.config_file import Document
from syncer.configuration.editor import edits
from syncer.configuration.editor.rows import place
from syncer.configuration.problems import Problem
from syncer.configuration.required_mappings import Fields, Row
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


def put(document: Document, known: KnownFields, kind: Kind, fields: Fields | None, row: Row) -> Review:
    """``row`` put in place of a mapped field, or added where ``fields`` is None. Raises what
    `editing.replaced` does."""
    made = edits.replaced(document, kind, fields, row) if fields else edits.added(document, kind, row)
    at = edits.position(document, kind, fields) if fields else len(document["mappings"][kind.value])
    return _review(document, made, known, lambda problem: problem.where == place(kind, at))


def without(document: Document, known: KnownFields, kind: Kind, fields: Fields) -> Review:
    """A mapped field removed. Raises what `editing.removed` does."""
    return _review(document, edits.removed(document, kind, fields), known, lambda problem: False)


def _review(
    before: Document, after: Document, known: KnownFields, is_its: Callable[[Problem], bool]
) -> Review:
    former = {alike(problem) for problem in known.check(before)}
    found = known.check(after)
    problems = tuple(problem for problem in found if is_its(problem) or alike(problem) not in former)
    return Review(after, problems, repr(after) != repr(before))  # in a value map, the order counts too


def alike(problem: Problem) -> str:
    """What stays of a problem when rows move: its words without places."""
    return _PLACE.sub("", problem.message)
