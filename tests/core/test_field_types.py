"""How values of each type are read (rule 5; contracts/element451.md F7, F8; contracts/salesforce.md A6)."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core import values
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from tests.core.builders import LISTED, element451_typed, every_field, law, salesforce_typed

SEVERAL = [field for field in every_field() if field.family is Family.SEVERAL]
NUMBERS = [field for field in every_field() if field.family is Family.NUMBER]
DOUBLE = salesforce_typed("double", scale=2)


# text


@law
@given(
    st.sampled_from(
        [element451_typed(), element451_typed("dropdown"), salesforce_typed(), salesforce_typed("picklist")]
    ),
    st.text(st.characters(exclude_characters="\x00"), min_size=1, max_size=20).filter(str.strip),
)
def test_text_is_taken_as_it_is(field: Field, text: str) -> None:
    assert values.read(field, text) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [("007", "007"), (451, "451"), (True, "true"), (False, "false"), ("null", "null"), ("1e3", "1e3")],
)
def test_text_that_looks_like_something_else_stays_text(raw: object, text: str) -> None:
    assert values.read(element451_typed(), raw) == text


# dates and times


@law
@given(
    st.dates(),
    st.sampled_from(
        ["", "T00:00:00", "T23:59:59Z", "T00:00:00+14:00", "T23:00:00.000-1200", " 00:00:00", "Z", " "]
    ),
)
def test_a_date_never_shifts_whatever_follows_it(day: date, rest: str) -> None:
    assert values.read(element451_typed("date"), f"{day}{rest}") == str(day)
    assert values.read(salesforce_typed("date"), f"{day}{rest}") == str(day)


@law
@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60)
)
def test_a_moment_is_the_same_in_every_time_zone_to_the_second(when: datetime, minutes: int) -> None:
    instant = when.replace(tzinfo=UTC)
    there = instant.astimezone(timezone(timedelta(minutes=minutes)))
    assert values.read(salesforce_typed("datetime"), there.isoformat()) == values.read(
        element451_typed("datetime"), instant.replace(microsecond=0).isoformat()
    )


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "2026-11-23T12:00:00.000+0000",
            "2026-11-23T12:00:00.000Z",
            "2026-11-23T12:00:00Z",
            "2026-11-23T12:00:00.987Z",
        ),
        *(
            "2026-11-23T07:00:00-05:00",
            " 2026-11-23T17:30:00+05:30 ",
            "2026-11-23T12:00:00+00:00",
            "2026-11-23T12:00:00",
        ),
    ],
)
def test_each_spelling_of_a_moment_is_that_moment(raw: str) -> None:
    assert values.read(salesforce_typed("datetime"), raw) == "2026-11-23T12:00:00+00:00"


@pytest.mark.parametrize(
    "raw", ["yesterday", "2026-13-45T00:00:00Z", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"]
)
def test_what_is_no_moment_stays_text_for_the_plan_to_refuse(raw: str) -> None:
    assert values.read(element451_typed("datetime"), raw) == raw


# several values


def spellings(field: Field, chosen: list[str]) -> list[Any]:
    if field.type_name == "multipicklist":
        return [
            ";".join(chosen),
            "; ".join(chosen),
            ";".join([*chosen, chosen[0]]),
            ";" + ";".join(reversed(chosen)) + ";",
        ]
    ticks = [{"checked": True, "text": item} for item in chosen]
    return [
        chosen,
        [*chosen, *chosen],
        ",".join(chosen),
        " , ".join(reversed(chosen)),
        ticks,
        [*ticks, {"checked": False, "text": "other"}],
    ]


@law
@given(
    st.sampled_from(SEVERAL),
    st.lists(st.text("xyz'é ", min_size=1, max_size=5).map(str.strip).filter(bool), min_size=1, unique=True),
    st.randoms(),
)
def test_order_repeats_and_separators_of_several_values_never_matter(
    field: Field, chosen: list[str], pick: Any
) -> None:
    shuffled = pick.sample(chosen, len(chosen))
    for raw in spellings(field, shuffled):
        assert values.read(field, raw) == sorted(chosen), raw


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        (
            salesforce_typed("multipicklist", options=(("Hawaiian; Pacific",) * 2, ("Asian",) * 2)),
            "Asian;Hawaiian; Pacific",
        ),
        (
            salesforce_typed("multipicklist", options=(("Hawaiian; Pacific",) * 2, ("Asian",) * 2)),
            "Hawaiian; Pacific;Asian",
        ),
        (
            element451_typed("checkbox", options=(("Hawaiian; Pacific",) * 2, ("Asian",) * 2)),
            "Hawaiian; Pacific, Asian",
        ),
    ],
)
def test_an_option_that_holds_the_separator_is_recognised_whole(field: Field, raw: str) -> None:
    assert values.read(field, raw) == ["Asian", "Hawaiian; Pacific"]


def test_an_option_that_holds_a_comma_survives_each_spelling_of_a_checkbox() -> None:
    field = element451_typed(
        "checkbox", options=(("Law, Civil", "Law, Civil"), ("Law", "Law"), ("Arts", "Arts"))
    )
    for raw in (
        "Law, Civil,Arts",
        "Arts,Law, Civil",
        ["Law, Civil", "Arts"],
        [{"checked": True, "text": name} for name in ("Arts", "Law, Civil")],
    ):
        assert values.read(field, raw) == ["Arts", "Law, Civil"], raw
    assert values.read(field, "Law,Arts") == ["Arts", "Law"]
    assert values.read(field, "Law,Law, Civil") == ["Law", "Law, Civil"]


def test_a_checkbox_is_read_by_its_labels_or_its_values_and_kept_by_its_values() -> None:
    field = element451_typed("checkbox", options=LISTED)
    for raw in (
        "Apple,Bean",
        ["a", "b"],
        ["Bean", "a"],
        [{"checked": True, "text": "Apple"}, {"checked": True, "value": "b", "text": "Bean"}],
    ):
        assert values.read(field, raw) == ["a", "b"], raw
    swapped = element451_typed("checkbox", options=(("a", "b"), ("b", "a")))
    assert values.read(swapped, ["a"]) == ["a"], (
        "a value is taken for itself even where it is another one's label"
    )


def test_several_values_go_out_joined_to_salesforce_and_as_a_list_to_element451() -> None:
    assert values.send(salesforce_typed().system, ["a", "b"]) == "a;b"
    assert values.send(element451_typed().system, ["a", "b"]) == ["a", "b"]


# yes and no


@pytest.mark.parametrize(
    "field", [element451_typed("boolean"), salesforce_typed("boolean")], ids=["element451", "salesforce"]
)
def test_yes_and_no_are_understood_in_every_spelling(field: Field) -> None:
    assert {
        values.read(field, raw) for raw in (True, "true", "TRUE", " True ", "yes", "Y", "1", 1, "on")
    } == {True}
    assert {values.read(field, raw) for raw in (False, "false", "False ", "No", "n", "0", 0, "off")} == {
        False
    }
    assert values.read(field, "perhaps") == "perhaps"


# numbers


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: f"{field.system}-{field.type_name}")
def test_the_spellings_of_a_number_are_one_number(field: Field) -> None:
    for raw in (1, "1", 1.0, "1.00", " 1 ", "+1", "10e-1"):
        assert repr(values.read(field, raw)) == "1", raw
    assert (values.read(field, "1e3"), values.read(field, "-0.50"), values.read(field, "-0")) == (
        1000,
        -0.5,
        0,
    )
    assert values.read(field, "123456789012345678") == 123456789012345678, "a long number keeps each digit"


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "Infinity",
        "-inf",
        "sNaN",
        "1,000",
        "1_000",
        "12 000",
        "seven",
        "0x10",
        "--1",
        "9" * 40,
        "1e5000",
        "1e999999999",
    ],
)
def test_what_is_no_number_that_a_field_can_hold_stays_text(raw: str) -> None:
    assert values.read(DOUBLE, raw) == raw


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), float("-inf")])
def test_a_number_without_end_is_no_number(raw: float) -> None:
    assert isinstance(values.read(DOUBLE, raw), str)
