"""Values of new records: defaults where the source has none, and fixed values of fields without another half.
With them contacts are synced to Lead, Opportunity and an object of the school's own, both ways (rules 1, 2
and 10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.config_file import validate
from syncer.core.fields import Entity
from syncer.core.records import Kind, Value
from tests.support.configured_world import UNGUARDED, Edit, School, edited
from tests.support.memory import MemorySalesforce
from tests.support.memory_catalogue import person_entity, salesforce_field
from tests.support.world import SLUG, statuses

NEEDED: dict[str, Any] = {"required": True, "nillable": False}
STAGES = (("Inquiry", "Inquiry"), ("Applied", "Applied"))
LEAD = person_entity(
    "Lead",
    "00Q",
    salesforce_field("LastName", length=80, **NEEDED),
    salesforce_field("Company", **NEEDED),
    salesforce_field("Phone", "phone"),
)
OPPORTUNITY = person_entity(
    "Opportunity",
    "006",
    salesforce_field("Name", length=120, **NEEDED),
    salesforce_field("StageName", "picklist", options=STAGES, **NEEDED),
    salesforce_field("CloseDate", "date", **NEEDED),
    salesforce_field("Phone", "phone"),
)
STUDENT = person_entity(
    "Student__c",
    "a0S",
    salesforce_field("Last__c", length=80, **NEEDED),
    salesforce_field("Cohort__c", "multipicklist", options=STAGES, **NEEDED),
    salesforce_field("Active__c", "boolean", **NEEDED),
    salesforce_field("Score__c", "double", scale=1),
    salesforce_field("Phone", "phone"),
)
FIXED: dict[str, dict[str, str]] = {
    "Lead": {"Company": "Unknown"},
    "Opportunity": {"StageName": "Inquiry", "CloseDate": "today+30d"},
    "Student__c": {"Cohort__c": "Inquiry;Applied", "Active__c": "true", "Score__c": "1.5"},
}


def school(engine: Engine, entity: Entity, name: str, *more: dict[str, Any], **preferences: Any) -> School:
    """A school whose contacts are records of ``entity``, with the last name in its field ``name``, the phone
    owned by Salesforce, and these fields."""
    made = School(engine)
    made.salesforce = MemorySalesforce({entity.name: entity}, made.clock)
    contact = [
        {"element451": "user-elementid", "salesforce": "Element451_ID__c", "owner": "element451"},
        {"element451": SLUG, "salesforce": "Id", "owner": "salesforce"},
        {"element451": "user-last-name", "salesforce": name, "owner": "element451"},
        {"element451": "user-phone-cell-number", "salesforce": "Phone", "owner": "salesforce"},
        *more,
    ]
    given = {
        "contact_entity": entity.name,
        "sync_conversations": False,
        "import": {"update_existing": True, "create_new": True},
        "export": {"mode": "update_existing_and_import_new", "scope": "all"},
        "guard": UNGUARDED,
    }
    made.document = validate({"preferences": given | preferences, "mappings": {"contact": contact}})
    return made


def fixed(entity: str) -> list[dict[str, str]]:
    return [{"salesforce": field, "default": default} for field, default in FIXED[entity].items()]


def only(made: School, entity: str) -> str:
    """The only record in Salesforce."""
    (found,) = made.salesforce.people.live(entity)
    return found


def quiet(made: School) -> bool:
    """Whether another run finds nothing to write."""
    before = made.writes()
    assert made.sync().state == "done"
    return made.writes() == before and not made.due()


@pytest.mark.parametrize(
    ("entity", "name", "wanted"),
    [
        (LEAD, "LastName", {"Company": "Unknown"}),
        (OPPORTUNITY, "Name", {"StageName": "Inquiry", "CloseDate": 30}),
        (STUDENT, "Last__c", {"Cohort__c": ["Applied", "Inquiry"], "Active__c": True, "Score__c": 1.5}),
    ],
    ids=["Lead", "Opportunity", "an object of its own"],
)
def test_contacts_are_synced_both_ways_with_an_object_that_needs_fixed_values(
    engine: Engine, entity: Entity, name: str, wanted: dict[str, Value]
) -> None:
    made = school(engine, entity, name, *fixed(entity.name))
    ann = made.ours(user_last_name="Ray")
    assert statuses(made.sync())["export_contact"] == {"inserted": 1}
    theirs = only(made, entity.name)
    in_a_month = (made.clock.now + timedelta(30)).date().isoformat()
    expected = {key: in_a_month if value == 30 else value for key, value in wanted.items()}
    there = made.in_salesforce(theirs)
    assert there | expected | {name: "Ray", "Element451_ID__c": ann} == there
    assert made.in_element451(ann)[SLUG] == theirs
    assert quiet(made)
    made.later(60 * 24 * 40)
    assert quiet(made), "the day that a default counts from moves, and changes nothing that is there"

    moved: dict[str, Value] = {"StageName": "Applied"} if entity is OPPORTUNITY else {}
    made.salesforce.people.edit(theirs, {"Phone": "0151", **moved})
    made.element451.people.edit(ann, {"user-last-name": "Roe"})
    made.sync()
    assert made.in_element451(ann)["user-phone-cell-number"] == "0151"
    there = made.in_salesforce(theirs)
    assert there | expected | {name: "Roe"} | moved == there
    assert quiet(made)

    born = made.theirs(entity.name, **{name: "Sun", "Phone": "0152", **expected})
    assert statuses(made.sync())["import_contact"]["inserted"] == 1
    (new,) = set(made.element451.people.live(Kind.CONTACT)) - {ann}
    assert made.in_element451(new)["user-last-name"] == "Sun"
    assert made.in_salesforce(born)["Element451_ID__c"] == new
    assert made.in_salesforce(born) | expected == made.in_salesforce(born)
    assert quiet(made)


def test_a_default_is_for_a_creation_whose_source_has_no_value_and_for_nothing_else(engine: Engine) -> None:
    company = {
        "element451": "user-custom-notes",
        "salesforce": "Company",
        "owner": "element451",
        "default": "Unknown",
    }
    made = school(engine, LEAD, "LastName", company)
    ann = made.ours(user_last_name="Ray")
    bob = made.ours(user_last_name="Roe", user_custom_notes="ACME")
    made.sync()
    theirs = {made.in_salesforce(one)["Element451_ID__c"]: one for one in made.salesforce.people.live("Lead")}
    assert made.in_salesforce(theirs[ann])["Company"] == "Unknown"
    assert made.in_salesforce(theirs[bob])["Company"] == "ACME"
    assert made.in_element451(ann).get("user-custom-notes") is None, "its owner has none"
    assert quiet(made)

    made.salesforce.people.edit(theirs[ann], {"Company": "Initech"})
    made.element451.people.edit(ann, {"user-last-name": "Ray-Roe"})
    made.sync()
    assert made.in_salesforce(theirs[ann]) | {"Company": "Initech", "LastName": "Ray-Roe"} == (
        made.in_salesforce(theirs[ann])
    ), "neither the default nor the owner's emptiness overwrites it"
    made.element451.people.edit(ann, {"user-custom-notes": "Globex"})
    made.sync()
    assert made.in_salesforce(theirs[ann])["Company"] == "Globex", "the owner's value does"
    made.element451.people.edit(ann, {"user-custom-notes": None})
    made.sync()
    assert made.in_salesforce(theirs[ann])["Company"] == "Globex"
    assert quiet(made)


def test_a_default_comes_into_element451_in_its_own_words(engine: Engine) -> None:
    kind = salesforce_field("Type__c", "picklist", options=(("New", "New"), ("Old", "Old")))
    entity = person_entity("Lead", "00Q", *LEAD.fields.values(), kind)
    row: dict[str, Any] = {
        "element451": "user-education-student-type",
        "salesforce": "Type__c",
        "owner": "salesforce",
        "values": {"FY": "New", "TR": "Old"},
        "default": "New",
    }
    made = school(engine, entity, "LastName", *fixed("Lead"), row)
    made.theirs("Lead", LastName="Sun", Company="X")
    made.sync()
    (new,) = made.element451.people.live(Kind.CONTACT)
    assert made.in_element451(new)["user-education-student-type"] == "FY"
    assert made.in_salesforce(only(made, "Lead")).get("Type__c") is None, "a default is no update"
    assert quiet(made)


def test_a_default_that_fits_no_more_fails_the_creation_whole(engine: Engine) -> None:
    made = school(engine, OPPORTUNITY, "Name", *fixed("Opportunity"))
    made.save(edited(made.document, to_default("CloseDate", "soon")))
    made.ours(user_last_name="Ray")
    assert statuses(made.sync())["export_contact"] == {"failed": 1}
    assert made.salesforce.people.live("Opportunity") == []
    assert [entry["code"] for entry in made.entries()] == ["VALUE_DOES_NOT_FIT"]
    made.save(edited(made.document, to_default("CloseDate", "today")))
    assert statuses(made.sync())["export_contact"] == {"inserted": 1}, "another one makes it due"


def to_default(field: str, default: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        row = next(row for row in document["mappings"]["contact"] if row["salesforce"] == field)
        row["default"] = default

    return edit
