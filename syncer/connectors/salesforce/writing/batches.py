"""Which writes travel together: packs of one call, lanes of packs that must not overlap, rounds of lanes.
Pure (rule 14)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from syncer.connectors.protocol import Write

MAX_SUBREQUESTS = 5
MAX_RECORDS_PER_SUBREQUEST = 200
ACTIONS = ("insert", "update", "upsert")


@dataclass(slots=True)
class Pack:
    """The places (in the caller's order) of writes that go in one call: at most five parts, each of one
    action and one batch."""

    batch: int
    places: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def spare(self, action: str) -> int:
        """How many more writes of this action fit."""
        taken = sum(-(-count // self.batch) for other, count in self.counts.items() if other != action)
        return (MAX_SUBREQUESTS - taken) * self.batch - self.counts[action]

    def room_for(self, counts: Counter[str]) -> bool:
        """Whether so many more writes of each action fit."""
        if len(counts) == 1:
            return all(count <= self.spare(action) for action, count in counts.items())
        return (
            sum(-(-(self.counts[action] + counts[action]) // self.batch) for action in ACTIONS)
            <= MAX_SUBREQUESTS
        )

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
        keys = list(_keys(write, external_id))
        number = max((next_round[key] for key in keys), default=0)
        for key in keys:
            next_round[key] = number + 1
        if number == len(found):
            found.append([])
        found[number].append(place)
    return found


def lanes(writes: Sequence[Write], places: Sequence[int], batch_size: int) -> list[list[Pack]]:
    """The packs of one round. Lanes may travel at the same time, the packs of a lane only one after the
    other.

    Writing two contacts of one account at the same time fails with lock errors (A8), so an account's writes
    stay within one pack, and an account that is too large for that within one lane. Writes without an account
    fill the packs up, so that calls stay few.
    """
    batch = max(1, min(batch_size, MAX_RECORDS_PER_SUBREQUEST))
    groups: dict[str, list[int]] = {}
    alone: dict[str, list[int]] = {}
    for place in places:
        account = writes[place].account
        (groups.setdefault(account, []) if account else alone.setdefault(writes[place].action, [])).append(
            place
        )
    found: list[list[Pack]] = []
    open_packs: list[Pack] = []
    full = MAX_SUBREQUESTS * batch
    for group in sorted(groups.values(), key=len, reverse=True):
        counts = Counter[str](writes[place].action for place in group)
        pack = next((one for one in open_packs if one.room_for(counts)), None)
        if pack is None:
            found.append(_chain(writes, group, batch))
            open_packs.append(found[-1][-1])
        else:
            pack.add(group, counts)
        open_packs = [one for one in open_packs if any(one.spare(action) > 0 for action in ACTIONS)]
    for action, rest in alone.items():
        for pack in open_packs:
            taken = rest[: max(0, pack.spare(action))]
            pack.add(taken, Counter({action: len(taken)}))
            rest = rest[len(taken) :]
        found += [
            [Pack(batch, rest[at : at + full], Counter({action: len(rest[at : at + full])}))]
            for at in range(0, len(rest), full)
        ]
        open_packs = [lane[-1] for lane in found]
    for pack in (pack for lane in found for pack in lane):
        pack.places.sort()
    return found


def _chain(writes: Sequence[Write], places: Sequence[int], batch: int) -> list[Pack]:
    lane = [Pack(batch)]
    for place in places:
        action = writes[place].action
        if lane[-1].spare(action) <= 0:
            lane.append(Pack(batch))
        lane[-1].add([place], Counter({action: 1}))
    return lane


def _keys(write: Write, external_id: str | None) -> Iterator[tuple[str, str]]:
    # Ids are compared on their first 15 characters (A6); unique texts without regard to case.
    if write.id:
        yield "id", write.id[:15]
    value = write.values.get(external_id) if external_id else None
    if value not in (None, ""):
        yield "key", str(value).casefold()
