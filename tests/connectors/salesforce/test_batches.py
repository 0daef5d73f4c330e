"""Which writes travel together: few calls, one account at a time, no record twice at once."""

from collections import Counter
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.writing.batches import lanes, rounds

ACCOUNTS = st.one_of(st.none(), st.integers(0, 9).map(lambda number: f"001{number:015d}"))


@st.composite
def writes(draw: st.DrawFn) -> Write:
    action: Literal["insert", "update", "upsert"] = draw(st.sampled_from(["insert", "update", "upsert"]))
    number = draw(st.integers(0, 30))
    id = f"003{number:012d}AAA" if action == "update" else None
    return Write(
        action, {"Key__c": f"k{number}"} if action != "update" else {}, id=id, account=draw(ACCOUNTS)
    )


@given(st.lists(writes(), max_size=120), st.integers(1, 20))
def test_every_write_travels_once_and_one_account_never_in_two_calls_at_once(
    given: list[Write], size: int
) -> None:
    travelled: list[int] = []
    for places in rounds(given, "Key__c"):
        where: dict[str, int] = {}
        for number, lane in enumerate(lanes(given, places, size)):
            for batch in lane:
                travelled += batch.places
                counts = Counter(given[place].action for place in batch.places)
                reads = counts["update"] > 0
                assert sum(-(-count // size) for count in counts.values()) + reads <= 5
                assert batch.places == sorted(batch.places)
                for place in batch.places:
                    account = given[place].account
                    assert account is None or where.setdefault(account, number) == number
    assert sorted(travelled) == list(range(len(given)))


@given(st.lists(writes(), max_size=60))
def test_the_same_record_is_never_written_twice_at_once_and_in_the_callers_order(given: list[Write]) -> None:
    seen: dict[str, int] = {}
    for number, places in enumerate(rounds(given, "Key__c")):
        keys = [given[place].id or str(given[place].values["Key__c"]) for place in places]
        assert len(set(keys)) == len(keys)
        assert all(seen.setdefault(key, -1) < number for key in keys)
        seen.update(dict.fromkeys(keys, number))


def test_ten_thousand_updates_of_families_take_thirteen_or_fourteen_calls() -> None:
    given = [Write("update", {}, id=f"003{n:012d}AAA", account=f"001{n // 3:015d}") for n in range(10_000)]
    assert sum(len(lane) for lane in lanes(given, range(10_000), 200)) <= 14


def test_an_account_too_large_for_one_call_is_written_one_call_after_the_other() -> None:
    given = [Write("update", {}, id=f"003{n:012d}AAA", account="001") for n in range(2_500)]
    (lane,) = lanes(given, range(2_500), 200)
    assert [len(batch.places) for batch in lane] == [800, 800, 800, 100]


def test_a_batch_larger_than_salesforce_takes_is_made_smaller() -> None:
    given = [Write("insert", {}) for _ in range(1_001)]
    assert [len(batch.places) for (batch,) in lanes(given, range(1_001), 5_000)] == [1000, 1]
