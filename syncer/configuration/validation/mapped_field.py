"""What is wrong with one mapped field: whether its values can go where its owner sends them. Pure; standard
library only."""

from collections.abc import Collection, Iterator

from syncer.configuration.problems import Problem, label_and_key
from syncer.configuration.validation.value_fit import value_doubts
from syncer.configuration.validation.value_map import value_map_problems
from syncer.core.field_types.conversion import misfit
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System


def field_problems(
    where: str, mapped: MappedField, kind: Kind, created_in: Collection[System]
) -> list[Problem]:
    """Types, rights, value map, lists and lengths. ``created_in``: the systems in which records are created;
    there, the first value comes from the other side even if that is not the owner (rule 2)."""
    if kind is Kind.CONVERSATION and mapped.owner is not System.ELEMENT451:
        message = (
            f"Conversations go to Salesforce only: the owner of {mapped.element451.key} must be element451."
        )
        return [Problem("error", where, message)]
    source, target = mapped.of(mapped.owner), mapped.of(mapped.owner.other)
    found = [Problem("error", where, message) for message in _errors(mapped, kind, source, target)]
    found += value_map_problems(where, mapped)
    if all(problem.severity == "warning" for problem in found):
        found += value_doubts(where, mapped, kind, target.system, "Records")
        if source.system in created_in and source.creatable:
            found += _first_value_doubts(where, mapped, kind)
    if mapped.salesforce.rich_text:
        message = (
            f"{label_and_key(mapped.salesforce)} is rich text: Salesforce keeps it as HTML and spells signs"
            " such as & in its own way, and Element451 would show the markup. Choose a plain text field if"
            " there is one."
        )
        found.append(Problem("warning", where, message))
    if source.calculated and source.system is System.SALESFORCE:
        message = (
            f"{label_and_key(source)} is calculated by Salesforce, which does not announce its changes. They"
            " arrive when something else in the record changes, or with a full sync."
        )
        found.append(Problem("warning", where, message))
    return found


def _errors(mapped: MappedField, kind: Kind, source: Field, target: Field) -> Iterator[str]:
    reason = misfit(mapped.element451, mapped.salesforce, mapped.owner, bool(mapped.values))
    if reason:
        yield reason
    if not (target.creatable and target.updatable):
        remedy = (
            f"choose another field, or make {target.system.label} the owner."
            if kind is Kind.CONTACT
            else "or choose another field."
        )
        yield (
            f"{label_and_key(target)} cannot be written, but {source.system.label} owns the value. Allow the"
            f" connected user to write it, {remedy}"
        )


def _first_value_doubts(where: str, mapped: MappedField, kind: Kind) -> list[Problem]:
    """What may go wrong when a new record in the owner's system gets its first value from the other side."""
    to = mapped.owner
    reason = misfit(mapped.element451, mapped.salesforce, to.other, bool(mapped.values))
    if not reason:
        return value_doubts(where, mapped, kind, to, "New records")
    message = (
        f"A new record in {to.label} gets the other side's value too, which may not fit and then fails."
        f" {reason}"
    )
    return [Problem("warning", where, message)]
