"""Reads what a message about unclear matches names: the values of the match fields, and the records that
contradict each other (`syncer.core.matching.ambiguity`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from more_itertools import chunked
from sqlalchemy import Connection, and_, func, select

from syncer.core.matching.ambiguity import (
    MAX_RECORDS,
    Ambiguity,
    IdClaim,
    IdSample,
    describe,
    group_claims,
)
from syncer.core.records import RecordState, System, Value
from syncer.infra.database.indexes import not_by_index
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import CHUNK, PAIRS, PairStore, Side


@dataclass(frozen=True, slots=True)
class Unclear:
    """A half whose match is unclear, with the ``problem`` in general. ``linked`` are the other system's
    records that it names or that name it, ``alike`` those with its match values, which decide where nothing
    is linked."""

    row: Row
    problem: str
    linked: Sequence[Row] = ()
    alike: Sequence[Row] = ()

    @property
    def rivals(self) -> list[Row]:
        """The records of the other system that are named, a few at most; those that are linked go before
        those that are alike."""
        return list(self.linked or self.alike)[:MAX_RECORDS]


@dataclass(slots=True)
class AmbiguityDetails:
    """What is ambiguous around unclear records of ``side``, many at a time. ``twins`` and ``claims`` count
    the live records of that side with the same match values, and those that store the same ID."""

    connection: Connection
    pairs: PairStore
    side: Side
    twins: dict[str | None, int]
    claims: dict[str | None, int]
    _values: dict[int, dict[str, Value]] = field(default_factory=dict)
    _twins: dict[str, list[str]] = field(default_factory=dict)
    _claiming: dict[str, list[str]] = field(default_factory=dict)

    def describe(self, unclear: Sequence[Unclear]) -> dict[int, str]:
        """The problem of each half, by its row, with the values and IDs concerned."""
        by_values = [one.row for one in unclear if not one.linked]
        self._values = self._read_values([row["id"] for row in by_values])
        self._twins = self._some(self.side.match, (row[self.side.match] for row in by_values))
        self._claiming = self._some(
            self.side.link, (rival[self.side.other.id] for one in unclear for rival in one.rivals)
        )
        return {
            one.row["id"]: describe(one.problem, self._ambiguity(one), self.pairs.mapping.kind)
            for one in unclear
        }

    def _ambiguity(self, one: Unclear) -> Ambiguity:
        side, other, mine = self.side, self.side.other, one.row[self.side.id]
        held = [
            (str(rival[other.id]), str(rival[other.link]))
            for rival in one.rivals
            if rival[other.link]
            and not other.stores_damaged_id(rival)
            and (one.linked or rival[other.link] != mine)
        ]
        paired = [(str(rival[other.id]), str(rival[side.id])) for rival in one.rivals if rival[side.id]]
        claims = (*self._claims(one), *group_claims(other.system, held, paired))
        if one.linked:
            return Ambiguity(claims=claims)
        known, key = self._values.get(one.row["id"], {}), one.row[side.match]
        values = tuple(
            (mapped.of(side.system).label, known.get(mapped.of(side.system).key))
            for mapped in self.pairs.mapping.match_on
        )
        own = side.system, IdSample(_first(mine, self._twins.get(key or "", ())), self.twins.get(key, 1))
        others = other.system, IdSample(tuple(str(rival[other.id]) for rival in one.rivals), len(one.alike))
        return Ambiguity(values, (own, others) if side.system is System.ELEMENT451 else (others, own), claims)

    def _claims(self, one: Unclear) -> list[IdClaim]:
        """Who of this side stores the ID of a rival, the half itself first; the rival's own other half goes
        without saying."""
        side, found = self.side, []
        for rival in one.rivals:
            theirs = str(rival[side.other.id])
            claiming = _first(
                one.row[side.id] if one.row[side.link] == theirs else None, self._claiming.get(theirs, ())
            )
            who = tuple(each for each in claiming if each != rival[side.id])
            if who:
                found.append(
                    IdClaim(
                        side.system,
                        IdSample(who, self.claims.get(theirs, 0) - (len(claiming) - len(who))),
                        theirs,
                    )
                )
        return found

    def _read_values(self, rows: Sequence[int]) -> dict[int, dict[str, Value]]:
        found: dict[int, dict[str, Value]] = {}
        for chunk in chunked(rows, CHUNK):
            wanted = select(PAIRS.c.id, PAIRS.c[self.side.values]).where(PAIRS.c.id.in_(chunk))
            found |= {row: values or {} for row, values in self.connection.execute(wanted).all()}
        return found

    def _some(self, column: str, values: Iterable[str | None]) -> dict[str, list[str]]:
        """The IDs of a few live records of this side for each of these ``values`` of a column, however many
        have it."""
        wanted, found = sorted({value for value in values if value}), dict[str, list[str]]()
        here, identity = PAIRS.c[column], PAIRS.c[self.side.id]
        place = func.row_number().over(partition_by=here, order_by=not_by_index(identity))
        for chunk in chunked(wanted, CHUNK):
            live = and_(
                self.pairs.here,
                here.in_(chunk),
                PAIRS.c[self.side.state] == RecordState.LIVE.value,
            )
            placed = (
                select(here.label("value"), identity.label("identity"), place.label("place"))
                .where(live)
                .subquery()
            )
            first = (
                select(placed.c.value, placed.c.identity)
                .where(placed.c.place <= MAX_RECORDS)
                .order_by(placed.c.value, placed.c.identity)
            )
            for value, each in self.connection.execute(first).all():
                found.setdefault(value, []).append(each)
        return found


def _first(mine: str | None, others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (mine, *others))))
