"""Which types fit together, and how values become the other system's (rules 4 and 5), with
value maps and without."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from syncer.core.field_types.conversion import convert, misfit
from syncer.core.field_types.field_type import Unfit
from syncer.core.fields import Field
from syncer.core.records import System, Value
from tests.core.builders import (
    ELEMENT451,
    ELEMENT451_TYPES,
    LISTED,
    SALESFORCE,
    SALESFORCE_TYPES,
    element451_typed,
    law,
    salesforce_typed,
    valid,
)

SORTS = {
    "text": {
        *(
            "text",
            "textarea",
            "dropdown",
            "radio",
            "string",
            "email",
            "phone",
            "url",
            "picklist",
            "combobox",
            "reference",
        )
    },
    "number": {"integer", "float", "int", "double", "currency", "percent"},
    "several": {"checkbox", "multipicklist"},
    "boolean": {"boolean"},
    "date": {"date"},
    "datetime": {"datetime"},
}
SORT = {type: sort for sort, types in SORTS.items() for type in types}
ELEMENT451_FIELDS = [element451_typed(type) for type in ELEMENT451_TYPES]
SALESFORCE_FIELDS = [salesforce_typed(type) for type in SALESFORCE_TYPES] + [
    salesforce_typed("double", scale=0)
]
TYPE_PAIRS = st.tuples(
    st.sampled_from(ELEMENT451_FIELDS), st.sampled_from(SALESFORCE_FIELDS), st.sampled_from(System)
)
RESTRICTED = salesforce_typed("picklist", options=LISTED, restricted=True)
DO_THIS = ("Choose", "Map ", "Add ", "Correct")


def holds_decimals(field: Field) -> bool:
    return field.type_name == "float" or (
        field.system is SALESFORCE and field.type_name != "int" and field.scale > 0
    )


def carries(source: Field, target: Field) -> bool:
    """Whether every value of ``source`` is a value of ``target``: the same sort, or one that can be written
    out as text."""
    give, take = SORT[source.type_name], SORT[target.type_name]
    if give == take == "number":
        return holds_decimals(target) or not holds_decimals(source)
    return give == take or (take == "text" and give != "several")


def sides(one: Field, other: Field, owner: System) -> tuple[Field, Field]:
    return (one, other) if owner is ELEMENT451 else (other, one)


@pytest.mark.parametrize("owner", System)
@pytest.mark.parametrize("salesforce", SALESFORCE_FIELDS, ids=lambda field: f"{field.type_name}{field.scale}")
@pytest.mark.parametrize("element451", ELEMENT451_FIELDS, ids=lambda field: field.type_name)
def test_two_fields_fit_exactly_where_every_value_of_the_owner_can_be_carried_over(
    element451: Field, salesforce: Field, owner: System
) -> None:
    problem = misfit(element451, salesforce, owner, has_value_map=False)
    assert (problem is None) == carries(*sides(element451, salesforce, owner))
    if problem:
        assert "Our field" in problem
        assert "Their field" in problem
        assert any(word in problem for word in DO_THIS), problem


@law
@given(TYPE_PAIRS, st.data())
def test_where_two_fields_fit_no_value_of_the_owner_is_refused(
    case: tuple[Field, Field, System], data: st.DataObject
) -> None:
    element451, salesforce, owner = case
    assume(salesforce.type_name not in ("email", "reference"))  # these take texts of their own shape only
    assume(misfit(element451, salesforce, owner, has_value_map=False) is None)
    source, target = sides(element451, salesforce, owner)
    value = data.draw(valid(source))
    carried = convert(value, target, {})
    assert carried is not None
    assert isinstance(carried, str) if SORT[target.type_name] == "text" else carried == value


@law
@given(TYPE_PAIRS)
def test_empty_stays_empty_whatever_the_types(case: tuple[Field, Field, System]) -> None:
    element451, salesforce, _ = case
    assert convert(None, element451, {"": "x"}) is None
    assert convert(None, salesforce, {"None": "x"}) is None


@pytest.mark.parametrize(
    "field",
    [
        element451_typed("array"),
        element451_typed("upload"),
        element451_typed(repeater=True),
        salesforce_typed("address"),
        salesforce_typed("base64"),
        salesforce_typed(compound=True),
    ],
)
def test_what_holds_more_than_a_value_cannot_be_mapped_and_the_sentence_says_so(field: Field) -> None:
    assert field.family is None
    element451, salesforce = (
        (field, salesforce_typed()) if field.system is ELEMENT451 else (element451_typed(), field)
    )
    for owner in System:
        problem = misfit(element451, salesforce, owner, has_value_map=True)
        assert problem
        assert field.label in problem
        assert field.key in problem
        assert "Choose" in problem


@pytest.mark.parametrize("owner", System)
def test_yes_or_no_and_text_fit_with_a_value_map(owner: System) -> None:
    assert (
        misfit(element451_typed("dropdown"), salesforce_typed("boolean"), owner, has_value_map=True) is None
    )
    assert (
        misfit(element451_typed("boolean"), salesforce_typed("picklist"), owner, has_value_map=True) is None
    )
    refused = misfit(
        element451_typed("dropdown"), salesforce_typed("boolean"), ELEMENT451, has_value_map=False
    )
    assert refused
    assert "Add a value map" in refused


# values


@pytest.mark.parametrize(
    ("value", "target", "carried"),
    [
        (True, salesforce_typed(), "true"),
        (False, element451_typed(), "false"),
        (7, salesforce_typed(), "7"),
        (3.25, element451_typed(), "3.25"),
        (0.00001, salesforce_typed(), "0.00001"),
        (3.5, salesforce_typed("double"), 3.5),
        ("2026-01-02", salesforce_typed("date"), "2026-01-02"),
        ("2026-01-02T03:04:05+00:00", salesforce_typed("textarea"), "2026-01-02T03:04:05+00:00"),
        ("7", salesforce_typed("int"), 7),
        ("yes", salesforce_typed("boolean"), True),
        (["b", "a"], salesforce_typed("multipicklist"), ["a", "b"]),
    ],
)
def test_a_value_is_carried_over_as_the_other_field_takes_it(
    value: Value, target: Field, carried: Value
) -> None:
    assert convert(value, target, {}) == carried


@pytest.mark.parametrize(
    ("value", "target", "needs"),
    [
        ("seven", salesforce_typed("double"), "a number"),
        ("9" * 40, salesforce_typed("double"), "a number"),
        (3.5, element451_typed("integer"), "a whole number"),
        (3.5, salesforce_typed("double", scale=0), "a whole number"),
        (True, salesforce_typed("int"), "a whole number"),
        ("soon", salesforce_typed("date"), "a date"),
        ("2026-02-30", salesforce_typed("date"), "a date"),
        ("soon", element451_typed("datetime"), "a date with a time"),
        ("perhaps", salesforce_typed("boolean"), "yes or no"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(value: Value, target: Field, needs: str) -> None:
    with pytest.raises(Unfit) as refused:
        convert(value, target, {})
    sentence = str(refused.value)
    assert f"is not {needs}, which {target.label} needs" in sentence
    assert "Correct the value" in sentence


@pytest.mark.parametrize(
    "target",
    [element451_typed("dropdown", options=LISTED), element451_typed("radio", options=LISTED), RESTRICTED],
)
def test_a_value_that_is_not_in_the_list_passes_by_the_value_map_or_is_refused(target: Field) -> None:
    assert convert("a", target, {}) == "a"
    assert convert("Z", target, {"Z": "c"}) == "c"
    missing_values = ["Z", "Apple"] + (["A"] if target.system is ELEMENT451 else [])
    for missing in missing_values:
        with pytest.raises(
            Unfit,
            match=r"is not one of the values of .* field\. Add it to the value map, or to the field's list\.",
        ):
            convert(missing, target, {})


@pytest.mark.parametrize(
    "target",
    [
        element451_typed("checkbox", options=LISTED),
        salesforce_typed("multipicklist", options=LISTED, restricted=True),
    ],
)
def test_one_of_several_values_that_is_not_in_the_list_refuses_them_all(target: Field) -> None:
    assert convert(["c", "Z"], target, {"Z": "a"}) == ["a", "c"]
    with pytest.raises(Unfit, match="“Z”"):
        convert(["a", "Z"], target, {})


def test_a_list_that_is_open_or_unknown_takes_any_value() -> None:
    assert convert("Z", salesforce_typed("picklist", options=LISTED), {}) == "Z"
    assert convert(["Z"], salesforce_typed("multipicklist", options=LISTED), {}) == ["Z"]
    assert convert("Z", element451_typed("dropdown"), {}) == "Z", "no list was read for it"


def test_values_that_share_a_target_value_become_one() -> None:
    assert convert(["x", "y", "z"], salesforce_typed("multipicklist"), {"x": "a", "y": "a"}) == ["a", "z"]


def test_a_very_long_value_is_shortened_in_the_sentence() -> None:
    with pytest.raises(Unfit) as refused:
        convert("x" * 5000, salesforce_typed("date"), {})
    assert len(str(refused.value)) < 250


def test_a_part_that_holds_the_separator_is_refused_where_salesforce_does_not_list_it() -> None:
    open_list = salesforce_typed("multipicklist")
    with pytest.raises(Unfit, match="semicolon"):
        convert(["Hawaiian; Pacific"], open_list, {})
    assert convert(["Hawaiian; Pacific"], open_list, {"Hawaiian; Pacific": "Pacific"}) == ["Pacific"]
    listed = replace(open_list, options=(("Hawaiian; Pacific", "Hawaiian; Pacific"),))
    assert convert(["Hawaiian; Pacific"], listed, {}) == ["Hawaiian; Pacific"]
