"""What the known records hold in mapped fields: samples of both sides, and how often each value occurs. Asks
neither system; reads a page of pairs at a time, and stops at a limit that is said."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import ColumnElement, Engine, select

from syncer.core.field_types.field_type import Family, written_out
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import Kind, System, Value
from syncer.infra.database.engine import reading
from syncer.sync.pair_store import PAIRS, SIDES

SAMPLE = 200
"""Pairs that a sample looks at."""
_SHOWN = 2
_PAGE, _SECONDS, _DISTINCT = 2000, 1.5, 1000


@dataclass(frozen=True, slots=True)
class FieldSample:
    """What pairs with both halves hold in one mapped field: the first distinct ``values`` of each system;
    ``filled``: the share of values that are not empty, None where none was read; ``agreeing``: the share of
    those read on both sides in which the other side holds what the owner sends."""

    values: Mapping[System, tuple[str, ...]]
    filled: Mapping[System, float | None]
    agreeing: float | None


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """How many of ``records`` hold each value in a field, the most frequent first, as a value map writes it;
    each part of several values by itself. ``complete``: every known record was looked at."""

    counts: Mapping[str, int]
    records: int
    complete: bool


def sample(
    engine: Engine, kind: Kind, entity: str, mapped: Sequence[MappedField]
) -> dict[tuple[str, str], FieldSample]:
    """A sample of each of these mapped fields, by its keys; none where no pair has both halves."""
    statement = (
        select(PAIRS.c.element451, PAIRS.c.salesforce)
        .where(
            *_here(kind, entity),
            PAIRS.c.left_sync.is_(False),
            PAIRS.c.element_id.is_not(None),
            PAIRS.c.salesforce_id.is_not(None),
        )
        .order_by(PAIRS.c.id)
        .limit(SAMPLE)
    )
    with reading(engine).connect() as connection:
        pairs = [(row.element451 or {}, row.salesforce or {}) for row in connection.execute(statement)]
    return {(one.element451.key, one.salesforce.key): _sample(one, pairs) for one in mapped} if pairs else {}


def value_counts(
    engine: Engine, kind: Kind, entity: str, field: Field, seconds: float = _SECONDS
) -> ValueCounts:
    """How often each value occurs in a field, as it was last read. Takes little longer than
    ``seconds``, and counts what it met by then."""
    deadline, after, seen = monotonic() + seconds, 0, 0
    counts: Counter[str] = Counter()
    truths = field.family is Family.BOOLEAN
    column = PAIRS.c[SIDES[field.system].values]
    page = select(PAIRS.c.id, column[field.key].as_json().label("value")).where(
        *_here(kind, entity), PAIRS.c.left_sync.is_(False), column.is_not(None)
    )
    with reading(engine).connect() as connection:
        while True:
            rows = connection.execute(page.where(PAIRS.c.id > after).order_by(PAIRS.c.id).limit(_PAGE)).all()
            for row in rows:
                # SQLite gives a yes or no out of JSON as a number.
                held = bool(row.value) if isinstance(row.value, int) and truths else row.value
                for text in _parts(held):
                    if text in counts or len(counts) < _DISTINCT:
                        counts[text] += 1
            seen += len(rows)
            if len(rows) < _PAGE or monotonic() > deadline:
                break
            after = rows[-1].id
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0].casefold()))
    return ValueCounts(dict(ordered), seen, len(rows) < _PAGE)


def _here(kind: Kind, entity: str) -> list[ColumnElement[bool]]:
    """The pairs of a kind and object, as expressions: otherwise SQLite takes the index of kinds and sorts all
    that it finds."""
    return [PAIRS.c.kind.concat("") == kind.value, PAIRS.c.entity.concat("") == entity]


def _parts(value: Value) -> Iterable[str]:
    if isinstance(value, list):
        return [item.strip() for item in value]
    return [] if value is None else [written_out(value).strip()]


def _sample(mapped: MappedField, pairs: Sequence[tuple[dict[str, Value], dict[str, Value]]]) -> FieldSample:
    held: dict[System, list[Value]] = {}
    for system, side in zip(System, zip(*pairs, strict=True), strict=True):
        key = mapped.of(system).key
        held[system] = [values[key] for values in side if key in values]
    target, source = mapped.owner.other, mapped.owner
    keys = mapped.element451.key, mapped.salesforce.key
    both = [
        dict(zip(System, (ours[keys[0]], theirs[keys[1]]), strict=True))
        for ours, theirs in pairs
        if keys[0] in ours and keys[1] in theirs
    ]
    agreeing = sum(mapped.carried(one[source], target) == (one[target], None) for one in both)
    return FieldSample(
        values={
            system: tuple(dict.fromkeys(written_out(value) for value in values if value is not None))[:_SHOWN]
            for system, values in held.items()
        },
        filled={
            system: sum(value is not None for value in values) / len(values) if values else None
            for system, values in held.items()
        },
        agreeing=agreeing / len(both) if both else None,
    )
