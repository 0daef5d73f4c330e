"""The configuration's versions, on both databases."""

import pytest
from sqlalchemy import Engine

from syncer.configuration.config_file import BadConfiguration, dump, parse
from syncer.configuration.versions import ConfigStore
from syncer.core.permissions import Actor, NotPermitted, Role
from tests.support.documents import document, row


def test_there_is_no_configuration_before_the_first_import(engine: Engine) -> None:
    assert ConfigStore(engine).current() is None
    assert ConfigStore(engine).history() == []


def test_an_import_replaces_everything(engine: Engine) -> None:
    store, bob = (
        ConfigStore(engine, Actor("ann", Role.ANALYST)),
        ConfigStore(engine, Actor("bob", Role.ANALYST)),
    )
    first = store.store(document(batch_size=50))
    second = bob.store(parse(dump(document())))
    assert store.current() == (second, document())
    assert store.document(first) == document(batch_size=50)
    assert [(version.id, version.author) for version in store.history()] == [(second, "bob"), (first, "ann")]


def test_a_faulty_configuration_replaces_nothing(engine: Engine) -> None:
    store = ConfigStore(engine)
    number = store.store(document())
    with pytest.raises(BadConfiguration):
        store.store({"preferences": {"batch_size": 0}})
    assert store.current() == (number, document())


def test_storing_the_same_again_makes_no_new_version(engine: Engine) -> None:
    store = ConfigStore(engine)
    assert store.store(document()) == store.store(document())


def test_the_order_of_a_value_map_survives_and_counts(engine: Engine) -> None:
    store = ConfigStore(engine)
    values = {"Z": "1", "A": "1", "M": "2"}
    first = store.store(document([row("user-first-name", "FirstName", values=values)]))
    current = store.current()
    assert current
    assert list(current[1]["mappings"]["contact"][2]["values"]) == ["Z", "A", "M"]
    assert (
        store.store(document([row("user-first-name", "FirstName", values=dict(sorted(values.items())))]))
        > first
    )


def test_the_history_is_turned_page_by_page(engine: Engine) -> None:
    store = ConfigStore(engine)
    numbers = [store.store(document(batch_size=size)) for size in range(1, 6)]
    assert [version.id for version in store.history(2)] == numbers[:2:-1]
    assert [version.id for version in store.history(2, before=numbers[3])] == numbers[2:0:-1]
    assert store.documents([numbers[0], 99]) == {numbers[0]: document(batch_size=1)}


def test_whoever_may_not_change_the_guard_takes_over_everything_else(engine: Engine) -> None:
    admin, analyst = ConfigStore(engine), ConfigStore(engine, Actor("ann", Role.ANALYST))
    first = document(guard={"percent": 90}, api_share_percent=90, batch_size=10)
    assert analyst.with_protected_settings(first) == document(batch_size=10), (
        "before the first version the defaults hold"
    )
    admin.store(first)
    admin.store(document(guard={"percent": 5}))
    assert admin.with_protected_settings(first) == first
    taken = analyst.with_protected_settings(first)
    assert taken == document(guard={"percent": 5}, batch_size=10)
    analyst.store(taken)
    with pytest.raises(NotPermitted):
        analyst.store(first)
