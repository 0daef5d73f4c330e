"""Rows put into the org past the API, as they have long been there."""

from collections.abc import Iterator

import pytest

from sandbox import salesforce
from sandbox.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """A world with an org."""
    world = World()
    salesforce.routes(world)
    yield world
    world.close()


def test_seeded_rows_keep_the_ids_and_stamps_that_they_bring(world: World) -> None:
    given = {
        "Id": "00317000011OSzt",
        "LastName": " Coldwater ",
        "SystemModstamp": "2024-05-06T07:08:09Z",
        "hed__Race__c": "White;Asian",
    }
    ids = salesforce.seed(world, "Contact", [given, {"LastName": "Quinn", "IsDeleted": True}])
    rows = {row["Id"]: row for row in salesforce.rows(world, "Contact")}
    assert ids[0] == "00317000011OSztAAG"
    first = rows[ids[0]]
    assert (first["LastName"], first["hed__Race__c"], first["Name"]) == (
        "Coldwater",
        "Asian;White",
        "Coldwater",
    )
    assert first["SystemModstamp"] == first["CreatedDate"] == "2024-05-06T07:08:09.000+0000"
    assert rows[ids[1]]["IsDeleted"] is True
    assert list(world.journal.after(0)) == []


def test_seeding_refuses_what_the_org_would_refuse(world: World) -> None:
    with pytest.raises(ValueError, match="LastName: Last Name: data value too large"):
        salesforce.seed(world, "Contact", [{"LastName": "x" * 81}])
    with pytest.raises(ValueError, match="Contact has no field Pet__c"):
        salesforce.seed(world, "Contact", [{"Pet__c": "x"}])
    with pytest.raises(ValueError, match="is no id of Contact"):
        salesforce.seed(world, "Contact", [{"Id": "00117000011OSzt", "LastName": "A"}])
    with pytest.raises(KeyError, match="no object is called Person"):
        salesforce.seed(world, "Person", [])


def test_a_keyset_page_walks_the_index_and_does_not_sort(world: World) -> None:
    salesforce.seed(world, "Contact", ({"LastName": f"L{number}"} for number in range(10)))
    plan = world.db.execute(
        'EXPLAIN QUERY PLAN SELECT t.Id FROM "Contact" t WHERE (t."SystemModstamp", t."Id") > (?, ?) AND NOT'
        ' t.IsDeleted ORDER BY t."SystemModstamp", t."Id" LIMIT 2000',
        ("2026", "003"),
    ).fetchall()
    assert [row[3] for row in plan] == [
        "SEARCH t USING INDEX Contact_SystemModstamp_Id ((SystemModstamp,Id)>(?,?))"
    ]


def test_transactions_nest_and_undo_only_their_own(world: World) -> None:
    def write(id: str) -> None:
        world.journal.write("salesforce", "create", "Contact", id, {})

    def fail() -> None:
        with world.transaction():
            write("inner")
            raise LookupError

    with world.transaction():
        write("outer")
        with pytest.raises(LookupError):
            fail()
    assert [line["id"] for line in world.journal.after(0)] == ["outer"]
