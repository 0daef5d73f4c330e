"""A forecast over all known records: by the code that a run plans with, whatever is in force now. Neither
system is written, and the pairs stay as they are."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from syncer.core.guard import ChangeKind
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.core.trust.estimate import Estimate, together
from syncer.infra.database.engine import reading
from syncer.journal import runs
from syncer.sync.context import SyncContext
from syncer.sync.forecasting import calls
from syncer.sync.forecasting.outlook import FAIL, FIELD_KINDS, Outlook, Write, as_json
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS, SIDES
from syncer.sync.planning.forecast import LEFT_OUT
from syncer.sync.planning.forecast_count import ForecastCount
from syncer.sync.planning.impact import MAX_EXAMPLES
from syncer.sync.planning.missing_values import Segments, Unread, bring
from syncer.sync.pull.watermarks import Watermark

READ_AT_ONCE = 1000
"""So many records are drawn where a field of Element451 has to be read first, 50 a call."""


@dataclass
class WholeForecast:
    """What was counted, kind by kind. ``notes``: sentences about how, and about what cannot be counted."""

    context: SyncContext
    counting: ForecastCount
    notes: list[str] = field(default_factory=list)

    @property
    def outlooks(self) -> dict[Kind, Outlook]:
        """What was counted of each kind."""
        return {kind: found for kind, found in self.counting.impacts.items() if isinstance(found, Outlook)}

    def records(self, hits: Callable[[Kind, Outlook], int]) -> Estimate:
        """How many of all known records, where ``hits`` of those that were counted."""
        every = self.outlooks.items()
        return together(self.counting.estimate(kind, hits(kind, outlook)) for kind, outlook in every)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it (docs/architecture.md, "Surfaces"), without the calls."""
        numbers = {kind.value: self._of_kind(kind) for kind in ChangeKind}
        numbers[FAIL] = self.records(lambda _, outlook: outlook.failed.count)
        return {
            "records": sum(self.counting.known.values()),
            "counted": sum(self.counting.counted.values()),
            "unread": self.records(lambda kind, _: self.counting.unread[kind]).likely,
            **_likely(numbers),
            "touched": self.records(lambda _, outlook: outlook.counts.touched).likely,
            "between": _between(numbers),
            "fields": {
                name: one
                for kind, outlook in self.outlooks.items()
                for name, one in self._fields(kind, outlook).items()
            },
            "examples": {
                ChangeKind.CREATE.value: self._examples(lambda found: found.examples(ChangeKind.CREATE, "")),
                FAIL: self._examples(lambda found: list(map(as_json, found.failed.examples))),
            },
            "notes": self.notes,
        }

    def _of_kind(self, change: ChangeKind) -> Estimate:
        return self.records(lambda _, outlook: outlook.counts.kinds[change])

    def _fields(self, kind: Kind, outlook: Outlook) -> dict[str, Any]:
        found = {}
        for name, hits in outlook.field_counts().items():
            numbers = {what: self.counting.estimate(kind, hits[what]) for what in FIELD_KINDS}
            shown = {what: outlook.examples(what, name) for what in FIELD_KINDS if hits[what]}
            found[name] = {**_likely(numbers), "between": _between(numbers), "examples": shown}
        return found

    def _examples(self, of: Callable[[Outlook], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [one for outlook in self.outlooks.values() for one in of(outlook)][:MAX_EXAMPLES]

    def writes(self) -> Counter[Write]:
        """What has to be sent, of all known records."""
        found: Counter[Write] = Counter()
        for kind, outlook in self.outlooks.items():
            found += Counter(
                {key: self.counting.estimate(kind, n).likely for key, n in outlook.writes.items()}
            )
        return found

    def first_run(self, sizes: calls.Sizes) -> calls.Calls:
        """The calls that the next run by this configuration takes."""
        return self._calls(sizes, self.writes(), bool)

    def idle_run(self, sizes: calls.Sizes) -> calls.Calls:
        """The calls of a run that has nothing to do."""
        return self._calls(sizes, Counter(), lambda _: False)

    def _calls(
        self, sizes: calls.Sizes, writes: Counter[Write], whole: Callable[[frozenset[str]], bool]
    ) -> calls.Calls:
        """``whole`` says, by the fields that were not read with a side, whether all of it is read."""
        records, from_the_start = {}, {}
        with reading(self.context.database).connect() as connection:
            for kind in self.context.kinds:
                pairs = self.context.pairs(kind)
                for system in System:
                    known = (PAIRS.c[SIDES[system].id].is_not(None), PAIRS.c.left_sync.is_(False))
                    records[kind, system] = pairs.count(connection, *known)
                    from_the_start[kind, system] = whole(Watermark(pairs.mapping, system).unread(connection))
        matched = bool(self.context.mapping(Kind.CONTACT).match_on)
        return calls.of_run(sizes, records, from_the_start, writes, matched=matched)


def forecast_all(
    context: SyncContext, *, sample: int | None = None, whole: bool = False, random: Random | None = None
) -> WholeForecast:
    """What the configuration of ``context`` would do to every known record, or to a random ``sample`` of so
    many of each kind. Values that were never read are read first: of Element451 for a sample alone, unless
    ``whole``. Raises the connectors' `Fault`s."""
    notes = []
    if sample is None and not whole and (fields := _unread_of_element451(context)):
        sample = READ_AT_ONCE
        notes.append(
            f"{counted(len(fields), 'field')} of Element451 ({', '.join(fields)}) had to be read first, which"
            f" takes a call for 50 records. So at most {sample:,} records of a kind were drawn at random."
        )
    with reading(context.database).connect() as connection:
        if Watermark(context.mapping(Kind.CONTACT), System.SALESFORCE).left_out(connection):
            notes.append(LEFT_OUT)
    rules = context.config.rules(context.clock().date(), runs.last_done(context.database))

    segments = Segments(lambda guid: context.connectors[System.ELEMENT451].members(guid))

    def read(kind: Kind, rows: Sequence[Row], unread: Unread) -> None:
        segments.bring(context.mapping(kind), rows, unread)
        bring(context.connectors, context.mapping(kind), rows, unread)

    counting = ForecastCount(
        context.database,
        {},
        {kind: rules[kind] for kind in context.kinds},
        sample=sample,
        read=read,
        random=random,
        counter=Outlook,
    )
    for kind in context.kinds:
        counting.count(kind)
    return WholeForecast(context, counting, notes)


def _unread_of_element451(context: SyncContext) -> list[str]:
    with reading(context.database).connect() as connection:
        marks = [Watermark(context.mapping(kind), System.ELEMENT451) for kind in context.kinds]
        unread = {key for mark in marks for key in mark.unread(connection)}
    segments = {one.field.key for kind in context.kinds for one in context.mapping(kind).segments}
    return sorted(unread - segments)


def _likely(numbers: dict[str, Estimate]) -> dict[str, int]:
    return {name: one.likely for name, one in numbers.items()}


def _between(numbers: dict[str, Estimate]) -> dict[str, list[int]]:
    """The 95 % intervals; nothing where everything was counted."""
    return {name: [one.low, one.high] for name, one in numbers.items() if not one.exact}
