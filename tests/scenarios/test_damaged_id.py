"""A Salesforce ID whose last three characters contradict the others names nobody: the contact fails and says
so, and nothing is written or created for it, in either system (rule 7)."""

from typing import Any

import pytest

from syncer.core.ids import contradicted
from syncer.core.plan import Direction
from syncer.sync.on_demand import preview
from syncer.sync.record_refresh import RecordRequest
from tests.support.world import SLUG, World, statuses


def damaged(salesforce_id: str) -> str:
    """The ID as somebody may have copied it: with the wrong last characters."""
    return salesforce_id[:15] + ("AAB" if salesforce_id[15:] == "AAA" else "AAA")


@pytest.mark.parametrize(
    ("text", "is_damaged"),
    [
        ("0035g000000000AAAQ", False),
        ("0035g000000000aaaq", False),
        ("0035G000000000AAAQ", False),
        ("0035G000000000aAAQ", True),
        ("0035g000000000AAAA", True),
        ("0035g000000000A", False),
        ("unknown", False),
        (None, False),
        (["a: 1"], True),
    ],
)
def test_what_is_a_damaged_id(text: object, is_damaged: bool) -> None:
    assert contradicted(text) is is_damaged


@pytest.mark.parametrize("match", [(), ("user-email-address",)])
def test_a_damaged_id_fails_its_record_alone_and_nothing_is_created(
    world: World, match: tuple[str, ...]
) -> None:
    world.configure(create_new=True, match_on=match)
    theirs = world.theirs(LastName="Ray", Email="ray@x.edu")
    ours = world.ours(
        user_last_name="Ray", user_email_address="ray@x.edu", user_identities_salesforceid=damaged(theirs)
    )
    other_theirs, other_ours = world.theirs(LastName="Öz"), world.ours(user_last_name="Berg")
    run = world.sync()
    assert statuses(run) == {
        "import_contact": {"failed": 1, "inserted": 1, "updated": 1},
        "export_contact": {"failed": 1, "inserted": 1, "updated": 1},
    }
    assert "Element451_ID__c" not in world.in_salesforce(theirs)
    assert world.in_element451(ours)[SLUG] == damaged(theirs)
    assert world.in_element451(other_ours)[SLUG]
    assert world.in_salesforce(other_theirs)["Element451_ID__c"]
    failed = {entry["direction"]: entry for entry in world.entries() if entry["status"] == "failed"}
    assert failed["export"]["code"] == "DAMAGED_ID"
    assert damaged(theirs) in failed["export"]["reason"]
    assert failed["import"]["salesforce_id"] == theirs
    assert len(world.contacts()[0]) == len(world.contacts()[1]) == 3


def test_a_preview_says_so_too(world: World) -> None:
    world.configure(create_new=True)
    theirs = world.theirs(LastName="Ray")
    ours = world.ours(user_last_name="Ray", user_identities_salesforceid=damaged(theirs))
    (out,) = preview(world.sync_engine(), RecordRequest(Direction.EXPORT, None, ours))
    (back,) = preview(world.sync_engine(), RecordRequest(Direction.IMPORT, theirs, None))
    assert (out.status, out.code) == ("failed", "DAMAGED_ID")
    assert back.status == "failed"


def test_a_corrected_id_goes_on_by_itself(world: World) -> None:
    world.configure(create_new=True)
    theirs = world.theirs(LastName="Ray", Phone="1")
    ours = world.ours(user_last_name="Ray", user_identities_salesforceid=damaged(theirs))
    world.sync()
    world.element451.people.edit(ours, {SLUG: theirs})
    world.sync()
    assert world.in_salesforce(theirs)["Element451_ID__c"] == ours
    assert world.in_element451(ours)["user-phone-cell-number"] == "1"
    assert world.contacts() == ([ours], [theirs])
    assert statuses(world.sync()) == {}


def test_an_emptied_id_is_none_and_both_records_go_on(world: World) -> None:
    world.configure(create_new=True)
    theirs = world.theirs(LastName="Ray")
    ours = world.ours(user_last_name="Ray", user_identities_salesforceid=damaged(theirs))
    world.sync()
    world.element451.people.edit(ours, {SLUG: None})
    world.sync()
    assert len(world.contacts()[0]) == len(world.contacts()[1]) == 2


@pytest.mark.parametrize("several", [False, True])
def test_the_id_of_a_pair_that_was_damaged_is_restored(world: World, several: bool) -> None:
    ours, theirs = world.pair()
    world.sync()
    stored: Any = {"a": 1} if several else damaged(theirs)
    world.element451.people.edit(ours, {SLUG: stored})
    assert statuses(world.sync())["import_contact"] == {"updated": 1}
    assert world.in_element451(ours)[SLUG] == theirs
