"""Mapped fields: owners, value maps both ways, links (docs/architecture.md, "Words"; rules 1 and 8)."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core.field_types.field_type import Unfit
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System
from tests.core.builders import (
    ELEMENT451,
    FIRST,
    LISTED,
    LOOKUP,
    NOTES,
    PHONE,
    SALESFORCE,
    SLUG,
    SUBJECT,
    element451_typed,
    law,
    mapping,
    salesforce_typed,
)

NAMES = st.text("abcxyz", min_size=1, max_size=2)
PAIRS = st.lists(st.tuples(NAMES, NAMES), unique_by=lambda pair: pair[0], max_size=6)


def mapped(*values: tuple[str, str], element451: str = "text", salesforce: str = "string") -> MappedField:
    return MappedField(element451_typed(element451), salesforce_typed(salesforce), ELEMENT451, values)


@law
@given(PAIRS, NAMES)
def test_a_listed_value_goes_over_by_the_map_and_another_fails_or_passes_as_was_chosen(
    listed: list[tuple[str, str]], other: str
) -> None:
    field = mapped(*listed)
    passing = replace(field, unlisted_passes=True)
    for element451, salesforce in listed:
        assert field.converted(element451, SALESFORCE) == salesforce
    for to, known in ((SALESFORCE, dict(listed).keys()), (ELEMENT451, dict(listed).values())):
        if other in known:
            assert field.not_in_map(other, to) == ()
            continue
        assert passing.converted(other, to) == other
        assert field.not_in_map(other, to) == ((other,) if listed else ())
        if listed:
            with pytest.raises(Unfit, match="is not in the value map of"):
                field.converted(other, to)
        else:
            assert field.converted(other, to) == other


@law
@given(PAIRS)
def test_where_several_values_share_a_salesforce_value_the_first_listed_is_used_on_import(
    listed: list[tuple[str, str]],
) -> None:
    field = mapped(*listed)
    for salesforce in {value for _, value in listed}:
        first = next(element451 for element451, value in listed if value == salesforce)
        assert field.converted(salesforce, ELEMENT451) == first
        assert field.converted(field.converted(salesforce, ELEMENT451), SALESFORCE) == salesforce


def test_codes_and_labels_go_both_ways() -> None:
    term = mapped(("tu.terms.112", "Fall 2026"), ("tu.terms.113", "Spring 2027"))
    assert term.converted("tu.terms.112", SALESFORCE) == "Fall 2026"
    assert term.converted("Spring 2027", ELEMENT451) == "tu.terms.113"


def test_yes_and_no_may_be_named_in_the_map_on_either_side() -> None:
    element451_is_boolean = mapped(
        ("true", "Opt in"), ("false", "Opt out"), element451="boolean", salesforce="picklist"
    )
    assert element451_is_boolean.converted(True, SALESFORCE) == "Opt in"
    assert element451_is_boolean.converted("Opt out", ELEMENT451) is False
    salesforce_is_boolean = mapped(
        ("Y", "true"), ("yes", "true"), ("N", "false"), element451="dropdown", salesforce="boolean"
    )
    assert salesforce_is_boolean.converted("yes", SALESFORCE) is True
    assert salesforce_is_boolean.converted(True, ELEMENT451) == "Y"
    assert salesforce_is_boolean.converted(False, ELEMENT451) == "N"
    with pytest.raises(Unfit, match="Their field"):
        replace(salesforce_is_boolean, unlisted_passes=True).converted("perhaps", SALESFORCE)


def test_numbers_may_be_named_in_the_map() -> None:
    level = mapped(("1", "First year"), ("2.5", "Half"), element451="float", salesforce="picklist")
    assert (
        level.converted(1, SALESFORCE),
        level.converted(2.5, SALESFORCE),
        level.converted("First year", ELEMENT451),
    ) == (
        "First year",
        "Half",
        1,
    )


def test_each_of_several_values_goes_by_the_map() -> None:
    races = mapped(("as", "Asian"), ("wh", "White"), element451="checkbox", salesforce="multipicklist")
    assert races.converted(["as", "wh"], SALESFORCE) == ["Asian", "White"]
    passing = replace(races, unlisted_passes=True)
    assert passing.converted(["as", "other", "wh"], SALESFORCE) == ["Asian", "White", "other"]
    assert races.not_in_map(["as", "other", "wh"], SALESFORCE) == ("other",)
    assert races.converted(["Asian", "White"], ELEMENT451) == ["as", "wh"]


def test_a_value_that_the_receiving_list_lacks_is_refused_with_the_fields_label() -> None:
    field = replace(
        mapped(("x", "a")),
        salesforce=salesforce_typed("picklist", options=LISTED, restricted=True),
        unlisted_passes=True,
    )
    assert field.converted("x", SALESFORCE) == "a"
    with pytest.raises(Unfit, match="“y” is not one of the values of Their field"):
        field.converted("y", SALESFORCE)


@law
@given(st.lists(st.sampled_from([FIRST, NOTES, PHONE]), unique=True))
def test_every_field_has_exactly_one_owner(fields: list[MappedField]) -> None:
    over = mapping(*fields)
    owned = {system: over.owned_by(system) for system in System}
    assert sorted((*owned[ELEMENT451], *owned[SALESFORCE]), key=fields.index) == fields
    assert all(field.owner is system for system in System for field in owned[system])


def test_the_ids_are_read_whatever_else_is_mapped_and_belong_to_nobodys_update() -> None:
    over = mapping(FIRST, PHONE)
    assert [field.key for field in over.read_from(ELEMENT451)] == [SLUG, "user-first-name", "user-phone"]
    assert [field.key for field in over.read_from(SALESFORCE)] == ["Element451_ID__c", "FirstName", "Phone"]
    links = [over.link(system) for system in System]
    assert links == [over.salesforce_id, over.element_id]
    assert not {over.element_id, over.salesforce_id} & {
        *over.owned_by(ELEMENT451),
        *over.owned_by(SALESFORCE),
    }


def test_a_conversation_holds_its_id_and_its_contact() -> None:
    over = mapping(SUBJECT, kind=Kind.CONVERSATION)
    assert [field.key for field in over.read_from(ELEMENT451)] == [
        "conversation-user-elementid",
        "conversation-subject",
    ]
    assert [field.key for field in over.read_from(SALESFORCE)] == ["Conversation_ID__c", LOOKUP, "Subject__c"]
    assert over.link(ELEMENT451) is None, "Element451 holds nothing of Salesforce in a conversation"


def test_a_field_that_is_mapped_twice_is_read_once() -> None:
    again = replace(NOTES, element451=FIRST.element451)
    assert [field.key for field in mapping(FIRST, again).read_from(ELEMENT451)] == [SLUG, "user-first-name"]
