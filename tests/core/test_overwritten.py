"""Where our very value is written anew, somebody changed it in between; anything else is its owner's change
(rule 1)."""

from datetime import UTC, datetime, timedelta

import pytest

from syncer.core.plan import Change
from syncer.core.records import System, Value
from syncer.core.trust.overwritten import Overwritten, overwritten
from syncer.core.trust.written import Written

SINCE = datetime(2026, 9, 1, tzinfo=UTC)
OURS, THEIRS = System.ELEMENT451, System.SALESFORCE


def write(hours: int, after: Value, owner: System = OURS, key: str = "Phone") -> Written:
    change = Change("user-phone", key, owner, "by hand", after)
    return Written(1, 1, 1, SINCE + timedelta(hours=hours), THEIRS, change, False)


@pytest.mark.parametrize(
    ("writes", "times"),
    [
        ([("a", write(1, "1")), ("a", write(2, "2")), ("a", write(3, "3"))], 0),
        ([("a", write(1, "1"))], 0),
        ([("a", write(-9, "1")), ("a", write(1, "1"))], 1),
        ([("a", write(-9, "1")), ("a", write(-8, "1"))], 0),
        ([("a", write(1, "1")), ("b", write(2, "1"))], 0),
        ([("a", write(1, "1")), ("a", write(2, "2")), ("a", write(3, "1"))], 0),
        ([("a", write(1, None)), ("a", write(2, None))], 1),
        ([("a", write(1, "1", THEIRS)), ("a", write(2, "1", THEIRS))], 0),
        ([("a", write(1, "1", key="Id")), ("a", write(2, "1", key="Id"))], 0),
    ],
)
def test_only_a_value_that_is_written_anew_within_the_time_counts(
    writes: list[tuple[str, Written]], times: int
) -> None:
    assert sum(one.times for one in overwritten(writes, SINCE)) == times


def test_records_are_counted_once_and_the_most_frequent_field_comes_first() -> None:
    writes = [(who, write(hour, "1")) for who in ("a", "b") for hour in (1, 2, 3)]
    writes += [("a", write(hour, "1", key="Fax")) for hour in (1, 2)]
    assert overwritten(writes, SINCE) == [
        Overwritten("user-phone", "Phone", THEIRS, 4, 2),
        Overwritten("user-phone", "Fax", THEIRS, 1, 1),
    ]
