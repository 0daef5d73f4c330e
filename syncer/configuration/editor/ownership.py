"""Who can own a mapped field, who had better, and what that will do to records. Pure; standard library
only."""

from collections.abc import Collection, Mapping

from syncer.configuration.field_validation import ResolvedRow, field_problems
from syncer.configuration.problems import Problem
from syncer.core.fields import Field
from syncer.core.preferences import Preferences
from syncer.core.records import Kind, System


def problems_by_owner(
    kind: Kind, element451: Field, salesforce: Field, values: Mapping[str, str], creates: Collection[System]
) -> dict[System, list[Problem]]:
    """What would be wrong with the pair of fields under each owner that this kind of record can have.
    ``creates``: see `field_problems`."""
    owners = list(System) if kind is Kind.CONTACT else [System.ELEMENT451]
    return {
        owner: field_problems(
            ResolvedRow("", element451.key, salesforce.key, owner, values, element451, salesforce),
            kind,
            creates,
        )
        for owner in owners
    }


def recommended_owner(problems: Mapping[System, Collection[Problem]]) -> System | None:
    """The owner under whom nothing is wrong, or least is doubtful; None where something is wrong under every
    owner. Where both would do, it is Element451: by default an existing Salesforce record is not changed then
    (rule 11)."""
    fitting = {
        owner: len(found)
        for owner, found in problems.items()
        if all(one.severity == "warning" for one in found)
    }
    return min(fitting, key=lambda owner: (fitting[owner], owner is not System.ELEMENT451), default=None)


def describe_owner(owner: System, kind: Kind, preferences: Preferences) -> str:
    """What this owner means for records under these preferences, in a sentence or two (rules 1, 2, 10 and
    11)."""
    target = owner.other.label
    if kind is Kind.CONVERSATION or (
        preferences.update_existing if owner is System.SALESFORCE else preferences.export_updates
    ):
        return f"On every sync {owner.label}'s value replaces {target}'s, empty ones too."
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


def creates(preferences: Preferences) -> set[System]:
    """The systems in which records are created."""
    return {System.SALESFORCE, *([System.ELEMENT451] if preferences.create_new else [])}
