"""What the known records hold: samples of both sides, and how often each value occurs."""

from sqlalchemy import Engine, insert

from syncer.application.known_values import sample, value_counts
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System, Value, Values
from syncer.sync.pair_store import PAIRS
from tests.core.builders import element451_typed, salesforce_typed

GENDER = MappedField(
    element451_typed(key="user-gender"),
    salesforce_typed(key="Gender__c"),
    System.ELEMENT451,
    (("F", "Female"), ("M", "Male")),
)


def pair(engine: Engine, at: int, ours: Values | None, theirs: Values | None, **more: object) -> None:
    row = {
        "kind": "contact",
        "entity": "Contact",
        "element_id": f"e{at}" if ours is not None else None,
        "salesforce_id": f"s{at}" if theirs is not None else None,
        "element451": ours,
        "salesforce": theirs,
    }
    with engine.begin() as connection:
        connection.execute(insert(PAIRS).values(row | more))


def test_a_sample_says_what_is_held_filled_and_equal_by_the_value_map(engine: Engine) -> None:
    pair(engine, 1, {"user-gender": "F"}, {"Gender__c": "Female"})
    pair(engine, 2, {"user-gender": "M"}, {"Gender__c": "Female"})
    pair(engine, 3, {"user-gender": None}, {"Gender__c": None})
    pair(engine, 4, {}, {"Gender__c": "Male"})
    pair(engine, 5, {"user-gender": "F"}, None)
    (found,) = sample(engine, Kind.CONTACT, "Contact", [GENDER]).values()
    assert found.values == {System.ELEMENT451: ("F", "M"), System.SALESFORCE: ("Female", "Male")}
    assert found.filled == {System.ELEMENT451: 2 / 3, System.SALESFORCE: 3 / 4}
    assert found.agreeing == 2 / 3


def test_values_are_counted_part_by_part_with_the_most_frequent_first(engine: Engine) -> None:
    values: list[Value] = ["a", ["b", "a"], "b", "b", None, 7]
    for at, held in enumerate(values):
        pair(engine, at, {"user-x": held, "user-yes": at < 2}, None)
    pair(engine, 20, {"user-x": "left"}, None, left_sync=True)
    pair(engine, 21, {"user-x": "other"}, None, entity="Lead")
    found = value_counts(engine, Kind.CONTACT, "Contact", element451_typed(key="user-x"))
    assert list(found.counts.items()) == [("b", 3), ("a", 2), ("7", 1)]
    assert (found.records, found.complete) == (6, True)
    truths = value_counts(engine, Kind.CONTACT, "Contact", element451_typed("boolean", key="user-yes"))
    assert truths.counts == {"false": 4, "true": 2}
