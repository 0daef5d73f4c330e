"""What an edited configuration would do, said before it is saved: it must be what the next run then finds."""

from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.core.records import System
from syncer.sync.planning import forecast_count
from syncer.sync.planning.forecast import Forecast, forecast
from tests.support.configured_world import (
    Edit,
    School,
    add,
    both,
    edited,
    first_document,
    mapped,
    prefer,
    settled,
    turn,
    without,
)
from tests.support.memory_catalogue import contact_entity
from tests.support.world import statuses


def counted(found: Forecast) -> dict[str, Any]:
    """A forecast as the guard counts."""
    fields: dict[str, dict[str, int]] = {"change": {}, "blank": {}}
    for field in found.fields:
        arrow = "→" if field.target is System.SALESFORCE else "←"
        name = f"{field.mapped.element451.key} {arrow} {field.mapped.salesforce.key}"
        for kind, lot in (("change", field.changed), ("blank", field.blanked)):
            if lot.count:
                fields[kind][name] = fields[kind].get(name, 0) + lot.count
    created = sum(one.records.count for one in found.created)
    return {
        "fields": {kind: names for kind, names in fields.items() if names},
        "created": created,
        "touched": found.written,
    }


def guarded(school: School, edit: Edit) -> dict[str, Any]:
    """What the guard counts in the run that follows once the edited configuration is saved."""
    school.save(
        edited(school.document, both(edit, prefer(guard={"records": 1, "percent": 1, "at_least": 0})))
    )
    run = school.sync()
    numbers = run.numbers or {"fields": {}, "kinds": {}, "touched": 0}
    assert run.state == ("waiting" if numbers["touched"] else "done")
    return {
        "fields": numbers["fields"],
        "created": numbers["kinds"].get("create", 0),
        "touched": numbers["touched"],
    }


IMPORT_OFF = {"import": {"update_existing": False, "create_new": False}}
EXPORT_OFF = {"export": {"mode": "match_existing_and_import_new", "scope": "all"}}
STORIES: dict[str, tuple[dict[str, Any], Edit]] = {
    "one field changes hands": ({}, turn("user-custom-notes")),
    "several change hands, which were never imported": (
        IMPORT_OFF,
        turn("user-first-name", "user-phone-cell-number", "user-education-student-type", "user-custom-notes"),
    ),
    "Update Existing is switched on": (
        IMPORT_OFF,
        prefer(**{"import": {"update_existing": True, "create_new": False}}),
    ),
    "Update Existing is switched off": ({}, prefer(**IMPORT_OFF)),
    "Create New is switched on": ({}, prefer(**{"import": {"update_existing": True, "create_new": True}})),
    "the export updates existing records": (
        EXPORT_OFF,
        prefer(export={"mode": "update_existing_and_import_new", "scope": "all"}),
    ),
    "all contacts are exported": (
        {"export": {"mode": "update_existing_and_import_new", "scope": "conversations"}},
        prefer(export={"mode": "update_existing_and_import_new", "scope": "all"}),
    ),
    "a value map is added": (
        {},
        lambda document: mapped(document, "user-first-name").update(
            values={"Ann 1": "Anna", "Ann 2": "Anne"}, unlisted="pass"
        ),
    ),
    "a conversation's field gets a value map": (
        {},
        lambda document: mapped(document, "conversation-subject", "conversation").update(
            values={"Hello": "Good morning"}, unlisted="pass"
        ),
    ),
    "a field is removed": ({}, without("user-first-name")),
    "the interval changes": ({}, prefer(interval_minutes=60)),
    "an owner and a mode change at once": (
        IMPORT_OFF,
        both(turn("user-first-name"), prefer(**{"import": {}})),
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_forecast_is_what_the_next_run_finds(engine: Engine, story: str) -> None:
    preferences, edit = STORIES[story]
    school = settled(engine, **preferences)
    found = school.forecast(edit)
    assert found.complete
    assert counted(found) == guarded(school, edit)


def test_what_is_emptied_is_told_with_who_and_what(engine: Engine) -> None:
    school = settled(engine, **IMPORT_OFF)
    found = school.forecast(turn("user-phone-cell-number"))
    (field,) = found.fields
    assert (field.target, field.changed.count, field.blanked.count, field.unread) == (
        System.SALESFORCE,
        0,
        3,
        0,
    )
    assert (found.written, found.counted) == (3, 8)
    named = {example.name: (example.before, example.after) for example in field.examples}
    assert named == {f"Ann {number} Smith": (f"55{number}", None) for number in (1, 3, 5)}
    assert all(example.element_id and example.salesforce_id for example in field.examples)


def test_ten_examples_are_given_and_emptied_ones_come_first(engine: Engine) -> None:
    school = settled(engine, **IMPORT_OFF)
    for number in range(30):
        ours = {"user_phone_cell_number": "1"} if number < 15 else {}
        school.pair(
            {"Phone": "2", "LastName": f"More {number}"}, {"user_last_name": f"More {number}", **ours}
        )
    school.sync()
    (field,) = school.forecast(turn("user-phone-cell-number")).fields
    assert (field.changed.count, field.blanked.count) == (15, 18)
    assert [example.after for example in field.examples] == [None] * 5 + ["1"] * 5


@pytest.mark.parametrize("full", [False, True])
def test_of_a_field_that_was_not_read_lately_nothing_is_said_but_that(engine: Engine, full: bool) -> None:
    school = settled(engine)
    everything = school.document
    school.save(edited(everything, without("user-custom-notes")))
    school.sync(full=full)
    for owner in System:
        found = school.forecast(add(mapped(everything, "user-custom-notes") | {"owner": owner.value}))
        (field,) = found.fields
        assert (field.changed.count, field.blanked.count, field.unread, found.written) == (0, 0, 7, 0)
    assert school.forecast(prefer(interval_minutes=60)) == Forecast()


def test_a_field_of_which_only_the_source_was_read_is_not_known_either(engine: Engine) -> None:
    school = settled(engine)
    everything = school.document
    school.save(edited(everything, without("user-first-name")))
    school.sync()
    (field,) = school.forecast(
        lambda document: mapped(document, "user-custom-notes").update(salesforce="FirstName")
    ).fields
    assert (field.changed.count, field.blanked.count, field.unread) == (0, 0, 7)


def test_what_waits_for_its_first_reading_already_is_not_told_again(engine: Engine) -> None:
    school = settled(engine, **IMPORT_OFF)
    everything = school.document
    school.save(edited(everything, without("user-custom-notes")))
    school.sync()
    school.save(everything)
    (field,) = school.forecast(turn("user-phone-cell-number")).fields
    assert field.mapped.salesforce.key == "Phone"


def test_what_the_next_run_does_anyway_is_not_counted(engine: Engine) -> None:
    school = settled(engine)
    element_id, *_ = school.contacts()[0]
    school.element451.people.edit(element_id, {"user-last-name": "Miller"})
    school.later()
    plans, _ = school.dry_run()
    assert [change.salesforce for made in plans for change in made.changes] == ["LastName"], "it is due"
    assert counted(school.forecast(STORIES["a value map is added"][1]))["fields"] == {
        "change": {"user-first-name → FirstName": 2}
    }


def test_where_only_a_value_failed_nothing_else_waits_for_it(engine: Engine) -> None:
    school = settled(engine)
    sound = school.document
    to_a_list = both(
        without("user-education-student-type"),
        lambda document: mapped(document, "user-custom-notes").update(salesforce="Student_Type__c"),
    )
    school.save(edited(sound, to_a_list))
    element_id, *_ = school.contacts()[0]
    school.element451.people.edit(element_id, {"user-last-name": "Miller"})
    assert statuses(school.sync())["export_contact"]["failed"], "a note is no student type"
    found = school.forecast(without("user-custom-notes"))
    assert counted(found)["fields"] == {}, "the name was written"


def test_records_that_would_fail_are_told_with_the_reason(engine: Engine) -> None:
    school = settled(engine)
    found = school.forecast(
        lambda document: mapped(document, "user-education-student-type").update(
            values={"FY": "Somebody else"}, unlisted="pass"
        )
    )
    assert found.failing.count == 0, "the field is Salesforce's: the map is read the other way round"
    found = school.forecast(
        lambda document: mapped(document, "user-education-student-type").update(values={"Nobody": "FY"})
    )
    assert (found.failing.count, found.written) == (6, 0)
    assert "is not one of the values of" in found.failing.examples[0].reason


def test_before_the_first_configuration_nothing_is_known(engine: Engine) -> None:
    school = School(engine)
    found = forecast(engine, school.catalogues(), None, first_document())
    assert (found.affects_records, found.known, found.empty, found.notes) == (True, 0, True, ())


def test_what_nothing_runs_by_has_no_effect_of_its_own_to_take_off(engine: Engine) -> None:
    school = settled(engine, **IMPORT_OFF)
    broken = edited(
        school.document, lambda document: mapped(document, "user-custom-notes").update(salesforce="Gone__c")
    )
    found = forecast(
        engine, school.catalogues(), broken, edited(school.document, turn("user-phone-cell-number"))
    )
    assert counted(found)["fields"] == {"blank": {"user-phone-cell-number → Phone": 3}}


def test_with_errors_nothing_is_counted_and_that_is_said(engine: Engine) -> None:
    found = settled(engine).forecast(
        lambda document: mapped(document, "user-custom-notes").update(salesforce="Gone__c")
    )
    assert (found.affects_records, found.known) == (True, 0)
    assert "once the errors are corrected" in found.notes[0]


def test_another_object_leaves_the_records_of_the_first_one_alone(engine: Engine) -> None:
    school = settled(engine)
    org = school.salesforce.people
    org.entities_by_name["Lead"] = contact_entity("Lead")
    found = school.forecast(prefer(contact_entity="Lead", sync_conversations=False))
    assert (found.known, found.written) == (0, 0)
    assert found.notes == (
        (
            "The contacts of Contact are left alone from now on. Those of Lead are read, and matched, in the"
            " next run."
        ),
    )


def test_back_to_an_object_its_records_are_counted_anew(engine: Engine) -> None:
    school = settled(engine, **IMPORT_OFF)
    turned = edited(school.document, turn("user-phone-cell-number"))
    school.salesforce.people.entities_by_name["Lead"] = contact_entity("Lead")
    in_force = edited(turned, prefer(contact_entity="Lead", sync_conversations=False))
    found = forecast(engine, school.catalogues(), in_force, turned)
    assert counted(found)["fields"] == {"blank": {"user-phone-cell-number → Phone": 3}}


def test_what_cannot_be_counted_before_a_run_is_said(engine: Engine) -> None:
    school = settled(engine, sync_conversations=False)
    assert (
        "Conversations are read in the next run" in school.forecast(prefer(sync_conversations=True)).notes[0]
    )
    matched = school.forecast(prefer(match_on=["user-first-name"]))
    assert "matched again" in matched.notes[0]
    assert matched.affects_records


def test_a_large_school_is_counted_as_far_as_the_time_goes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = settled(engine, **IMPORT_OFF)
    monkeypatch.setattr(forecast_count, "PAGE_SIZE", 3)
    edit = turn("user-phone-cell-number")
    found = school.forecast(edit, seconds=0)
    assert (found.counted, found.known, found.complete) == (3, 8, False)
    whole = school.forecast(edit)
    assert (whole.counted, whole.complete, whole.written) == (8, True, 3)
