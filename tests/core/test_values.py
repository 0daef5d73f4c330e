"""Values at the edge, whatever their type: what is empty, what is stored, what is the same (rule 5;
contracts/salesforce.md A6)."""

from decimal import ROUND_HALF_UP, Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core import values
from syncer.core.fields import Field
from syncer.core.records import Value
from tests.core.builders import element451_typed, every_field, law, salesforce_typed, valid

FIELDS = every_field()
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.datetimes().map(str)
)
BLANKS = st.text(alphabet=" \t\n\r\u00a0", max_size=4)
ANY_FIELD, DOUBLE = st.sampled_from(FIELDS), salesforce_typed("double", scale=2)


@law
@given(ANY_FIELD, SCALARS)
def test_a_value_that_was_sent_reads_as_it_was(field: Field, raw: object) -> None:
    once = values.read(field, raw)
    assert values.read(field, values.send(field.system, once)) == once


@law
@given(ANY_FIELD.flatmap(lambda field: st.tuples(st.just(field), valid(field))))
def test_every_valid_value_survives_the_way_out_and_back(case: tuple[Field, Value]) -> None:
    field, value = case
    assert values.read(field, values.send(field.system, value)) == value


# empty


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.system}-{field.type_name}")
@pytest.mark.parametrize("empty", [None, "", " ", " \t\r\n ", "\u00a0", []], ids=repr)
def test_every_spelling_of_empty_is_empty(field: Field, empty: object) -> None:
    assert values.read(field, empty) is None


@pytest.mark.parametrize(
    "raw",
    [
        [{"checked": False, "text": "Asian"}],
        [""],
        [None],
        [" ", None],
        ",",
        " , ",
        [{"checked": True, "text": ""}],
        [{"checked": False}],
    ],
    ids=str,
)
def test_a_checkbox_with_nothing_ticked_is_empty(raw: object) -> None:
    assert values.read(element451_typed("checkbox"), raw) is None


@law
@given(ANY_FIELD, BLANKS)
def test_blanks_alone_are_empty_in_every_field(field: Field, blanks: str) -> None:
    assert values.read(field, blanks) is None


def test_no_and_zero_are_values_and_not_empty() -> None:
    assert values.read(element451_typed("boolean"), False) is False
    assert values.read(salesforce_typed("boolean"), "false") is False
    assert values.read(DOUBLE, 0) == 0
    assert values.read(element451_typed(), "0") == "0"


# as stored


@law
@given(ANY_FIELD, SCALARS)
def test_what_is_stored_is_stored_the_same_again(field: Field, raw: object) -> None:
    once = values.stored(field, values.read(field, raw))
    assert values.stored(field, once) == once
    assert values.stored(field, values.read(field, values.send(field.system, once))) == once


@law
@given(
    st.integers(0, 17),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**11), max_value=10**11),
)
def test_salesforce_rounds_half_up_at_the_scale_of_the_field(scale: int, exact: Decimal) -> None:
    value = float(exact)
    wanted = (
        Decimal(str(value)).quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
        if scale < 6
        else Decimal(str(value))
    )
    assert values.stored(salesforce_typed("double", scale=scale), value) == float(wanted)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (2.345, 2.35),
        (2.344, 2.34),
        (-2.345, -2.35),
        (0.285, 0.29),
        (0.004, 0),
        (1.999, 2),
        (7, 7),
        (None, None),
    ],
)
def test_decimals_beyond_the_scale_are_rounded_as_a_person_rounds(value: Value, kept: Value) -> None:
    assert values.stored(DOUBLE, value) == kept


@pytest.mark.parametrize("value", [10**17, 1e16, 123456789012345.25])
def test_a_large_number_is_compared_in_a_field_with_many_decimals(value: Value) -> None:
    assert values.stored(salesforce_typed("double", scale=15), value) == value


def test_salesforce_trims_text_and_knows_no_empty_checkbox() -> None:
    assert values.stored(salesforce_typed(), "  Ann \n") == "Ann"
    assert values.stored(salesforce_typed("textarea"), "a\r\nb\rc") == "a\nb\nc"
    assert values.stored(salesforce_typed("boolean"), None) is False
    assert values.stored(element451_typed("boolean"), None) is None
    assert values.stored(element451_typed(), " Ann ") == " Ann ", "Element451 keeps text as it is"


@law
@given(ANY_FIELD, st.lists(SCALARS, min_size=3, max_size=3))
def test_being_the_same_is_an_equivalence(field: Field, raws: list[object]) -> None:
    a, b, c = (values.read(field, raw) for raw in raws)
    assert values.same(field, a, a)
    assert values.same(field, a, b) == values.same(field, b, a)
    assert not (values.same(field, a, b) and values.same(field, b, c)) or values.same(field, a, c)
    assert values.same(field, a, values.stored(field, a))


def test_case_is_a_difference_and_what_salesforce_drops_is_none() -> None:
    assert not values.same(salesforce_typed(), "Ann", "ann")
    assert not values.same(element451_typed("email"), "Ann@x.edu", "ann@x.edu")
    assert values.same(salesforce_typed(), "Ann ", "Ann")
    assert values.same(DOUBLE, 3.14159, 3.14)
    assert not values.same(element451_typed("float"), 3.14159, 3.14)


def test_a_null_character_is_dropped_because_no_database_keeps_it() -> None:
    assert values.read(element451_typed("text"), "A\x00nn") == "Ann"
    assert values.read(element451_typed("text"), "\x00") is None
