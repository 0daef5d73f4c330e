"""What is wrong with the fields that records are matched on (rule 7). Pure; standard library only."""

from collections.abc import Sequence

from syncer.configuration.problems import Problem, label_and_key
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.resolved_row import ResolvedRow
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.records import Kind


def can_match_on(element451: Field, salesforce: Field) -> bool:
    """Whether a value of these fields can tell one person from others: a text such as an e-mail address, a
    phone number or an ID."""
    return all(
        field.family is Family.TEXT and not field.options and field.type.identifies
        for field in (element451, salesforce)
    )


def match_field_problems(slugs: Sequence[str], rows: Sequence[ResolvedRow]) -> list[Problem]:
    """What is wrong with the match fields; ``rows`` are the mapped fields of contacts."""
    by_slug = {row.element451: row for row in reversed(rows)}
    problems = (
        _problem(f"preferences.match_on[{at}]", slug, by_slug.get(slug)) for at, slug in enumerate(slugs)
    )
    return [problem for problem in problems if problem]


def _problem(where: str, slug: str, row: ResolvedRow | None) -> Problem | None:
    if row is None:
        message = f"“{slug}” is not mapped, so it cannot be matched on. Map it, or take it off the list."
        return Problem("error", where, message)
    if required_mapping(Kind.CONTACT, row.keys):
        return Problem("error", where, "The IDs are always matched on. Take this one off the list.")
    if row.element451_field and row.element451_field.family in (Family.BOOLEAN, Family.SEVERAL):
        message = (
            f"Many people share a value of {label_and_key(row.element451_field)}; it hardly tells them apart."
        )
        return Problem("warning", where, message)
    return None
