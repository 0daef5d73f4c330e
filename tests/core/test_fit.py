"""What a field takes, as far as its catalogue says so for certain (rule 15; contracts/salesforce.md A6, A8,
A9)."""

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from syncer.core import values
from syncer.core.field_types.fit import misfit_of
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import System, Value
from tests.core.builders import LISTED, SALESFORCE, element451_typed, law, salesforce_typed
from tests.support.memory_rows import invalid

NAME = salesforce_typed(length=40)
LAST_NAME = salesforce_typed(length=80, nillable=False)
EMAIL = salesforce_typed("email", length=80)
GPA = salesforce_typed("double", precision=4, scale=2)
AMOUNT = salesforce_typed("currency", precision=18, scale=2)
SEATS = salesforce_typed("int", precision=8)
BORN, APPLIED = salesforce_typed("date"), salesforce_typed("datetime")
CLOSED = salesforce_typed("picklist", options=LISTED, restricted=True)
OPEN = salesforce_typed("picklist", options=LISTED)
RACES = salesforce_typed("multipicklist", options=LISTED, restricted=True)
TAGS = salesforce_typed("multipicklist", options=LISTED)
LOOKUP = salesforce_typed("reference", length=18)
RICH = salesforce_typed("textarea", length=10, rich_text=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (NAME, "x" * 41),
        (LAST_NAME, None),
        *((EMAIL, bad) for bad in ("ann", "ann@", "@x.edu", "ann@x", "a b@x.edu", "a@b@x.edu", "a,b@x.edu")),
        (EMAIL, "a" * 80 + "@x.edu"),
        (GPA, 100),
        (GPA, -1234.5),
        (SEATS, 10**8),
        (AMOUNT, 1234567890123456),
        (AMOUNT, 12345678901234.56),
        (BORN, "1699-12-31"),
        (BORN, "4001-01-01"),
        (BORN, "0998-01-01"),
        (APPLIED, "1066-10-14T09:00:00+00:00"),
        (CLOSED, "Z"),
        (RACES, ["a", "Z"]),
        (TAGS, ["x; y"]),
        (TAGS, [str(number) for number in range(101)]),
        (LOOKUP, "Miller"),
        (LOOKUP, "0035g00000000"),
        (RICH, "x" * 11),
        (element451_typed("dropdown", options=LISTED), "Z"),
        (element451_typed("checkbox", options=LISTED), ["a", "Z"]),
        (element451_typed("integer"), 1234567890123456),
    ],
)
def test_what_is_certain_to_be_refused_does_not_fit_and_the_sentence_names_field_and_value(
    field: Field, value: Value
) -> None:
    problem = misfit_of(field, value)
    assert problem
    assert field.label in problem
    if isinstance(value, str):
        assert f"“{value[:20]}" in problem


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (NAME, "x" * 40),
        (NAME, "x" * 40 + "   "),
        (NAME, None),
        *((EMAIL, good) for good in ("ann@x.edu", "Ann.O'Neil+1@Sub.X.edu", "zoë@x.edu", "a@b.c")),
        (GPA, 99.99),
        (GPA, 0),
        (GPA, 1 / 3),
        (SEATS, 99_999_999),
        (AMOUNT, 10**15),
        (AMOUNT, 1234567890123.45),
        (BORN, "1700-01-01"),
        (BORN, "4000-12-31"),
        (CLOSED, "a"),
        (OPEN, "Z"),
        (RACES, ["a", "b"]),
        (TAGS, ["x", "y"]),
        (LOOKUP, "0035g000000000A"),
        (LOOKUP, "0035g000000000AAAQ"),
        (RICH, "a &amp; b &amp; c"),
        (salesforce_typed("boolean", nillable=False), None),
        (element451_typed("date"), "0998-01-01"),
        (element451_typed(), "x" * 10_000),
    ],
)
def test_what_may_be_accepted_passes(field: Field, value: Value) -> None:
    assert misfit_of(field, value) is None


FIELDS = (NAME, LAST_NAME, EMAIL, GPA, AMOUNT, SEATS, BORN, APPLIED, CLOSED, OPEN, RACES)
RAW = (
    st.none()
    | st.booleans()
    | st.integers(-(10**10), 10**10)
    | st.floats(-(10**6), 10**6)
    | st.dates().map(str)
    | st.sampled_from(["a", "A", " b ", "ann@x.edu", "ann@x", "x" * 50, "x" * 90, "a, b"])
    | st.lists(st.sampled_from(["a", "b", "Z", "a "]), max_size=3)
)


@law
@given(st.sampled_from(FIELDS), RAW, st.sampled_from(("text", "checkbox", "float", "boolean", "date")))
def test_an_org_refuses_exactly_what_does_not_fit(target: Field, raw: object, kind: str) -> None:
    """The org in memory judges as the contract says, by rules of its own."""
    source = element451_typed(kind)
    mapped = MappedField(source, target, source.system)
    value = values.read(source, raw)
    assume(mapped.of(System.ELEMENT451).type.unreadable(source, value) is None)
    carried, problem = mapped.carried(value, SALESFORCE)
    refused = invalid(target, values.read(target, values.send(SALESFORCE, carried)))
    if problem is None:
        assert refused is None
    elif (carried is None or target.type.limit(target, carried)) and target is not AMOUNT:
        assert refused is not None


@pytest.mark.parametrize("target", [CLOSED, OPEN])
def test_a_listed_value_goes_to_salesforce_as_its_list_spells_it(target: Field) -> None:
    mapped = MappedField(element451_typed(), target, System.ELEMENT451)
    assert mapped.carried(" A ", SALESFORCE) == ("a", None)


def test_an_option_with_a_blank_goes_to_element451_as_its_list_spells_it() -> None:
    choices = (("Asian ", "Asian "), ("White", "White"))
    one = MappedField(element451_typed("dropdown", options=choices), OPEN, SALESFORCE)
    several = MappedField(element451_typed("checkbox", options=choices), TAGS, SALESFORCE)
    assert one.carried("Asian", System.ELEMENT451) == ("Asian ", None)
    assert several.carried(["Asian", "White"], System.ELEMENT451) == (["Asian ", "White"], None)
    assert one.carried("asian", System.ELEMENT451)[1], "Element451 is not known to ignore case"
