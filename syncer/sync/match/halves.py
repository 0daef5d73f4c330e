"""Which unpaired records a run has to do something about, as the database tells (rule 7). Whoever is left out
here needs nothing, so that pairing reads only the others."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from syncer.core.records import Kind, RecordState, System
from syncer.infra.database.indexes import not_by_index
from syncer.sync.pair_store import PAIRS, PairStore, Side

_OTHERS = PAIRS.alias("others")


def unpaired(side: Side) -> ColumnElement[bool]:
    """The live records of one side without another half."""
    return and_(
        PAIRS.c[side.id].is_not(None),
        not_by_index(PAIRS.c[side.other.id]).is_(None),
        PAIRS.c[side.state] == RecordState.LIVE.value,
    )


def to_look_up(pairs: PairStore, side: Side) -> ColumnElement[bool]:
    """The unpaired records that name one which no pair knows or which was absent so far, whose candidates'
    former half is in the recycle bin, and the conversations that nobody in Salesforce names."""
    other, own = side.other, PAIRS.c
    seen = _OTHERS.c[other.state] != RecordState.ABSENT.value
    unknown = and_(own[side.link].is_not(None), ~_any(pairs, _OTHERS.c[other.id] == own[side.link], seen))
    binned = and_(_OTHERS.c.left_sync, _OTHERS.c[side.state] == RecordState.DELETED.value)
    purged = [_any(pairs, one, binned) for one in _candidates(side)]
    if side.system is not System.ELEMENT451 or pairs.mapping.kind is not Kind.CONVERSATION:
        return or_(unknown, *purged)
    unclaimed = ~_any(pairs, _OTHERS.c[other.link] == own[side.id])
    return or_(unknown, *purged, and_(own.contact_id.is_not(None), unclaimed))


def to_decide(pairs: PairStore, side: Side) -> ColumnElement[bool]:
    """The unpaired records that store an ID, had a problem, or have anybody who might be their other half."""
    own, conditions = PAIRS.c, _candidates(side)
    if side.system is System.SALESFORCE:
        # As `caseless_id` of a contact's damaged ID.
        caseless = literal("?").concat(func.lower(func.substr(own[side.id], 1, 15)))
        conditions.append(_OTHERS.c[side.other.link] == caseless)
    found = [_any(pairs, one) for one in conditions]
    return or_(own.problem.is_not(None), own[side.link].is_not(None), *found)


def _candidates(side: Side) -> list[ColumnElement[bool]]:
    """Who might be a record's other half: whom it names, who names it, who has its match values."""
    other, own = side.other, PAIRS.c
    return [
        _OTHERS.c[other.id] == own[side.link],
        _OTHERS.c[other.link] == own[side.id],
        _OTHERS.c[other.match] == own[side.match],
    ]


def _any(pairs: PairStore, *conditions: ColumnElement[Any]) -> ColumnElement[bool]:
    kind, entity = pairs.mapping.kind.value, pairs.mapping.entity.name
    here = _OTHERS.c.kind == kind, _OTHERS.c.entity == entity
    return select(literal(1)).where(*here, *conditions).correlate(PAIRS).exists()
