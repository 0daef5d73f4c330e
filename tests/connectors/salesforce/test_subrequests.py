"""Which parts share a call, and which sizes of parts are kept (rule 22)."""

from hypothesis import given
from hypothesis import strategies as st

from syncer.connectors.salesforce.writing.part_sizes import PartSizes
from syncer.connectors.salesforce.writing.subrequests import MAX_BYTES, Subrequest, calls, split

PARTS = st.lists(st.integers(1, 40), min_size=1, max_size=12)


@given(PARTS, st.lists(st.integers(1, MAX_BYTES + 10), min_size=1, max_size=20))
def test_every_record_travels_once_and_in_order_and_no_call_is_larger_than_it_may_be(
    counts: list[int], weights: list[int]
) -> None:
    size_of = {place: weights[place % len(weights)] for place in range(sum(counts))}
    first = 0
    parts = []
    for count in counts:
        parts.append(Subrequest("insert", list(range(first, first + count))))
        first += count
    travelled = list(calls(parts, size_of))
    assert [place for call in travelled for part in call for place in part.places] == list(range(first))
    for call in travelled:
        places = [place for part in call for place in part.places]
        assert len(call) <= 5
        assert len(places) == 1 or sum(size_of[place] for place in places) <= MAX_BYTES


@given(PARTS)
def test_a_refused_call_comes_down_to_single_records(counts: list[int]) -> None:
    first = 0
    call = []
    for count in counts[:5]:
        call.append(Subrequest("update", list(range(first, first + count))))
        first += count
    waiting, alone = [call], []
    while waiting:
        halves = split(waiting[0])
        alone += [] if halves else waiting[:1]
        waiting = waiting[1:] + halves
    assert sorted(place for (part,) in alone for place in part.places) == list(range(first))
    assert all(len(part.places) == 1 for (part,) in alone)


@given(st.integers(1, 200), st.integers(1, 200))
def test_parts_begin_with_the_largest_size_that_passed_once_the_bound_was_met(batch: int, bound: int) -> None:
    sizes, refused, passed = PartSizes(200), set[int](), set[int]()
    waiting = [batch]
    while waiting:
        size = waiting.pop()
        if size > bound:
            refused.add(size)
            waiting += [-(-size // 2), size // 2]
        else:
            passed.add(size)
    sizes.learn("Contact", refused, passed)
    assert sizes.of("Contact") == (200 if batch <= bound else max(passed))
    assert sizes.of("Contact") <= bound or batch <= bound


def test_a_record_that_is_refused_alone_is_no_matter_of_size() -> None:
    sizes = PartSizes(200)
    sizes.learn("Contact", refused={200, 100, 50, 25, 13, 7, 4, 2, 1}, passed={100, 50, 25, 12, 6, 3, 2, 1})
    assert sizes.of("Contact") == 200


def test_the_size_of_one_object_is_not_that_of_another() -> None:
    sizes = PartSizes(200)
    sizes.learn("Contact", refused={200, 100}, passed={50, 13})
    assert (sizes.of("Contact"), sizes.of("Lead")) == (50, 200)
    sizes.learn("Contact", refused={60}, passed={30})
    assert sizes.of("Contact") == 50
    sizes.learn("Contact", refused={50}, passed={25})
    assert sizes.of("Contact") == 25
