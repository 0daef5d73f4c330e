"""Which writes travel together: packs of one call, lanes of packs that must not overlap, rounds of lanes. Pure (DESIGN.md rule 14)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from syncer.systems.base import Write

PARTS_A_CALL = 5
MOST_A_PART = 200
ACTIONS = ("insert", "update", "upsert")


@dataclass(slots=True)
class Pack:
    """The places (in the caller's order) of writes that go in one call: at most five parts, each of one action and one batch."""

    batch: int
    places: list[int] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)

    def room_for(self, actions: Counter[str]) -> bool:
        """Whether writes with these actions still fit."""
        return sum(-(-(self.actions[action] + actions[action]) // self.batch) for action in ACTIONS) <= PARTS_A_CALL

    def add(self, places: Sequence[int], actions: Counter[str]) -> None:
        """Take writes in."""
        self.places.extend(places)
        self.actions.update(actions)


def rounds(writes: Sequence[Write], external_id: str | None) -> list[list[int]]:
    """The places of the writes in rounds that go one after the other: the same record never twice in one round."""
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
    """The packs of one round. Lanes may travel at the same time, the packs of a lane only one after the other.

    Writing two contacts of one account at the same time fails with lock errors (A8), so an account's writes stay within one pack, and an
    account that is too large for that within one lane. Writes without an account fill the packs up, so that calls stay few.
    """
    batch = max(1, min(batch_size, MOST_A_PART))
    groups: dict[str, list[int]] = {}
    alone: list[list[int]] = []
    for place in places:
        account = writes[place].account
        if account:
            groups.setdefault(account, []).append(place)
        else:
            alone.append([place])
    found: list[list[Pack]] = []
    open_packs: list[Pack] = []
    for group in [*sorted(groups.values(), key=len, reverse=True), *alone]:
        actions = Counter[str](writes[place].action for place in group)
        if Pack(batch).room_for(actions):
            pack = next((one for one in open_packs if one.room_for(actions)), None)
            if pack is None:
                pack = Pack(batch)
                found.append([pack])
                open_packs.append(pack)
            pack.add(group, actions)
        else:
            lane = _chain(writes, group, batch)
            found.append(lane)
            open_packs.append(pack := lane[-1])
        if not any(pack.room_for(Counter({action: 1})) for action in actions):
            open_packs.remove(pack)
    for pack in (pack for lane in found for pack in lane):
        pack.places.sort()
    return found


def _chain(writes: Sequence[Write], places: Sequence[int], batch: int) -> list[Pack]:
    lane = [Pack(batch)]
    for place in places:
        one = Counter[str]({writes[place].action: 1})
        if not lane[-1].room_for(one):
            lane.append(Pack(batch))
        lane[-1].add([place], one)
    return lane


def _keys(write: Write, external_id: str | None) -> Iterator[tuple[str, str]]:
    # Ids are compared on their first 15 characters (A6); unique texts without regard to case.
    if write.id:
        yield "id", write.id[:15]
    value = write.values.get(external_id) if external_id else None
    if value not in (None, ""):
        yield "key", str(value).casefold()
