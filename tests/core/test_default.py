"""What a default means in a field, by the day that it counts from."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core import values
from syncer.core.field_types.default import default_value
from syncer.core.field_types.field_type import Unfit
from syncer.core.records import Value
from tests.core.builders import LISTED, law, salesforce_typed

TODAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("date", "today", "2026-12-31"),
        ("date", "today+1d", "2027-01-01"),
        ("date", "Today + 30d", "2027-01-30"),
        ("date", "today-31d", "2026-11-30"),
        ("date", "2026-02-03", "2026-02-03"),
        ("string", "today", "today"),
        ("boolean", "true", True),
        ("double", "1.50", 1.5),
        ("int", "7", 7),
        ("datetime", "2026-12-31T18:00:00Z", "2026-12-31T18:00:00+00:00"),
    ],
)
def test_a_default_is_a_value_as_its_field_holds_it(type: str, text: str, value: Value) -> None:
    assert default_value(salesforce_typed(type), text, TODAY) == value


def test_a_default_of_a_list_is_one_of_its_values() -> None:
    picklist = salesforce_typed("picklist", options=LISTED, restricted=True)
    several = salesforce_typed("multipicklist", options=LISTED, restricted=True)
    assert default_value(picklist, "a", TODAY) == "a"
    assert default_value(several, "b;a", TODAY) == ["a", "b"]
    for field, text in ((picklist, "d"), (several, "a;d")):
        with pytest.raises(Unfit):
            default_value(field, text, TODAY)


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("date", "soon"),
        ("date", "today+1w"),
        ("date", "2026-02-30"),
        ("datetime", "today"),
        ("int", "1.5"),
        ("boolean", "perhaps"),
    ],
)
def test_what_the_field_does_not_hold_is_no_default(type: str, text: str) -> None:
    with pytest.raises(Unfit):
        default_value(salesforce_typed(type), text, TODAY)


def test_a_default_longer_than_its_field_does_not_fit() -> None:
    with pytest.raises(Unfit):
        default_value(salesforce_typed("string", length=3), "long", TODAY)


@law
@given(days=st.integers(-9999, 9999), today=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_default_counts_days_from_the_day_of_the_run(days: int, today: date) -> None:
    field = salesforce_typed("date")
    found = default_value(field, f"today{days:+}d", today)
    assert (date.fromisoformat(str(found)) - today).days == days
    assert values.stored(field, found) == found
