"""Mapped fields: owners, value maps both ways, links (docs/architecture.md, "Words"; rules 1 and 8)."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core.field_types.field_type import Unfit
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System
from tests.core.building import (
    FIRST,
    LISTED,
    LOOKUP,
    NOTES,
    OURS,
    PHONE,
    SLUG,
    SUBJECT,
    THEIRS,
    law,
    mapping,
    ours,
    theirs,
)

NAMES = st.text("abcxyz", min_size=1, max_size=2)
PAIRS = st.lists(st.tuples(NAMES, NAMES), unique_by=lambda pair: pair[0], max_size=6)


def mapped(*values: tuple[str, str], our: str = "text", their: str = "string") -> MappedField:
    return MappedField(ours(our), theirs(their), OURS, values)


@law
@given(PAIRS, NAMES)
def test_a_listed_value_goes_over_by_the_map_and_one_not_listed_unchanged(
    listed: list[tuple[str, str]], other: str
) -> None:
    field = mapped(*listed)
    for element451, salesforce in listed:
        assert field.converted(element451, THEIRS) == salesforce
    if other not in dict(listed):
        assert field.converted(other, THEIRS) == other
    if other not in dict(listed).values():
        assert field.converted(other, OURS) == other


@law
@given(PAIRS)
def test_where_several_values_share_a_salesforce_value_the_first_listed_is_used_on_import(
    listed: list[tuple[str, str]],
) -> None:
    field = mapped(*listed)
    for salesforce in {salesforce for _, salesforce in listed}:
        first = next(ours for ours, theirs in listed if theirs == salesforce)
        assert field.converted(salesforce, OURS) == first
        assert field.converted(field.converted(salesforce, OURS), THEIRS) == salesforce


def test_codes_and_labels_go_both_ways() -> None:
    term = mapped(("tu.terms.112", "Fall 2026"), ("tu.terms.113", "Spring 2027"))
    assert term.converted("tu.terms.112", THEIRS) == "Fall 2026"
    assert term.converted("Spring 2027", OURS) == "tu.terms.113"


def test_yes_and_no_may_be_named_in_the_map_on_either_side() -> None:
    ours_is_boolean = mapped(("true", "Opt in"), ("false", "Opt out"), our="boolean", their="picklist")
    assert ours_is_boolean.converted(True, THEIRS) == "Opt in"
    assert ours_is_boolean.converted("Opt out", OURS) is False
    theirs_is_boolean = mapped(
        ("Y", "true"), ("yes", "true"), ("N", "false"), our="dropdown", their="boolean"
    )
    assert theirs_is_boolean.converted("yes", THEIRS) is True
    assert theirs_is_boolean.converted(True, OURS) == "Y"
    assert theirs_is_boolean.converted(False, OURS) == "N"
    with pytest.raises(Unfit, match="Their field"):
        theirs_is_boolean.converted("perhaps", THEIRS)


def test_numbers_may_be_named_in_the_map() -> None:
    level = mapped(("1", "First year"), ("2.5", "Half"), our="float", their="picklist")
    assert (
        level.converted(1, THEIRS),
        level.converted(2.5, THEIRS),
        level.converted("First year", OURS),
    ) == (
        "First year",
        "Half",
        1,
    )


def test_each_of_several_values_goes_by_the_map() -> None:
    races = mapped(("as", "Asian"), ("wh", "White"), our="checkbox", their="multipicklist")
    assert races.converted(["as", "other", "wh"], THEIRS) == ["Asian", "White", "other"]
    assert races.converted(["Asian", "White"], OURS) == ["as", "wh"]


def test_a_value_that_the_receiving_list_lacks_is_refused_with_the_fields_label() -> None:
    field = replace(mapped(("x", "a")), salesforce=theirs("picklist", options=LISTED, restricted=True))
    assert field.converted("x", THEIRS) == "a"
    with pytest.raises(Unfit, match="“y” is not one of the values of Their field"):
        field.converted("y", THEIRS)


@law
@given(st.lists(st.sampled_from([FIRST, NOTES, PHONE]), unique=True))
def test_every_field_has_exactly_one_owner(fields: list[MappedField]) -> None:
    over = mapping(*fields)
    owned = {system: over.owned_by(system) for system in System}
    assert sorted((*owned[OURS], *owned[THEIRS]), key=fields.index) == fields
    assert all(field.owner is system for system in System for field in owned[system])


def test_the_ids_are_read_whatever_else_is_mapped_and_belong_to_nobodys_update() -> None:
    over = mapping(FIRST, PHONE)
    assert [field.key for field in over.read_from(OURS)] == [SLUG, "user-first-name", "user-phone"]
    assert [field.key for field in over.read_from(THEIRS)] == ["Element451_ID__c", "FirstName", "Phone"]
    links = [over.link(system) for system in System]
    assert links == [over.salesforce_id, over.element_id]
    assert not {over.element_id, over.salesforce_id} & {*over.owned_by(OURS), *over.owned_by(THEIRS)}


def test_a_conversation_holds_its_id_and_its_contact() -> None:
    over = mapping(SUBJECT, kind=Kind.CONVERSATION)
    assert [field.key for field in over.read_from(OURS)] == [
        "conversation-user-elementid",
        "conversation-subject",
    ]
    assert [field.key for field in over.read_from(THEIRS)] == ["Conversation_ID__c", LOOKUP, "Subject__c"]
    assert over.link(OURS) is None, "Element451 holds nothing of Salesforce in a conversation"


def test_a_field_that_is_mapped_twice_is_read_once() -> None:
    again = replace(NOTES, element451=FIRST.element451)
    assert [field.key for field in mapping(FIRST, again).read_from(OURS)] == [SLUG, "user-first-name"]
