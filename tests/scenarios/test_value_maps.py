"""A mapped field with a value map translates or fails, in both directions; that other values pass is a choice
(rule 15)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.core.records import System, Value
from tests.support.configured_world import Edit, School, both, edited, first_document, mapped
from tests.support.world import statuses

GENDERS = {"f": "Female", "m": "Male"}
NOTES, THEIRS = "user-custom-notes", "Description"


def translating(owner: System = System.ELEMENT451, **more: Any) -> Edit:
    """Notes and descriptions are genders, of which the value map lists two."""

    def edit(document: dict[str, Any]) -> None:
        mapped(document, NOTES).update({"values": GENDERS, "owner": owner.value, **more})

    return edit


def creating(document: dict[str, Any]) -> None:
    document["preferences"]["import"]["create_new"] = True


def school(engine: Engine, edit: Edit) -> School:
    made = School(engine)
    made.document = edited(first_document(), edit)
    return made


def person(made: School, ours: Value, theirs: Value) -> tuple[str, str]:
    """Somebody in both systems, with another first name in each and these genders."""
    return made.pair(
        {"FirstName": "Bea", "LastName": "Ray", THEIRS: theirs},
        {"user_first_name": "Ann", "user_last_name": "Ray", "user_custom_notes": ours},
    )


def failures(made: School) -> list[tuple[str, str]]:
    return [(entry["direction"], entry["code"]) for entry in made.entries() if entry["status"] == "failed"]


def test_a_listed_value_is_translated_and_another_fails_on_its_way_to_salesforce(engine: Engine) -> None:
    made = school(engine, translating())
    _, listed = person(made, "f", None)
    _, other = person(made, "x", "Male")
    assert statuses(made.sync())["export_contact"] == {"updated": 1, "failed": 1}
    assert made.in_salesforce(listed)[THEIRS] == "Female"
    assert made.in_salesforce(other)[THEIRS] == "Male", "nothing passes without a word"
    assert made.in_salesforce(other)["FirstName"] == "Ann", "the misfit alone stays behind"
    assert failures(made) == [("export", "VALUE_NOT_IN_MAP")]
    (reason,) = [entry["reason"] for entry in made.entries() if entry["status"] == "failed"]
    assert "“x” is not in the value map of" in reason


def test_a_listed_value_is_translated_and_another_fails_on_its_way_to_element451(engine: Engine) -> None:
    made = school(engine, translating(System.SALESFORCE))
    listed, _ = person(made, None, "Female")
    other, theirs = person(made, "m", "Decline to State")
    made.salesforce.people.edit(theirs, {"Phone": "0151"})
    assert statuses(made.sync())["import_contact"] == {"updated": 1, "failed": 1}
    assert made.in_element451(listed)[NOTES] == "f"
    assert made.in_element451(other)[NOTES] == "m"
    assert made.in_element451(other)["user-phone-cell-number"] == "0151", "the misfit alone stays behind"
    assert failures(made) == [("import", "VALUE_NOT_IN_MAP")]


def test_a_creation_fails_whole(engine: Engine) -> None:
    made = school(engine, both(translating(), creating))
    made.ours(user_last_name="Ray", user_custom_notes="x")
    made.theirs(LastName="Sun", Description="Decline to State")
    run = made.sync()
    assert statuses(run) == {"import_contact": {"failed": 1}, "export_contact": {"failed": 1}}
    assert made.writes() == []
    assert sorted(failures(made)) == [("export", "VALUE_NOT_IN_MAP"), ("import", "VALUE_NOT_IN_MAP")]


def test_a_value_that_is_added_to_the_map_goes(engine: Engine) -> None:
    made = school(engine, translating())
    _, theirs = person(made, "x", None)
    made.sync()
    made.save(edited(made.document, translating(values={**GENDERS, "x": "Other"})))
    assert statuses(made.sync())["export_contact"] == {"updated": 1}
    assert made.in_salesforce(theirs)[THEIRS] == "Other"
    assert not made.due()


@pytest.mark.parametrize("owner", list(System))
def test_values_pass_that_are_not_listed_where_somebody_chose_that(engine: Engine, owner: System) -> None:
    made = school(engine, translating(owner, unlisted="pass"))
    ours, theirs = person(made, "x", "Other")
    made.sync()
    passed = "x" if owner is System.ELEMENT451 else "Other"
    assert (made.in_element451(ours)[NOTES], made.in_salesforce(theirs)[THEIRS]) == (passed, passed)
    assert failures(made) == []


def test_of_several_values_each_has_to_be_listed(engine: Engine) -> None:
    def edit(document: dict[str, Any]) -> None:
        race = mapped(document, "user-race-categories")
        race.update({"owner": "element451", "values": {"White": "White", "Asian": "Black"}})

    made = school(engine, edit)
    _, listed = made.pair({}, {"user_last_name": "Ray", "user_race_categories": ["Asian", "White"]})
    _, other = made.pair({}, {"user_last_name": "Roe", "user_race_categories": ["Black", "White"]})
    made.sync()
    assert made.in_salesforce(listed)["Race__c"] == ["Black", "White"]
    assert made.in_salesforce(other).get("Race__c") is None
    assert failures(made) == [("export", "VALUE_NOT_IN_MAP")]


def test_an_empty_value_needs_no_translation(engine: Engine) -> None:
    made = school(engine, translating())
    _, theirs = person(made, None, "Female")
    made.sync()
    assert made.in_salesforce(theirs).get(THEIRS) is None
    assert failures(made) == []
