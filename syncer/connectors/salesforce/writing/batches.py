"""Which writes travel together: batches of one call, lanes of batches that must not overlap, rounds of lanes.
Pure (rule 14)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from more_itertools import chunked

from syncer.connectors.protocol import Write
from syncer.connectors.salesforce.writing.subrequests import MAX_SUBREQUESTS, UPDATE

MAX_RECORDS_PER_SUBREQUEST = 200
ACTIONS = ("insert", UPDATE, "upsert")


@dataclass(slots=True)
class Batch:
    """The places (in the caller's order) of writes that go in one call: at most five subrequests, each of one
    action and of ``size`` records at most; one of the five reads the targets of updates, where there are
    any."""

    size: int
    places: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def room(self, action: str) -> int:
        """How many more writes of this action fit."""
        taken = sum(-(-count // self.size) for other, count in self.counts.items() if other != action)
        reads = action == UPDATE or self.counts[UPDATE] > 0
        return (MAX_SUBREQUESTS - reads - taken) * self.size - self.counts[action]

    def fits(self, counts: Counter[str]) -> bool:
        """Whether so many more writes of each action fit."""
        if len(counts) == 1:
            return all(count <= self.room(action) for action, count in counts.items())
        subrequests = sum(-(-(self.counts[action] + counts[action]) // self.size) for action in ACTIONS)
        reads = self.counts[UPDATE] + counts[UPDATE] > 0
        return subrequests + reads <= MAX_SUBREQUESTS

    def add(self, places: Sequence[int], counts: Counter[str]) -> None:
        """Take writes in."""
        self.places.extend(places)
        self.counts.update(counts)


def rounds(writes: Sequence[Write], external_id: str | None) -> list[list[int]]:
    """The places of the writes in rounds that go one after the other: the same record never twice in one
    round."""
    next_round: Counter[tuple[str, str]] = Counter()
    found: list[list[int]] = []
    for place, write in enumerate(writes):
        keys = list(_identities(write, external_id))
        number = max((next_round[key] for key in keys), default=0)
        for key in keys:
            next_round[key] = number + 1
        if number == len(found):
            found.append([])
        found[number].append(place)
    return found


def lanes(writes: Sequence[Write], places: Sequence[int], batch_size: int) -> list[list[Batch]]:
    """The batches of one round. Lanes may travel at the same time, the batches of a lane only one after the
    other.

    Writing two contacts of one account at the same time fails with lock errors (A8), so an account's writes
    stay within one batch, and an account that is too large for that within one lane. Writes without an
    account fill the batches up, so that calls stay few.
    """
    size = max(1, min(batch_size, MAX_RECORDS_PER_SUBREQUEST))
    by_account: dict[str, list[int]] = {}
    without_account: dict[str, list[int]] = {}
    for place in places:
        write = writes[place]
        group = (
            by_account.setdefault(write.account, [])
            if write.account
            else without_account.setdefault(write.action, [])
        )
        group.append(place)
    found = _lanes_by_account(writes, by_account.values(), size)
    for action, rest in without_account.items():
        for batch in [lane[-1] for lane in found]:
            taken = rest[: max(0, batch.room(action))]
            batch.add(taken, Counter({action: len(taken)}))
            rest = rest[len(taken) :]
        found += [
            [Batch(size, some, Counter({action: len(some)}))]
            for some in chunked(rest, Batch(size).room(action))
        ]
    for batch in (batch for lane in found for batch in lane):
        batch.places.sort()
    return found


def _lanes_by_account(writes: Sequence[Write], groups: Iterable[list[int]], size: int) -> list[list[Batch]]:
    """Lanes that hold each group whole, the largest groups first."""
    found: list[list[Batch]] = []
    open_batches: list[Batch] = []
    for group in sorted(groups, key=len, reverse=True):
        counts = Counter[str](writes[place].action for place in group)
        batch = next((one for one in open_batches if one.fits(counts)), None)
        if batch is None:
            found.append(_lane(writes, group, size))
            open_batches.append(found[-1][-1])
        else:
            batch.add(group, counts)
        open_batches = [one for one in open_batches if any(one.room(action) > 0 for action in ACTIONS)]
    return found


def _lane(writes: Sequence[Write], places: Sequence[int], size: int) -> list[Batch]:
    lane = [Batch(size)]
    for place in places:
        action = writes[place].action
        if lane[-1].room(action) <= 0:
            lane.append(Batch(size))
        lane[-1].add([place], Counter({action: 1}))
    return lane


def _identities(write: Write, external_id: str | None) -> Iterator[tuple[str, str]]:
    # Ids are compared on their first 15 characters (A6); unique texts without regard to case.
    if write.id:
        yield "id", write.id[:15]
    value = write.values.get(external_id) if external_id else None
    if value not in (None, ""):
        yield "key", str(value).casefold()
