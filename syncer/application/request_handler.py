"""Doing what was asked for single records, between two batches of a run or on its own."""

import structlog
from sqlalchemy import Engine

from syncer.application import work_requests
from syncer.application.work_requests import Asked as Request
from syncer.connectors.errors import Fault
from syncer.core.plan import Direction
from syncer.core.records import Kind
from syncer.journal.log import Outcome, outcome_json, plan_json
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync.engine import Road
from syncer.sync.on_demand import Asked, NoSuchRecord, Single

log = structlog.get_logger(__name__)


def serve(road: Road, *, reading: bool = True) -> int:
    """Do every request that waits; how many. What goes wrong with one is its answer, and holds up no other.
    ``reading``: both sides may be read for a sample; a run that goes on does that itself."""
    with road.engine.connect() as connection:
        waiting = work_requests.waiting(connection)
    for request in waiting:
        _serve(road.engine, Single(road), request, reading)
    return len(waiting)


def _serve(engine: Engine, single: Single, request: Request, reading: bool) -> None:
    if request.verb == work_requests.PREVIEW:
        _preview(engine, single, request, reading)
        return
    try:
        run, done = _do(single, request)
    except NoSuchRecord as nothing:
        work_requests.answer(engine, request.id, None, [], str(nothing), failed=True)
        return
    log.info("request done", request=request.id, verb=request.verb, run=run.id)
    work_requests.answer(
        engine,
        request.id,
        run.id,
        [outcome_json(made) for made in done],
        run.reason,
        failed=run.state == RunState.FAILED,
    )


def _preview(engine: Engine, single: Single, request: Request, reading: bool) -> None:
    """What stands in the way of a preview is the answer to it, and no matter of the run between whose batches
    it was asked for."""
    try:
        if request.salesforce_id or request.element_id:
            plans = single.preview(_asked(request))
        else:
            plans = single.sample(Direction(str(request.direction)), read=reading)
    except NoSuchRecord as nothing:
        work_requests.answer(engine, request.id, None, [], str(nothing), failed=True)
    except Fault as fault:
        work_requests.answer(engine, request.id, None, [], fault.sentence, failed=True)
    else:
        work_requests.answer(engine, request.id, None, [plan_json(plan) for plan in plans])


def _do(single: Single, request: Request) -> tuple[Run, list[Outcome]]:
    if request.verb == work_requests.RETRY:
        return single.retry(request.entry or 0)
    if request.verb == work_requests.RETRY_CAUSE:
        return single.retry_failed(request.code)
    return single.do(_asked(request), Trigger.TEST)


def _asked(request: Request) -> Asked:
    return Asked(
        Direction(str(request.direction)),
        request.salesforce_id,
        request.element_id,
        Kind(request.kind or Kind.CONTACT),
    )
