"""Contacts that are Opportunities, Leads or records of the school's own object, over HTTP and both ways: what
such a record needs and Element451 does not have comes from defaults and fixed values (rule 2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncer.application.commands import Commands
from syncer.configuration.config_file import validate
from syncer.journal.runs import Run
from tests.worker.installation import NO_GUARD, Installation

SLUG = "user-identities-salesforceid"
NOTES, MONTH = "user-custom-advisor-notes", "today+30d"
OBJECTS: list[tuple[str, dict[str, str], dict[str, str]]] = [
    (
        "Opportunity",
        {"user-last-name": "Name", NOTES: "Description"},
        {"StageName": "Prospecting", "CloseDate": MONTH},
    ),
    ("Lead", {"user-last-name": "LastName", NOTES: "Description"}, {"Company": "Unknown"}),
    (
        "E451_Student__c",
        {"user-last-name": "Last_Name__c", NOTES: "Notes__c"},
        {"SMS_Opt_In__c": "true", "Enrolled_On__c": "today"},
    ),
]


def configure(installation: Installation, entity: str, fields: dict[str, str], fixed: dict[str, str]) -> None:
    """Sync contacts with ``entity``: Element451 owns the last name, Salesforce the notes."""
    contact = [
        {"element451": "user-elementid", "salesforce": "Element451_ID__c", "owner": "element451"},
        {"element451": "user-identities-salesforceid", "salesforce": "Id", "owner": "salesforce"},
        {
            "element451": "user-last-name",
            "salesforce": fields["user-last-name"],
            "owner": "element451",
            "default": "No name",
        },
        {"element451": NOTES, "salesforce": fields[NOTES], "owner": "salesforce"},
        *({"salesforce": field, "default": default} for field, default in fixed.items()),
    ]
    preferences = {
        "contact_entity": entity,
        "sync_conversations": False,
        "import": {"update_existing": True, "create_new": True},
        "export": {"mode": "update_existing_and_import_new", "scope": "all"},
        "guard": NO_GUARD,
    }
    document = validate({"preferences": preferences, "mappings": {"contact": contact}})
    installation.application.configuration.store(document)


def sync(installation: Installation) -> Run:
    installation.sandbox.clock(advance=900)
    run = Commands(installation.application).sync()
    assert run.state == "done", run.reason
    return run


def wanted(fixed: dict[str, str]) -> dict[str, list[Any]]:
    """What the fixed values may have become, should midnight have passed meanwhile."""
    today = datetime.now(UTC).date()

    def days(ahead: int) -> list[Any]:
        return [(day + timedelta(ahead)).isoformat() for day in (today, today - timedelta(1))]

    kinds: dict[str, list[Any]] = {MONTH: days(30), "today": days(0), "true": [True]}
    return {field: kinds.get(value, [value]) for field, value in fixed.items()}


@pytest.mark.parametrize(("entity", "fields", "fixed"), OBJECTS, ids=[name for name, *_ in OBJECTS])
def test_contacts_are_created_and_kept_in_step_both_ways(
    installation: Installation, entity: str, fields: dict[str, str], fixed: dict[str, str]
) -> None:
    sandbox, name, notes = installation.sandbox, fields["user-last-name"], fields[NOTES]
    configure(installation, entity, fields, fixed)
    nameless = sandbox.create_element451("contact", **{"user-first-name": "Solo"})
    held = [row["user-elementid"] for row in sandbox.records("contact", system="element451") if row.get(SLUG)]
    sandbox.edit_element451("contact", {person: {SLUG: ""} for person in held})  # IDs of Contacts

    def there() -> dict[str, dict[str, Any]]:
        return {row["Id"]: row for row in sandbox.records(entity) if not row["IsDeleted"]}

    before = set(there())
    run = sync(installation)
    assert run.counts["export_contact"]["failed"] == 0
    made = {key: row for key, row in there().items() if key not in before}
    assert len(made) == run.counts["export_contact"]["inserted"] > 50
    for row in made.values():
        assert all(row[field] in values for field, values in wanted(fixed).items())
    assert [row["Element451_ID__c"] for row in made.values() if row[name] == "No name"] == [nameless]

    sync(installation)
    written = len(sandbox.journal())
    sync(installation)
    assert len(sandbox.journal()) == written, "nothing of it counts as a change afterwards"

    one, other = list(made)[:2]
    sandbox.edit(entity, one, **{notes: "seen", **moved(fixed)})
    sandbox.edit_element451("contact", {made[other]["Element451_ID__c"]: {"user-last-name": "Renamed"}})
    born = sandbox.create(
        entity, **{name: "Born", **{field: values[0] for field, values in wanted(fixed).items()}}
    )
    run = sync(installation)
    ours = {row["user-elementid"]: row for row in sandbox.records("contact", "element451")}
    assert ours[made[one]["Element451_ID__c"]][NOTES] == "seen"
    assert run.counts["import_contact"]["inserted"] == 1
    assert ours[there()[born]["Element451_ID__c"]]["user-last-name"] == "Born"
    assert there()[other][name] == "Renamed"
    for field, value in moved(fixed).items():
        assert there()[one][field] == value, "a fixed value overwrites nothing"


def moved(fixed: dict[str, str]) -> dict[str, Any]:
    """What people make of a fixed value."""
    return {field: "2030-01-31" for field, value in fixed.items() if value.startswith("today")}
