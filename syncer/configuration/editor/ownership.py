"""Who can own a mapped field, who is recommended, and what an owner means for records. Pure; standard library
only."""

from collections.abc import Collection, Mapping

from syncer.configuration.problems import Problem
from syncer.configuration.validation.mapped_field import field_problems
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.preferences import Preferences
from syncer.core.records import Kind, System


def problems_by_owner(
    kind: Kind,
    element451: Field,
    salesforce: Field,
    values: Mapping[str, str],
    created_in: Collection[System],
) -> dict[System, list[Problem]]:
    """What would be wrong with the pair of fields, under each owner that this kind of record can have.
    ``values`` is the value map; ``created_in``: see `field_problems`."""
    owners = list(System) if kind is Kind.CONTACT else [System.ELEMENT451]
    return {
        owner: field_problems(
            "", MappedField(element451, salesforce, owner, tuple(values.items())), kind, created_in
        )
        for owner in owners
    }


def recommended_owner(problems: Mapping[System, Collection[Problem]]) -> System | None:
    """The owner with the fewest warnings; None if there are errors under every owner. If both are equal, it
    is Element451: then, by default, existing Salesforce records are not changed (rule 11)."""
    warnings = {
        owner: len(found)
        for owner, found in problems.items()
        if all(problem.severity == "warning" for problem in found)
    }
    return min(warnings, key=lambda owner: (warnings[owner], owner is not System.ELEMENT451), default=None)


def describe_owner(owner: System, kind: Kind, preferences: Preferences) -> str:
    """What this owner means for records under these preferences, in a sentence or two (rules 1, 2, 10 and
    11)."""
    updates = preferences.update_existing if owner is System.SALESFORCE else preferences.export_updates
    if kind is Kind.CONVERSATION or updates:
        return f"On every sync {owner.label}'s value replaces {owner.other.label}'s, empty ones too."
    if owner is System.ELEMENT451:
        return (
            "New Salesforce records get Element451's value. Existing ones stay as they are: the Export Mode"
            " does not update them."
        )
    if preferences.create_new:
        return (
            "New Element451 contacts get Salesforce's value. Existing ones stay as they are: the Import Mode"
            " does not update them."
        )
    return "Nothing is written to Element451: the Import Mode neither updates contacts nor creates them."
