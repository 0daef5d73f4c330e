"""A list or an object where a field holds one value: the field is left out, says so, and no text of a program
is written (rule 5)."""

from typing import Any

import pytest

from syncer.core import values
from syncer.core.plan import Direction
from syncer.sync.on_demand import preview
from syncer.sync.record_refresh import RecordRequest
from tests.core.builders import element451_typed, every_field, salesforce_typed
from tests.support.world import World, statuses

SEVERAL: list[Any] = [["a", "b"], ["a"], {"a": 1}, [{"a": [1]}], [["a"]]]


@pytest.mark.parametrize("raw", SEVERAL, ids=repr)
@pytest.mark.parametrize(
    "field",
    [field for field in every_field() if field.type_name not in ("checkbox", "multipicklist")],
    ids=lambda field: f"{field.system}-{field.type_name}",
)
def test_several_values_never_become_the_value_of_a_field_for_one(field: Any, raw: Any) -> None:
    value = values.read(field, raw)
    assert isinstance(value, list)
    assert not any("{'" in part or "['" in part for part in value)
    assert field.type.unreadable(field, value)


@pytest.mark.parametrize("raw", [[["a"]], [{"a": 1}], {"a": 1}, ["x", ["a"]], [{"value": ["a"]}]], ids=repr)
@pytest.mark.parametrize("field", [element451_typed("checkbox"), salesforce_typed("multipicklist")])
def test_lists_and_objects_among_several_values_are_no_values(field: Any, raw: Any) -> None:
    value = values.read(field, raw)
    assert field.type.unreadable(field, value)
    assert "['" not in str(value)


@pytest.mark.parametrize(("raw", "text"), [(True, "true"), (7, "7"), (2.5, "2.5")])
def test_yes_no_and_numbers_are_fine_where_text_is_expected(raw: Any, text: str) -> None:
    assert values.read(element451_typed(), raw) == text
    assert values.read(element451_typed("checkbox"), [raw]) == [text]


@pytest.mark.parametrize("empty", [[], {}, [""], [None], {"a": None}, [[], ""][1:]], ids=repr)
def test_a_list_of_nothing_is_empty(empty: Any) -> None:
    assert values.read(element451_typed(), empty) is None


@pytest.mark.parametrize("raw", SEVERAL, ids=repr)
def test_an_export_leaves_the_field_out_and_writes_the_others(world: World, raw: Any) -> None:
    ours, theirs = world.pair({"FirstName": "Ann"}, {"user_first_name": "Ann"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": raw, "user-custom-notes": "New"})
    (foreseen,) = preview(world.sync_engine(), RecordRequest(Direction.EXPORT, None, ours))
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    held, entry = world.in_salesforce(theirs), world.entries()[-1]
    assert (held["FirstName"], held["Description"]) == ("Ann", "New")
    assert (foreseen.status, foreseen.reason) == (entry["status"], entry["reason"])
    assert "holds more than one value" in entry["reason"]


@pytest.mark.parametrize("raw", SEVERAL, ids=repr)
def test_an_import_leaves_the_field_out_and_writes_the_others(world: World, raw: Any) -> None:
    ours, theirs = world.pair({"Phone": "1", "GPA__c": 3})
    world.sync()
    world.salesforce.people.rows[theirs].values["Phone"] = values.read(salesforce_typed("phone"), raw)
    world.salesforce.people.edit(theirs, {"GPA__c": 4})
    (foreseen,) = preview(world.sync_engine(), RecordRequest(Direction.IMPORT, theirs, None))
    assert statuses(world.sync())["import_contact"] == {"failed": 1}
    held, entry = world.in_element451(ours), world.entries()[-1]
    assert (held["user-phone-cell-number"], held["user-custom-gpa"]) == ("1", 4)
    assert (foreseen.status, foreseen.reason) == (entry["status"], entry["reason"])


def test_a_creation_fails_whole(world: World) -> None:
    broken: Any = {"a": 1}
    world.ours(user_last_name="Ray", user_first_name=broken)
    assert statuses(world.sync())["export_contact"] == {"failed": 1}
    assert world.contacts()[1] == []


def test_what_holds_several_values_at_the_target_is_not_overwritten(world: World) -> None:
    broken: Any = ["1", "2"]
    ours, _ = world.pair({"Phone": "1"})
    world.sync()
    world.element451.people.edit(ours, {"user-phone-cell-number": broken})
    assert statuses(world.sync())["import_contact"] == {"failed": 1}
    assert world.in_element451(ours)["user-phone-cell-number"] == ["1", "2"]
