"""Contacts of a real org join the school where their file is there."""

from pathlib import Path

import pytest

from sandbox import element451, salesforce, school
from sandbox.school import real
from sandbox.world import World


def contacts_of(world: World) -> list[dict[str, object]]:
    return [dict(row) for row in salesforce.rows(world, "Contact")]


@pytest.fixture
def world() -> World:
    world = World()
    salesforce.routes(world)
    element451.routes(world)
    return world


def test_without_the_file_nobody_joins(tmp_path: Path) -> None:
    assert real.contacts(tmp_path / "none.csv") == []


def test_rows_are_read_by_the_columns_that_the_org_has(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "sf_id,FirstName,LastName,NoSuchField,hed__FERPA__c,hed__Gender__c,account_id\n"
        '00317000011OSztAAG,"Quentin, Jr.",Coldwater,true,true,,001170000157vjAAAQ\n',
        encoding="utf-8",
    )
    assert real.contacts(file) == [
        (
            "001170000157vjAAAQ",
            {
                "Id": "00317000011OSztAAG",
                "FirstName": "Quentin, Jr.",
                "LastName": "Coldwater",
                "hed__FERPA__c": True,
            },
        )
    ]


@pytest.mark.skipif(not real.FILE.is_file(), reason="the file of a real org's contacts is not there")
def test_the_real_rows_join_salesforce_with_their_ids_and_households(world: World) -> None:
    school.fill(world, 10, 0, 1)
    rows = {row["Id"]: row for row in contacts_of(world)}
    joined = [values for _, values in real.contacts()]
    assert joined
    for values in joined:
        assert rows[values["Id"]]["LastName"] == values["LastName"]
        assert rows[values["Id"]]["AccountId"]
    world.close()
