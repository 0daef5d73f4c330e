"""Doing what was asked for single records, between two pages of a run or on its own."""

from dataclasses import asdict

import structlog

from syncer.application import work_requests
from syncer.application.work_requests import PendingRequest as WorkRequest
from syncer.connectors.errors import Fault, LimitReached
from syncer.core.plan import Direction, Plan
from syncer.core.records import Kind
from syncer.journal.log import Outcome, outcome_json, plan_json
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from syncer.sync import on_demand
from syncer.sync.engine import SyncEngine
from syncer.sync.failures import Which
from syncer.sync.on_demand import NoSuchRecord, RecordRequest

log = structlog.get_logger(__name__)


def handle_all(engine: SyncEngine, *, read_first: bool = True) -> int:
    """Do every request that waits; how many. What goes wrong with one is its answer, and holds up no other.
    ``read_first``: both systems may be read for a sample; a run that goes on does that itself.

    Raises `LimitReached`, after it was made the answer to the request that met it: it concerns every call."""
    with engine.context.database.connect() as connection:
        waiting = work_requests.waiting(connection)
    for request in waiting:
        if request.verb == work_requests.PREVIEW:
            _preview(engine, request, read_first)
        else:
            _do(engine, request)
    return len(waiting)


def _preview(engine: SyncEngine, request: WorkRequest, read_first: bool) -> None:
    """What is in the way of a preview is the answer to it, and, but for a limit, no matter of the run between
    whose pages it was asked for."""
    database = engine.context.database
    try:
        plans = _plans(engine, request, read_first)
    except NoSuchRecord as nothing:
        work_requests.answer(database, request.id, None, [], str(nothing), failed=True)
    except Fault as fault:
        work_requests.answer(database, request.id, None, [], fault.sentence, failed=True)
        if isinstance(fault, LimitReached):
            raise
    else:
        work_requests.answer(database, request.id, None, [plan_json(plan) for plan in plans])


def _plans(engine: SyncEngine, request: WorkRequest, read_first: bool) -> list[Plan]:
    if request.salesforce_id or request.element_id:
        return on_demand.preview(engine, _record(request))
    direction = Direction(request.direction) if request.direction else None
    return on_demand.sample(engine, direction, read_first=read_first)


def _do(engine: SyncEngine, request: WorkRequest) -> None:
    """Test and Retry: a run of their own."""
    database = engine.context.database
    try:
        run, outcomes = _run(engine, request)
    except NoSuchRecord as nothing:
        work_requests.answer(database, request.id, None, [], str(nothing), failed=True)
        return
    log.info("request done", request=request.id, verb=request.verb, run=run.id)
    answers = [outcome_json(outcome) for outcome in outcomes]
    failed = run.state == RunState.FAILED
    waits = f"Run {run.id} waits for approval. " if run.state == RunState.WAITING else ""
    work_requests.answer(database, request.id, run.id, answers, f"{waits}{run.reason}", failed=failed)
    if isinstance(run.fault, LimitReached):
        raise run.fault


def _run(engine: SyncEngine, request: WorkRequest) -> tuple[Run, list[Outcome]]:
    if request.verb == work_requests.RETRY:
        return on_demand.retry(engine, request.entry or 0)
    if request.verb == work_requests.RETRY_CAUSE:
        return on_demand.retry_failing(engine, Which.remembered(asdict(request)))
    return on_demand.do(engine, _record(request), Trigger.TEST)


def _record(request: WorkRequest) -> RecordRequest:
    return RecordRequest(
        Direction(str(request.direction)),
        request.salesforce_id,
        request.element_id,
        Kind(request.kind or Kind.CONTACT),
    )
