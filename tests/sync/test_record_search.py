"""Finding contacts by any ID, e-mail address or part of a name, as the pairs know them."""

import pytest
from sqlalchemy import Engine, select, text, update

from syncer.core.plan import Direction
from syncer.core.preferences import Scope
from syncer.infra.database.key_value import FACTS
from syncer.sync import on_demand
from syncer.sync.on_demand import NoSuchRecord, RecordRequest
from syncer.sync.pair_rows import NAMED
from syncer.sync.pair_store import PAIRS
from syncer.sync.record_search import Person, find, names
from tests.support.world import World

ENTITY, TALKS = "Contact", "E451_Conversation__c"


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def called(world: World, asked: str) -> list[str]:
    return [person.name for person in find(world.engine, ENTITY, asked)]


def test_a_contact_is_found_by_either_id_by_address_and_by_parts_of_the_name_in_any_order_and_case(
    world: World,
) -> None:
    ours, theirs = world.pair(
        {"LastName": "Lee"},
        {"user_first_name": "Ann", "user_last_name": "Lee", "user_email_address": "ann.lee@school.edu"},
    )
    world.ours(user_first_name="Bob", user_last_name="Stone")
    world.sync()
    ann = Person("Ann Lee", "ann.lee@school.edu", ours, theirs)
    for asked in (
        ours,
        ours.upper(),
        theirs,
        theirs[:15],
        f" {theirs} ",
        "ann.lee@school.edu",
        "ANN",
        "lee ann",
        "nn le",
    ):
        assert find(world.engine, ENTITY, asked) == [ann], asked
    assert find(world.engine, ENTITY, "ann stone") == []
    assert find(world.engine, ENTITY, "  ") == []


def test_signs_that_databases_read_as_any_letter_mean_themselves(world: World) -> None:
    world.ours(user_first_name="100%", user_last_name="O'Neil_x")
    world.ours(user_first_name="Bob", user_last_name="Stone")
    world.sync()
    assert called(world, "%") == called(world, "_") == called(world, "o'neil") == ["100% O'Neil_x"]


def test_people_are_listed_by_name_and_no_more_of_them_than_asked_for(world: World) -> None:
    for name in ("Cy", "Al", "Bo"):
        world.ours(user_first_name=name, user_last_name="Same")
    world.sync()
    assert called(world, "same") == ["Al Same", "Bo Same", "Cy Same"]
    assert [person.name for person in find(world.engine, ENTITY, "same", limit=2)] == ["Al Same", "Bo Same"]


def test_an_id_that_was_asked_for_and_is_nobodys_is_not_found(world: World) -> None:
    with pytest.raises(NoSuchRecord):
        on_demand.preview(
            world.sync_engine(), RecordRequest(Direction.EXPORT, salesforce_id="003000000000001AAA")
        )
    assert find(world.engine, ENTITY, "003000000000001AAA") == []


def test_whoever_stands_in_salesforce_alone_is_found_by_the_name_there(world: World) -> None:
    theirs = world.theirs(FirstName="Dee", LastName="Dale", Email="dee@school.edu")
    world.sync()
    assert find(world.engine, ENTITY, "dee dale") == [Person("Dee Dale", "dee@school.edu", None, theirs)]


def test_element451_is_followed_where_both_sides_differ_and_a_new_name_replaces_the_old(world: World) -> None:
    world.configure(scope=Scope.CONVERSATIONS)
    ours, _ = world.pair({"LastName": "Former"}, {"user_last_name": "Newer"})
    world.sync()
    assert called(world, "newer") == ["Newer"]
    world.element451.people.edit(ours, {"user-last-name": "Newest"})
    world.sync()
    assert (called(world, "newer"), called(world, "newest")) == ([], ["Newest"])


def test_a_contact_is_found_once_its_halves_are_paired_by_values_and_after_a_creation(world: World) -> None:
    world.configure(match_on=frozenset({"user-email-address"}))
    world.theirs(LastName="Twin", Email="twin@school.edu")
    world.ours(user_last_name="Twin", user_email_address="twin@school.edu")
    world.ours(user_first_name="Just", user_last_name="Created")
    world.sync()
    people = [*find(world.engine, ENTITY, "twin"), *find(world.engine, ENTITY, "created")]
    assert [bool(person.element_id and person.salesforce_id) for person in people] == [True, True]


def test_contacts_of_a_database_from_before_are_found_after_the_next_run(world: World) -> None:
    world.ours(user_first_name="Eve", user_last_name="Early")
    world.sync()
    with world.engine.begin() as connection:
        connection.execute(update(PAIRS).values(search=None))
        connection.execute(FACTS.delete().where(FACTS.c.name == NAMED))
    assert called(world, "eve") == []
    world.sync()
    assert called(world, "eve") == ["Eve Early"]


def test_many_ids_get_their_names_and_a_conversation_goes_by_its_contact(world: World) -> None:
    ours = world.ours(user_first_name="Ann", user_last_name="Lee")
    nameless = world.ours(user_email_address="only@school.edu")
    talk = world.conversation(ours)
    world.sync()
    with world.engine.connect() as connection:
        theirs = connection.execute(
            select(PAIRS.c.salesforce_id).where(PAIRS.c.element_id == ours)
        ).scalar_one()
    assert names(world.engine, ENTITY, [ours, theirs, nameless, talk, None, "f" * 24]) == {
        ours: "Ann Lee",
        theirs: "Ann Lee",
        nameless: "only@school.edu",
    }
    assert names(world.engine, ENTITY, [talk], TALKS) == {talk: "Ann Lee"}
    assert names(world.engine, ENTITY, []) == {}


def test_a_name_among_thousands_is_looked_for_in_an_index_that_holds_all_it_takes(engine: Engine) -> None:
    with engine.begin() as connection:
        rows = [
            {"kind": "contact", "entity": ENTITY, "search": f"person {number} p{number}@school.edu"}
            for number in range(3000)
        ]
        connection.execute(PAIRS.insert(), rows)
    assert len(find(engine, ENTITY, "2999@")) == 1
    if engine.dialect.name == "sqlite":  # PostgreSQL's choice hangs on when the table was vacuumed last
        fitting = (
            "SELECT search FROM pairs WHERE kind = 'contact' AND entity = 'Contact' AND search LIKE '%2999@%'"
            " ORDER BY search LIMIT 20"
        )
        with engine.connect() as connection:
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {fitting}")).all())
        assert "COVERING INDEX pairs_by_search" in plan


def test_a_contact_is_found_as_element451_names_it_and_else_as_salesforce_does_whoever_changed(
    world: World,
) -> None:
    _, named = world.pair({"LastName": "Lee"}, {"user_last_name": "Stone"})
    _, nameless = world.pair({"LastName": "Lee"}, {"user_last_name": None})
    world.read()
    for theirs in named, nameless:
        world.salesforce.people.edit(theirs, {"LastName": "Green"})
    world.later()
    world.read()
    assert [len(find(world.engine, ENTITY, asked)) for asked in ("stone", "green", "lee")] == [1, 1, 0]
