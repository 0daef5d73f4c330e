"""What the release of a hold would do, by what is known: what is held is read all the same (rule 20)."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Engine, distinct, func, select

from syncer.core.plan import Plan, Rules
from syncer.core.records import Kind
from syncer.infra.database.engine import reading
from syncer.sync.holds.people import CannotHold
from syncer.sync.holds.store import HELD, HOLDS
from syncer.sync.pair_rows import Row
from syncer.sync.pair_store import PAIRS
from syncer.sync.planning.planner import Planner

EXAMPLES = 20
"""Records whose plans are shown."""
_NO_RUN = -1


def plans(engine: Engine, rules: Mapping[Kind, Rules], hold: int, now: datetime) -> list[Plan]:
    """The plans of the first records of a hold, as if it were released."""
    planner, found = Planner(reading(engine), rules, _NO_RUN, now, released=hold), list[Plan]()
    held = select(HELD.c.pair).where(HELD.c.hold == hold).distinct().order_by(HELD.c.pair).limit(EXAMPLES)
    with reading(engine).connect() as connection:
        rows = connection.execute(select(PAIRS).where(PAIRS.c.id.in_(held))).mappings().all()
    for kind, of_kind in rules.items():
        entity = of_kind.mapping.entity.name
        here = [dict(row) for row in rows if (row["kind"], row["entity"]) == (kind.value, entity)]
        for planned in planner.plan_rows(kind, cast(list[Row], here)):
            found += planned.plans
    return found


def records(engine: Engine, hold: int) -> int:
    """How many records a hold keeps as they are. Raises `CannotHold` where it is not in force."""
    lives = select(HOLDS.c.id).where(HOLDS.c.id == hold, HOLDS.c.ended_at.is_(None))
    with reading(engine).connect() as connection:
        if connection.execute(lives).first() is None:
            raise CannotHold(f"There is no hold {hold}, or it has ended.")
        count = select(func.count(distinct(HELD.c.pair))).where(HELD.c.hold == hold)
        return connection.execute(count).scalar_one()
