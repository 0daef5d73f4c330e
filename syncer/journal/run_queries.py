"""Looking through the runs: newest first, filtered, page by page; and the last whole ones, for a chart. Each
question has an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select, select

from syncer.infra.database.engine import reading
from syncer.journal.run_state import WHOLE_RUNS, RunState, Trigger
from syncer.journal.runs import RUNS, Run, from_row

ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which runs: of a trigger, in a state, older than the run ``before``; ``skipped``: those that did not
    take place as well. None: all."""

    trigger: Trigger | None = None
    state: RunState | None = None
    before: int | None = None
    skipped: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some runs, newest first. ``next`` is the ``before`` of the page that follows, None on the last."""

    runs: list[Run]
    next: int | None


def page(engine: Engine, chosen: Chosen, limit: int = 25) -> Page:
    """The newest ``limit`` of the chosen runs."""
    with reading(engine).connect() as connection:
        found = [from_row(row) for row in connection.execute(statement(chosen, limit + 1)).mappings()]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def statement(chosen: Chosen, limit: int) -> Select[Any]:
    """The query behind a page."""
    wanted = select(RUNS).order_by(RUNS.c.id.desc()).limit(limit)
    if chosen.trigger is not None:
        wanted = wanted.where(RUNS.c.trigger == chosen.trigger)
    if chosen.state is not None:
        wanted = wanted.where(RUNS.c.state == chosen.state)
    if chosen.before is not None:
        wanted = wanted.where(RUNS.c.id < chosen.before)
    if not chosen.skipped:
        wanted = wanted.where(RUNS.c.state != RunState.SKIPPED)
    return wanted


def recent(engine: Engine, limit: int = 30) -> list[Run]:
    """The last whole runs that ended, oldest first."""
    wanted = (
        select(RUNS)
        .where(RUNS.c.trigger.in_(WHOLE_RUNS), RUNS.c.state.in_(ENDED))
        .order_by(RUNS.c.id.desc())
        .limit(limit)
    )
    with reading(engine).connect() as connection:
        return [from_row(row) for row in connection.execute(wanted).mappings()][::-1]


def tried(engine: Engine) -> bool:
    """Whether a dry run or a test ever showed what would happen."""
    return _ever_done(engine, (Trigger.DRY_RUN, Trigger.TEST))


def synced(engine: Engine) -> bool:
    """Whether a whole run was ever done to its end."""
    return _ever_done(engine, WHOLE_RUNS)


def _ever_done(engine: Engine, triggers: Sequence[Trigger]) -> bool:
    wanted = select(RUNS.c.id).where(RUNS.c.trigger.in_(triggers), RUNS.c.state == RunState.DONE).limit(1)
    with reading(engine).connect() as connection:
        return connection.execute(wanted).first() is not None
