"""The parts of a batch: which records share a subrequest, and which subrequests a call. Pure
(contracts/salesforce.md A4.1, A4.2, A9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from more_itertools import chunked, constrained_batches

MAX_SUBREQUESTS = 5
UPDATE = "update"
MAX_BYTES = 10_000_000
"""Bytes of the records in a call: well below the 52,428,800 that Salesforce takes (A9)."""


@dataclass(frozen=True, slots=True)
class Subrequest:
    """Writes of one action, by their places in the caller's order."""

    action: str
    places: Sequence[int]

    def cut(self, size: int) -> list["Subrequest"]:
        """The same writes in subrequests of at most ``size`` records."""
        return [Subrequest(self.action, some) for some in chunked(self.places, size)]

    def halves(self) -> list["Subrequest"]:
        """The same writes in two subrequests; one where there is but one write."""
        return self.cut(-(-len(self.places) // 2)) if self.places else []


Call = list[Subrequest]
"""Subrequests that travel together."""


def calls(subrequests: Iterable[Subrequest], size_of: Mapping[int, int]) -> Iterator[Call]:
    """The calls that these subrequests take, in order. One with updates has room for the subrequest that
    reads their targets (rule 16). ``size_of`` gives the bytes of the record at a place; a subrequest with
    more of them than fit into a call is cut."""
    call: Call = []
    taken = 0
    for one in (piece for each in subrequests for piece in _within_limit(each, size_of)):
        size = sum(size_of[place] for place in one.places)
        reads = one.action == UPDATE or any(other.action == UPDATE for other in call)
        if call and (len(call) + reads >= MAX_SUBREQUESTS or taken + size > MAX_BYTES):
            yield call
            call, taken = [], 0
        call.append(one)
        taken += size
    if call:
        yield call


def split(call: Call) -> list[Call]:
    """A call that was refused as a whole, as two smaller ones; none where it holds but one record."""
    if len(call) > 1:
        half = len(call) // 2
        return [call[:half], call[half:]]
    return [[half] for half in call[0].halves()] if len(call[0].places) > 1 else []


def _within_limit(subrequest: Subrequest, size_of: Mapping[int, int]) -> Iterator[Subrequest]:
    pieces = constrained_batches(subrequest.places, MAX_BYTES, get_len=size_of.__getitem__, strict=False)
    return (Subrequest(subrequest.action, places) for places in pieces)
