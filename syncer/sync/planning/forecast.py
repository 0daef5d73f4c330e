"""What an edited configuration would do to the records that are known, before it is saved: every pair planned
by the rules in force and by the edited ones, with the code that a run plans with. Nothing is asked of either
system but catalogues older than a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic

from sqlalchemy import Connection, Engine, select

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.config_file import Document, to_mapping, to_preferences
from syncer.core.plan import Rules
from syncer.core.records import Kind, System
from syncer.infra.database.engine import reading
from syncer.sync.pair_store import PAIRS, PairStore, Row, to_pair
from syncer.sync.planning.impact import FieldImpact, ImpactCounter, RecordCount
from syncer.sync.planning.planner import Planner
from syncer.sync.pull.watermarks import Watermark

TIME_LIMIT = 3.0
"""How long a forecast may take; then it says of how many records it speaks."""
PAGE_SIZE = 500
"""Pairs that are read at once."""
_NO_RUN = -1

_All = dict[Kind, Rules]


@dataclass(frozen=True, slots=True)
class Creations:
    """Records of ``kind`` that would be created in ``target``."""

    kind: Kind
    target: System
    lot: RecordCount


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would happen. ``touches``: whether any record may be concerned at all. Counted were ``seen`` of
    ``known`` records, of which ``touched`` would be written. ``notes`` are sentences on what cannot be
    counted."""

    touches: bool = False
    effects: tuple[FieldImpact, ...] = ()
    created: tuple[Creations, ...] = ()
    failing: RecordCount = field(default_factory=RecordCount)
    seen: int = 0
    known: int = 0
    touched: int = 0
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every known record was counted."""
        return self.seen >= self.known

    @property
    def quiet(self) -> bool:
        """Whether nothing that is known would happen."""
        return not (self.effects or self.created or self.failing.count)


def forecast(
    engine: Engine,
    catalogues: Catalogues,
    current: Document | None,
    edited: Document,
    seconds: float = TIME_LIMIT,
) -> Forecast:
    """What ``edited`` would do that ``current``, the configuration in force, does not. Takes ``seconds`` at
    most, and little more.

    ``edited`` should have been checked: where it names what does not exist, nothing is counted and the notes
    say so. Raises a `Fault` where a catalogue that is needed cannot be had.
    """
    try:
        after = _rules(catalogues, edited)
    except KeyError:
        return Forecast(True, notes=("What would change can be said once the errors are corrected.",))
    before = _in_force(catalogues, current)
    kinds = [kind for kind in after if _decisive(before, kind) != _decisive(after, kind)]
    notes = tuple(_notes(engine, current, before, after))
    if not kinds:
        return Forecast(bool(notes), notes=notes)
    walk = _Walk(engine, before, after, monotonic() + seconds)
    for kind in kinds:
        walk.count(kind)
    return Forecast(
        True,
        effects=tuple(effect for tally in walk.tallies.values() for effect in tally.effects.values()),
        created=tuple(
            Creations(kind, target, lot)
            for kind, tally in walk.tallies.items()
            for target, lot in tally.created.items()
        ),
        failing=walk.failing(),
        seen=walk.seen,
        known=walk.known,
        touched=sum(tally.touched for tally in walk.tallies.values()),
        notes=notes,
    )


class _Walk:
    """Goes through the known pairs of the edited configuration's objects, a page at a time, until all are
    seen or the time is over."""

    def __init__(self, engine: Engine, before: _All, after: _All, until: float) -> None:
        now = datetime.now(UTC)
        self._engine, self._before, self._after, self._until = reading(engine), before, after, until
        self._by_before, self._by_after = (
            Planner(engine, before, _NO_RUN, now),
            Planner(engine, after, _NO_RUN, now),
        )
        self.tallies: dict[Kind, ImpactCounter] = {}
        self.seen = self.known = 0

    def count(self, kind: Kind) -> None:
        """Count the pairs of one kind."""
        pairs, after_row = self._by_after.pairs[kind], 0
        before = self._before.get(kind)
        applies = before is not None and before.mapping.entity.name == self._after[kind].mapping.entity.name
        tally = self.tallies[kind] = ImpactCounter(before if applies else None, self._after[kind])
        with self._engine.connect() as connection:
            unread = {system: Watermark(pairs.mapping, system).unread(connection) for system in System}
            self.known += pairs.count(connection, PAIRS.c.left_sync.is_(False))
        while monotonic() < self._until or not after_row:
            with self._engine.connect() as connection:
                rows = [_without(row, unread) for row in _page(connection, pairs, after_row)]
                if kind is Kind.CONVERSATION:  # what they know of their contacts depends on the rules
                    planned = self._by_after.items(connection, kind, rows)
                    former = (
                        [item.plans for item in self._by_before.items(connection, kind, rows)]
                        if applies
                        else [[] for _ in rows]
                    )
                    for item, plans in zip(planned, former, strict=True):
                        tally.add(item.pair, plans, item.plans)
            if kind is Kind.CONTACT:
                for row in rows:
                    tally.plan(to_pair(row))
            self.seen += len(rows)
            if len(rows) < PAGE_SIZE:
                return
            after_row = rows[-1]["id"]

    def failing(self) -> RecordCount:
        """Those of all kinds that would fail."""
        lots = [tally.failing for tally in self.tallies.values()]
        return RecordCount(
            sum(lot.count for lot in lots), [example for lot in lots for example in lot.examples]
        )


def _without(row: Row, unread: Mapping[System, frozenset[str]]) -> Row:
    """The row without what it holds of fields that have to be read again first (rule 6)."""
    for system, keys in unread.items():
        if keys and row[system.value]:
            row[system.value] = {key: value for key, value in row[system.value].items() if key not in keys}
    return row


def _page(connection: Connection, pairs: PairStore, after: int) -> list[Row]:
    """The next pairs in the order of their numbers. SQLite would else take an index of kinds, and sort all
    that it finds for every page."""
    mapping = pairs.mapping
    here = PAIRS.c.kind.concat("") == mapping.kind.value, PAIRS.c.entity.concat("") == mapping.entity.name
    statement = (
        select(PAIRS)
        .where(PAIRS.c.id > after, *here, PAIRS.c.left_sync.is_(False))
        .order_by(PAIRS.c.id)
        .limit(PAGE_SIZE)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def _rules(catalogues: Catalogues, document: Document) -> _All:
    preferences, fields = to_preferences(document), catalogues.element_fields()
    kinds = preferences.kinds
    entities = {kind: catalogues.entity(document["preferences"][f"{kind.value}_entity"]) for kind in kinds}
    return {
        kind: Rules(to_mapping(document, kind, fields, entity), preferences)
        for kind, entity in entities.items()
    }


def _in_force(catalogues: Catalogues, current: Document | None) -> _All:
    """The rules in force; none where nothing is configured, or what is configured has errors, so that nothing
    runs by it."""
    if current is None or any(
        problem.severity == "error" for problem in catalogues.check(current, fresh=False)
    ):
        return {}
    return _rules(catalogues, current)


def _decisive(rules: Mapping[Kind, Rules], kind: Kind) -> object:
    """Everything that the plans of a kind depend on."""
    if kind not in rules:
        return None
    preferences = rules[kind].preferences
    modes = (
        (preferences.update_existing, preferences.create_new, preferences.export_mode)
        if kind is Kind.CONTACT
        else ()
    )
    return replace(rules[kind].mapping, match_on=()), preferences.scope, modes


def _notes(engine: Engine, current: Document | None, before: _All, after: _All) -> list[str]:
    found = []
    former, contacts = current["preferences"] if current else None, after[Kind.CONTACT]
    for kind, rules in after.items():
        entity = rules.mapping.entity
        if former and former[f"{kind.value}_entity"] != entity.name:
            left = former[f"{kind.value}_entity"]
            found.append(
                f"The {kind.value}s of {left} are left alone from now on. Those of {entity.name} are read,"
                " and matched, in the next run."
            )
    if former and Kind.CONVERSATION in after and not former["sync_conversations"]:
        found.append(
            "Conversations are read in the next run. Which contacts come into the sync with them cannot be"
            " counted before."
        )
    if Kind.CONTACT in before and before[Kind.CONTACT].preferences.match_on != contacts.preferences.match_on:
        found.append(
            "Records that are not linked by an ID yet are matched anew in the next run. Which ones match"
            " cannot be counted before."
        )
    return found
