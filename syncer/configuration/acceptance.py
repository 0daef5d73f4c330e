"""Which errors keep a configuration from coming into force. A document that replaces everything is refused
for any of them; an edit on a page only for those that it brings in and that could not be corrected after."""

from collections.abc import Callable
from enum import StrEnum

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.catalogue_snapshot import take_snapshot
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.problems import Problem, errors_in, not_among
from syncer.configuration.validation.check import check

Judge = Callable[[Document], list[Problem]]
"""Returns the errors of a document."""


class Edited(StrEnum):
    """What of a document was changed on a page."""

    PREFERENCES = "preferences"
    MAPPINGS = "mappings"


def errors_without_catalogues(document: Document) -> list[Problem]:
    """The errors that show without knowing any field of either system."""
    return errors_in(check(document, None, {}, None))


def errors_by_catalogues(catalogues: Catalogues, document: Document) -> list[Problem]:
    """The errors of a document by both catalogues, as far as they can be read or were read before. What is
    missing in a catalogue of today is looked for in a fresh one."""
    names = tuple(sorted({entity_name(document, kind) for kind in synced_kinds(document)}))
    found = errors_in(take_snapshot(catalogues, names).check(document))
    return found and errors_in(take_snapshot(catalogues, names, fresh=True).check(document))


def refused_errors(
    judge: Judge, document: Document, before: Document, edited: Edited | None
) -> list[Problem]:
    """The errors for which ``document`` is refused in place of ``before``; ``edited`` is None where it
    replaces everything.

    An edit may leave errors that were there, to be corrected one by one. Other objects of Salesforce need
    other mappings, which are edited on a page of their own: preferences are saved ahead of them, and nothing
    runs until the mappings fit.
    """
    errors = judge(document)
    if not errors or edited is None:
        return errors
    new = not_among(errors, judge(before))
    if edited is Edited.PREFERENCES:
        return [problem for problem in new if problem.where.startswith(Edited.PREFERENCES)]
    return new
