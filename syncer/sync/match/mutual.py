"""Records of which one names the other, and nobody else names either: the database finds them, and no
decision is needed (rule 7). Whatever is less plain is left to `syncer.core.matching.decision`, which would
decide the same about these."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, case, func, literal, or_, select

from syncer.core.records import RecordState, System
from syncer.infra.database.indexes import not_by_index
from syncer.sync.match.halves import unpaired
from syncer.sync.pair_rows import Columns
from syncer.sync.pair_store import CHUNK, PAIRS, SIDES, PairStore, Side, delete_rows, due_now, update_rows

_OURS, _THEIRS = SIDES[System.ELEMENT451], SIDES[System.SALESFORCE]
_HALF, _CLAIM = PAIRS.alias("half"), PAIRS.alias("claim")
"""The record of Salesforce that a contact may belong to, and whoever else names one of the two."""
_TAKEN = (*_THEIRS.columns, _THEIRS.changed, "account", "merged_into")
"""What the pair takes over from its half in Salesforce."""


def join_mutual(database: Engine, pairs: PairStore, now: datetime) -> None:
    """Make pairs of the due records that are plainly each other's half, a page a transaction."""
    for names in _by_own_id(pairs), _by_their_id(pairs):
        after: int | None = 0
        while after is not None:
            with database.begin() as connection:
                after = _join_page(connection, pairs, names, now, after)


def _join_page(
    connection: Connection, pairs: PairStore, names: ColumnElement[bool], now: datetime, after: int
) -> int | None:
    """Those of the next page after row ``after``; returns the row after which to go on, if any."""
    page = (
        select(
            PAIRS.c.id.label("ours"),
            _HALF.c.id.label("theirs"),
            func.coalesce(PAIRS.c.search, _HALF.c.search).label("search"),
            or_(PAIRS.c.in_scope, _HALF.c.in_scope).label("in_scope"),
            case((PAIRS.c.revision > _HALF.c.revision, PAIRS.c.revision), else_=_HALF.c.revision).label(
                "revision"
            ),
            *(_HALF.c[name] for name in _TAKEN),
        )
        .select_from(PAIRS)
        .join(_HALF, names)
        .where(pairs.here, PAIRS.c.id > after, due_now(now), *_plain(pairs))
        .order_by(PAIRS.c.id)
        .limit(CHUNK)
    )
    found = connection.execute(page).mappings().all()
    delete_rows(connection, [row["theirs"] for row in found])
    update_rows(connection, [_joined(row) for row in found])
    return found[-1]["ours"] if found else None


def _joined(row: RowMapping) -> Columns:
    columns = {name: value for name, value in row.items() if name not in ("ours", "theirs")}
    columns |= {"id": row["ours"], "revision": row["revision"] + 1, "by_values": False, "left_sync": False}
    return columns | {"due": True, "tried_in": 0, "try_after": None}


def _by_own_id(pairs: PairStore) -> ColumnElement[bool]:
    """The contact names the record, which names it or nobody."""
    named = _HALF.c[_THEIRS.id] == PAIRS.c[_OURS.link]
    answers = _HALF.c[_THEIRS.link] == PAIRS.c[_OURS.id]
    return and_(*_of(pairs, _HALF), named, or_(answers, _stores_no_id(pairs, _HALF, _THEIRS)))


def _by_their_id(pairs: PairStore) -> ColumnElement[bool]:
    """The record names the contact, which names nobody."""
    named = _HALF.c[_THEIRS.link] == PAIRS.c[_OURS.id]
    return and_(*_of(pairs, _HALF), named, _stores_no_id(pairs, PAIRS, _OURS))


def _plain(pairs: PairStore) -> list[ColumnElement[bool]]:
    """Both are live and unpaired, the contact has no problem, no hold is attached to the other row, and
    nobody else names either."""
    ours, theirs = PAIRS.c[_OURS.id], _HALF.c[_THEIRS.id]
    claimed = select(literal(1)).where(*_of(pairs, _CLAIM)).correlate(PAIRS, _HALF)
    return [
        unpaired(_OURS),
        not_by_index(_HALF.c[_OURS.id]).is_(None),
        _HALF.c[_THEIRS.state] == RecordState.LIVE.value,
        PAIRS.c.problem.is_(None),
        ~PAIRS.c.failing,
        ~_HALF.c.held,
        ~claimed.where(_CLAIM.c[_THEIRS.link] == ours, _CLAIM.c.id != _HALF.c.id).exists(),
        ~claimed.where(_CLAIM.c[_OURS.link] == theirs, _CLAIM.c.id != PAIRS.c.id).exists(),
    ]


def _stores_no_id(pairs: PairStore, table: Any, side: Side) -> ColumnElement[bool]:
    """The record stores no ID of the other system, nor anything else in its place."""
    link = pairs.mapping.link(side.system)
    empty: ColumnElement[bool] = table.c[side.link].is_(None)
    if link is None:
        return empty
    return and_(empty, table.c[side.values][link.of(side.system).key].as_string().is_(None))


def _of(pairs: PairStore, table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.kind == pairs.mapping.kind.value, table.c.entity == pairs.mapping.entity.name
