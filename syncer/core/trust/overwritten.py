"""Which edits the sync overwrites again and again, because they are made where the field is not owned (rule
1). Pure; standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from syncer.core.records import System, Value
from syncer.core.trust.written import Written


@dataclass(frozen=True, slots=True)
class Overwritten:
    """How often values of a field that were entered in one system (``where``) gave way to its owner's, and in
    how many records."""

    element451: str
    salesforce: str
    where: System
    times: int
    records: int


def overwritten(writes: Iterable[tuple[str, Written]], since: datetime) -> list[Overwritten]:
    """What was overwritten ``since`` then, most often first. ``writes``: what was written to which record
    (its Element ID), oldest first, also before ``since``.

    Where we write the very value that we wrote last, somebody else changed it in between, and its owner did
    not. A first write proves nothing, so that the true number may be higher.
    """
    last: dict[tuple[str, System, str], Value] = {}
    times: dict[tuple[str, str, System], list[str]] = {}
    for record, one in writes:
        if one.is_link:
            continue
        place = (record, one.target, one.key)
        again = place in last and last[place] == one.change.after
        if again and one.time >= since and one.change.owner is not one.target:
            field = (one.change.element451, one.change.salesforce, one.target)
            times.setdefault(field, []).append(record)
        last[place] = one.change.after
    found = [Overwritten(*field, len(records), len(set(records))) for field, records in times.items()]
    return sorted(found, key=lambda one: (-one.times, one.element451, one.where))
