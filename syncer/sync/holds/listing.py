"""Which holds are in force, and what each keeps as it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, distinct, func, select

from syncer.infra.database.engine import reading
from syncer.sync.holds.store import HELD, HOLDS, sentence
from syncer.sync.pair_store import PAIRS

WHOLE = ("", "")
"""Stands for the whole record among the fields of `of_fields`."""


def in_force(engine: Engine, *, identity: str | None = None) -> list[dict[str, Any]]:
    """The holds in force, newest first, as `holds` prints them; only those of the record with this ID (as it
    is stored), if it is given. A hold of one record names it; one of many says how many."""
    held = (
        select(
            HELD.c.hold,
            func.count(distinct(HELD.c.pair)).label("records"),
            func.min(HELD.c.pair).label("pair"),
            func.count(distinct(HELD.c.element451 + "\n" + HELD.c.salesforce)).label("fields"),
            func.min(HELD.c.element451).label("element451"),
            func.min(HELD.c.salesforce).label("salesforce"),
        )
        .group_by(HELD.c.hold)
        .subquery()
    )
    found = (
        select(HOLDS, held, PAIRS.c.element_id, PAIRS.c.salesforce_id)
        .join(held, held.c.hold == HOLDS.c.id)
        .outerjoin(PAIRS, and_(PAIRS.c.id == held.c.pair, held.c.records == 1))
        .where(HOLDS.c.ended_at.is_(None), *([HOLDS.c.id.in_(_of_record(identity))] if identity else []))
        .order_by(HOLDS.c.id.desc())
    )
    with reading(engine).connect() as connection:
        return [_json(dict(row)) for row in connection.execute(found).mappings()]


def records(engine: Engine, hold: int, *, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    """What a hold keeps as it is, a page at a time: each record with its field and the value that is kept
    out, if it is one. ``after``: the number (``held``) of the last one shown."""
    these = (
        select(HELD, PAIRS.c.kind, PAIRS.c.element_id, PAIRS.c.salesforce_id)
        .join(PAIRS, PAIRS.c.id == HELD.c.pair)
        .where(HELD.c.hold == hold, HELD.c.id > after)
        .order_by(HELD.c.id)
        .limit(limit)
    )
    with reading(engine).connect() as connection:
        return [_record(row) for row in connection.execute(these)]


def of_fields(engine: Engine, pair: int) -> dict[tuple[str, str], dict[str, Any]]:
    """What is held of the pair of this number: by the field's slug and API name, or by `WHOLE`, the hold as
    `holds` prints it, without its records."""
    header = [column for column in HOLDS.c if column.name != "id"]
    found = (
        select(HELD.c.hold, HELD.c.element451, HELD.c.salesforce, *header)
        .join(HOLDS, HOLDS.c.id == HELD.c.hold)
        .where(HELD.c.pair == pair)
        .order_by(HELD.c.id)
    )
    with reading(engine).connect() as connection:
        rows = connection.execute(found).mappings().all()
    return {(row["element451"], row["salesforce"]): _header(dict(row), row["hold"]) for row in rows}


def ending(engine: Engine, now: datetime, until: datetime) -> Sequence[Any]:
    """The holds (``id``, ``placed_by``, ``until``) that end between these moments, the first one first."""
    columns = (HOLDS.c.id, HOLDS.c.placed_by, HOLDS.c.until)
    soon = (HOLDS.c.ended_at.is_(None), HOLDS.c.until > now, HOLDS.c.until <= until)
    with reading(engine).connect() as connection:
        return connection.execute(select(*columns).where(*soon).order_by(HOLDS.c.until, HOLDS.c.id)).all()


def _of_record(identity: str) -> Any:
    mine: ColumnElement[bool] = (PAIRS.c.element_id == identity) | (PAIRS.c.salesforce_id == identity)
    return select(HELD.c.hold).join(PAIRS, PAIRS.c.id == HELD.c.pair).where(mine)


def _json(hold: Mapping[str, Any]) -> dict[str, Any]:
    field = hold["element451"] or hold["salesforce"]
    of_record = {
        "element_id": hold["element_id"],
        "salesforce_id": hold["salesforce_id"],
        "field": (field or None) if hold["fields"] == 1 else None,
        "records": hold["records"],
    }
    return _header(hold, hold["id"]) | of_record


def _header(hold: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        "hold": number,
        "reason": hold["reason"] or sentence(hold),
        "by": hold["placed_by"],
        "at": hold["placed_at"].isoformat(),
        "until": hold["until"].isoformat() if hold["until"] else None,
        "origin": hold["origin"],
        "run": hold["run"],
    }


def _record(row: Row[Any]) -> dict[str, Any]:
    return {
        "held": row.id,
        "kind": row.kind,
        "element_id": row.element_id,
        "salesforce_id": row.salesforce_id,
        "what": row.what,
        "system": row.system or None,
        "field": row.element451 or row.salesforce or None,
        "value": (row.value or {}).get("is"),
    }
