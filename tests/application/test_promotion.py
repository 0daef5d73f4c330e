"""A configuration that is brought to another installation: every difference is named, and it does what was
planned, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.application.decisions import promotion
from syncer.application.decisions.promotion import NotAsPlanned
from syncer.configuration import config_file
from syncer.configuration.document import Document
from syncer.configuration.promotion import Described, describe
from syncer.core.records import Kind
from tests.support.configured_world import School, edited, first_document, turn
from tests.support.memory_application import MemoryApplication
from tests.support.world import statuses


@pytest.fixture
def school(engine: Engine) -> School:
    """The production org and account: some people in both, nothing configured."""
    school = School(engine)
    for number in range(12):
        school.pair({"Phone": f"55{number}", "FirstName": "Sal"}, {"user_first_name": f"Ann {number}"})
    school.ours(user_last_name="Ours")
    return school


@pytest.fixture
def production(school: School, tmp_path: Path) -> MemoryApplication:
    return MemoryApplication(school, tmp_path)


def exported(school: School, document: Document) -> tuple[Document, Described]:
    """A file of the sandbox org, which has all fields as production has them at first."""
    entities = school.salesforce.people.entities_by_name
    text = config_file.dump(document, describe(document, school.element451.catalogue(), entities))
    return config_file.parse(text), config_file.described(text)


def change(school: School, key: str, **how: Any) -> None:
    """Change a field of Salesforce's Contact; without ``how`` it is removed."""
    fields = school.salesforce.people.entities_by_name["Contact"].fields
    if how:
        fields[key] = replace(fields[key], **how)
    else:
        del fields[key]


def test_a_plan_names_every_difference_and_writes_nothing(
    school: School, production: MemoryApplication
) -> None:
    document, there = exported(school, first_document())
    kept = school.salesforce.people.entities_by_name["Contact"].fields["Description"]
    change(school, "Phone", length=20)
    change(school, "Student_Type__c", options=(("FY", "First year"),))
    change(school, "GPA__c", updatable=False)
    change(school, "Element451_ID__c", unique=False)
    change(school, "Description")
    found = promotion.plan(production, document, there)
    named = {(one["field"], one["what"]) for one in found["differences"]}
    assert named == {
        ("Phone", "length"),
        ("Student_Type__c", "list"),
        ("GPA__c", "rights"),
        ("Element451_ID__c", "unique"),
        ("Description", "missing"),
    }
    assert (found["fits"], found["forecast"], len(found["steps"])) == (False, None, 5)
    assert any("Create Description in Salesforce's Contact" in step for step in found["steps"])
    with pytest.raises(NotAsPlanned):
        promotion.apply(production, document)
    school.salesforce.people.entities_by_name["Contact"].fields["Description"] = kept
    change(school, "Element451_ID__c", unique=True)
    assert promotion.plan(production, document, there)["fits"], "what is left hinders nothing"
    assert (school.writes(), production.configuration.current()) == ([], None)


def test_what_is_applied_does_what_was_planned(school: School, production: MemoryApplication) -> None:
    document, there = exported(school, first_document())
    told = promotion.plan(production, document, there)["forecast"]
    assert (told["create"], told["fields"]["user-first-name → FirstName"]["change"]) == (1, 12)
    version = promotion.apply(production, document)
    school.document, school.version = document, version
    counts = statuses(school.sync())["export_contact"]
    assert (counts["inserted"], counts["updated"]) == (1, 12)


def another_field(school: School) -> None:
    change(school, "Phone", length=20)


def another_org_wide(school: School) -> None:
    for record in school.contacts()[0][:3]:
        school.element451.people.edit(record, {"user-first-name": "Sal"})


def one_more_to_create(school: School) -> None:
    school.ours(Kind.CONTACT, user_last_name="One more")


@pytest.mark.parametrize("moved", [another_field, another_org_wide, one_more_to_create])
def test_what_moved_since_refuses_the_whole(
    school: School, production: MemoryApplication, moved: Callable[[School], None]
) -> None:
    document, there = exported(school, first_document())
    assert promotion.plan(production, document, there)["fits"]
    moved(school)
    school.later()
    with pytest.raises(NotAsPlanned):
        promotion.apply(production, document)
    assert (school.writes(), production.configuration.current()) == ([], None)
    promotion.plan(production, document, there)
    with pytest.raises(NotAsPlanned):
        promotion.apply(production, edited(document, turn("user-first-name")))
    assert promotion.apply(production, document) == 1


@pytest.mark.parametrize(
    ("then", "now", "moved"), [(0, 0, 0), (0, 1, 1), (10, 11, 0), (10, 12, 1), (100, 89, 1)]
)
def test_a_tenth_is_the_most_that_may_move(then: int, now: int, moved: int) -> None:
    assert promotion.has_moved(then, now) is bool(moved)


def test_what_a_file_says_of_fields_is_no_part_of_the_configuration(school: School) -> None:
    document, there = exported(school, first_document())
    assert document == first_document()
    assert there["Contact"]["Phone"]["length"] > 0
    assert config_file.described("version: 1\ndescribed: nothing\n") == {}
