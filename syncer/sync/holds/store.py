"""Holds in the database: who holds what until when, and how holds end (rule 20). What a hold does to a plan
is `syncer.core.trust.holds`.

A hold is one row of ``holds``, with a row of ``held`` for each thing that it keeps out of a pair. Pairs with
such rows have the mark ``held``, so that all others cost nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Engine, delete, exists, insert, select, update

from syncer.core.records import System, Value
from syncer.core.trust.holds import Held, Hold
from syncer.infra.database.tables import HeldRow, HoldRow, table
from syncer.sync.pair_store import CHUNK, DUE_COLUMNS, PAIRS

HOLDS, HELD = table(HoldRow), table(HeldRow)


class Origin(StrEnum):
    """What a hold comes from; kept in the database. Only a person's has an end date."""

    PERSON = "person"
    APPROVAL = "approval"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing to keep out of the pair of this number; see `syncer.core.trust.holds.Hold`."""

    pair: int
    what: Held
    system: System | None = None
    element451: str = ""
    salesforce: str = ""
    value: Value = None


def begin(
    connection: Connection,
    origin: Origin,
    by: str,
    at: datetime,
    *,
    reason: str = "",
    until: datetime | None = None,
    run: int | None = None,
) -> int:
    """A new hold, of nothing so far (see `keep`); its number. ``run``: the run that was approved in part, or
    that undoes something."""
    row: dict[str, Any] = {"origin": origin.value, "placed_by": by, "placed_at": at, "ended_by": ""}
    row |= {"reason": reason, "until": until, "run": run}
    return int(connection.execute(insert(HOLDS).values(row).returning(HOLDS.c.id)).scalar_one())


def keep(connection: Connection, hold: int, things: Iterable[Kept]) -> None:
    """Let ``hold`` keep these out too. Their pairs become due, so that what fails of them is judged anew."""
    for chunk in chunked(things, CHUNK):
        connection.execute(
            insert(HELD),
            [
                {
                    "hold": hold,
                    "pair": one.pair,
                    "what": one.what.value,
                    "system": one.system.value if one.system else "",
                    "element451": one.element451,
                    "salesforce": one.salesforce,
                    "value": {"is": one.value},
                }
                for one in chunk
            ],
        )
        pairs = {one.pair for one in chunk}
        connection.execute(update(PAIRS).where(PAIRS.c.id.in_(pairs)).values(DUE_COLUMNS | {"held": True}))


def of_pairs(
    connection: Connection, pairs: Iterable[int], released: int | None = None
) -> Mapping[int, tuple[Hold, ...]]:
    """What is held of the pairs of these numbers, but for what the hold ``released`` keeps. Only those with
    the mark ``held`` have anything."""
    found: dict[int, tuple[Hold, ...]] = defaultdict(tuple)
    header = [HOLDS.c[name] for name in ("origin", "reason", "placed_by", "until", "run")]
    joined = select(*HELD.c, *header).join(HOLDS, HOLDS.c.id == HELD.c.hold).order_by(HELD.c.id)
    if released is not None:
        joined = joined.where(HELD.c.hold != released)
    for chunk in chunked(pairs, CHUNK):
        for row in connection.execute(joined.where(HELD.c.pair.in_(chunk))).mappings():
            found[row["pair"]] += (_hold(dict(row)),)
    return found


def sentence(hold: Mapping[str, Any]) -> str:
    """Who holds it, until when, and why: of a row of ``holds``."""
    if hold["origin"] == Origin.PERSON:
        text = f"Held by {hold['placed_by']} until {hold['until']:%Y-%m-%d}: {hold['reason']}"
        return text if text.endswith((".", "!", "?")) else f"{text}."
    act = "approval of" if hold["origin"] == Origin.APPROVAL else "undo in"
    return f"Held by the {act} run {hold['run']} ({hold['placed_by']}) until another value comes."


def release(connection: Connection, hold: int, by: str, now: datetime) -> int | None:
    """End a hold: what it kept out becomes due. How many pairs it held; None where there is no such hold in
    force."""
    ended = update(HOLDS).where(HOLDS.c.id == hold, HOLDS.c.ended_at.is_(None))
    if not connection.execute(ended.values(ended_at=now, ended_by=by)).rowcount:
        return None
    pairs = select(HELD.c.pair).where(HELD.c.hold == hold).distinct()
    still = exists().where(HELD.c.pair == PAIRS.c.id, HELD.c.hold != hold)
    freed = update(PAIRS).where(PAIRS.c.id.in_(pairs)).values(DUE_COLUMNS | {"held": still})
    released = connection.execute(freed).rowcount
    connection.execute(delete(HELD).where(HELD.c.hold == hold))
    return released


def release_run(connection: Connection, run: int, by: str, now: datetime) -> None:
    """End the holds that a run placed: it was undone."""
    placed = select(HOLDS.c.id).where(HOLDS.c.run == run, HOLDS.c.ended_at.is_(None))
    for hold in connection.execute(placed).scalars().all():
        release(connection, hold, by, now)


def end_overdue(engine: Engine, now: datetime) -> None:
    """End the holds whose end has come; what they kept out becomes due."""
    overdue = select(HOLDS.c.id).where(HOLDS.c.ended_at.is_(None), HOLDS.c.until <= now)
    with engine.connect() as connection:
        found = connection.execute(overdue).scalars().all()
    for hold in found:
        with engine.begin() as connection:
            release(connection, hold, "", now)


def end_outlived(connection: Connection, held: Collection[int], now: datetime) -> None:
    """Forget these rows of ``held`` (`syncer.core.trust.holds.ended`), and end the holds that keep nothing
    any more."""
    for chunk in chunked(held, CHUNK):
        these = HELD.c.id.in_(chunk)
        touched = connection.execute(select(HELD.c.hold, HELD.c.pair).where(these)).all()
        connection.execute(delete(HELD).where(these))
        _unmark(connection, PAIRS.c.id.in_({row.pair for row in touched}))
        empty = ~exists().where(HELD.c.hold == HOLDS.c.id)
        done = update(HOLDS).where(HOLDS.c.id.in_({row.hold for row in touched}), empty)
        connection.execute(done.values(ended_at=now))


def follow(connection: Connection, replaced: Mapping[int, int]) -> None:
    """What is held of rows that become part of others is held of these from now on: old number, new one."""
    for chunk in chunked(replaced, CHUNK):
        held = select(HELD.c.pair).where(HELD.c.pair.in_(chunk)).distinct()
        for old in connection.execute(held).scalars().all():
            connection.execute(update(HELD).where(HELD.c.pair == old).values(pair=replaced[old]))
            connection.execute(update(PAIRS).where(PAIRS.c.id == replaced[old]).values(held=True))


def _hold(row: Mapping[str, Any]) -> Hold:
    return Hold(
        row["id"],
        sentence(row),
        Held(row["what"]),
        System(row["system"]) if row["system"] else None,
        row["element451"],
        row["salesforce"],
        (row["value"] or {}).get("is"),
        by_approval=row["origin"] == Origin.APPROVAL,
    )


def _unmark(connection: Connection, which: ColumnElement[bool]) -> None:
    """Take the mark from those of these pairs of which nothing is held any more."""
    nothing = ~exists().where(HELD.c.pair == PAIRS.c.id)
    connection.execute(update(PAIRS).where(which, PAIRS.c.held, nothing).values(held=False))
