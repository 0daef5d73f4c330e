"""What the log says of a run that died while it wrote, and of values that people changed before the next one
(rules 16 and 17)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.core.preferences import ExportMode
from syncer.core.records import Value
from tests.support.world import World


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    world.configure(export_mode=ExportMode.UPDATE_EXISTING)
    return world


@pytest.fixture
def edited(world: World) -> tuple[str, str]:
    """A pair in step whose first and last name have changed in Element451: (Element ID, Salesforce ID)."""
    names: dict[str, Value] = {"FirstName": "Ann", "LastName": "Lee"}
    ours, theirs = world.pair(names, {"user_first_name": "Ann", "user_last_name": "Lee"})
    world.sync()
    world.element451.people.edit(ours, {"user-first-name": "Anna", "user-last-name": "Lee-Roy"})
    return ours, theirs


def die(world: World, monkeypatch: pytest.MonkeyPatch, *, arrived: bool) -> None:
    """A run that dies just before, or just after, its writes arrived in Salesforce."""
    write: Callable[..., Any] = world.salesforce.write

    def deadly(*given: Any) -> Any:
        if arrived:
            write(*given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(world.salesforce, "write", deadly)
        with pytest.raises(Killed):
            world.sync()


def told(world: World, theirs: str) -> list[dict[str, tuple[Value, Value]]]:
    """What the log says was overwritten in a record, oldest first: by field, before and after."""
    entries = [
        entry
        for entry in world.entries()
        if entry["salesforce_id"] == theirs and entry["direction"] == "export"
    ]
    return [
        {change["salesforce"]: (change["before"], change["after"]) for change in entry["changes"]}
        for entry in entries
    ]


def test_a_write_that_arrived_before_the_process_died_is_logged_by_the_next_run(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    die(world, monkeypatch, arrived=True)
    world.sync()
    assert told(world, edited[1]) == [{"FirstName": ("Ann", "Anna"), "LastName": ("Lee", "Lee-Roy")}]


def test_a_write_that_did_not_arrive_is_logged_once_it_is_done(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    die(world, monkeypatch, arrived=False)
    world.sync()
    assert told(world, edited[1]) == [{"FirstName": ("Ann", "Anna"), "LastName": ("Lee", "Lee-Roy")}]


@pytest.mark.parametrize("fields", [["FirstName"], ["FirstName", "LastName"]])
def test_what_was_overwritten_is_logged_even_where_people_wrote_over_it_since(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch, fields: list[str]
) -> None:
    die(world, monkeypatch, arrived=True)
    world.salesforce.people.edit(edited[1], dict.fromkeys(fields, "Somebody"))
    world.sync()
    first, second = told(world, edited[1])
    assert first == {"FirstName": ("Ann", "Anna"), "LastName": ("Lee", "Lee-Roy")}
    assert second == {
        name: ("Somebody", {"FirstName": "Anna", "LastName": "Lee-Roy"}[name]) for name in fields
    }
    certain = [not entry["code"] for entry in world.entries() if entry["direction"] == "export"]
    assert certain == [
        len(fields) == 1,
        True,
    ], "where nothing is left of a write, its entry says that it may not have arrived"


def test_a_value_that_a_person_wrote_too_does_not_prove_that_a_write_arrived(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    die(world, monkeypatch, arrived=False)
    world.salesforce.people.edit(edited[1], {"LastName": "Lee-Roy"})
    world.sync()
    first, second = (entry for entry in world.entries() if entry["direction"] == "export")
    assert (first["code"], second["code"]) == ("PROCESS_ENDED", "")
    assert told(world, edited[1])[1] == {"FirstName": ("Ann", "Anna")}


@pytest.mark.parametrize("arrived", [True, False])
def test_an_empty_field_does_not_tell_who_emptied_it(
    world: World, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    ours, theirs = world.pair({"Description": "Wrong side"})
    die(world, monkeypatch, arrived=arrived)
    world.salesforce.people.edit(theirs, {"Description": None})
    world.sync()
    (entry,) = (one for one in world.entries() if one["direction"] == "export" and one["changes"])
    assert told(world, theirs) == [{"Description": ("Wrong side", None)}]
    assert (entry["code"], entry["element_id"]) == ("PROCESS_ENDED", ours)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_write_to_a_record_that_is_gone_may_have_arrived(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    die(world, monkeypatch, arrived=arrived)
    world.salesforce.people.delete(edited[1])
    world.sync()
    (entry,) = (one for one in world.entries() if (one["direction"], one["status"]) == ("export", "updated"))
    assert (entry["code"], entry["salesforce_id"]) == ("PROCESS_ENDED", edited[1])


def test_another_record_does_not_tell_what_became_of_a_write(
    world: World, edited: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = edited
    die(world, monkeypatch, arrived=False)
    world.salesforce.people.delete(theirs)
    another = world.theirs(FirstName="Anna", LastName="Lee-Roy", Element451_ID__c=ours)
    world.element451.people.edit(ours, {"user-identities-salesforceid": another})
    world.sync()
    assert not told(world, another)
    codes = [
        entry["code"]
        for entry in world.entries()
        if (entry["direction"], entry["salesforce_id"]) == ("export", theirs)
    ]
    assert codes == ["PROCESS_ENDED"]


def test_a_creation_that_people_changed_since_is_logged_as_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = world.ours(user_first_name="Ann", user_last_name="Lee")
    die(world, monkeypatch, arrived=True)
    (theirs,) = world.contacts()[1]
    world.salesforce.people.edit(theirs, {"FirstName": "Somebody"})
    world.sync()
    entries = [
        entry for entry in world.entries() if entry["element_id"] == ours and entry["direction"] == "export"
    ]
    assert [(entry["status"], entry["salesforce_id"]) for entry in entries] == [
        ("inserted", theirs),
        ("updated", theirs),
    ]
