"""Query jobs: ``/jobs/query``. What a job finds is kept as it was when the job ran; pages by locator."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.salesforce.bulk.csv_text import Dialect, cell
from sandbox.salesforce.bulk.jobs import (
    ABORTED,
    COMPLETE,
    ENDED,
    JOBS_A_PAGE,
    UPLOADED,
    Job,
    bad_job,
    wrong_state,
)
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import Field
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.soql.compile import Compiled, Shape, compile_query
from sandbox.salesforce.soql.parse import parse

ROWS = "rows"
END = "null"
OPERATIONS = ("query", "queryAll")
Cells = Callable[[Sequence[Any]], list[str]]


def create(call: Call) -> Reply:
    """``POST /jobs/query``: it is at work at once."""
    asked, org = call.json_object(), call.org
    if asked.get("operation") not in OPERATIONS or not isinstance(asked.get("query"), str):
        raise bad_job("operation must be query or queryAll, and query a text")
    now = org.world.clock.now()
    if len(org.jobs.today("query", now)) >= org.options.daily_bulk_query_jobs:
        raise SalesforceError(400, "EXCEEDED_MAX_QUERY_JOBS", "Maximum number of query jobs exceeded")
    dialect, soql = Dialect.of(asked), asked["query"]
    compiled = compile_query(org, soql, parse(soql), asked["operation"] == "queryAll")
    _check_served(compiled)
    job = Job(
        org.jobs.number(),
        "query",
        asked["operation"],
        compiled.item.name,
        call.version,
        now,
        dialect,
        UPLOADED,
    )
    job.text, job.waits = soql, org.options.bulk_looks
    _run(call, job, compiled)
    org.jobs.add(job)
    return Reply(200, job.shown())


def look(call: Call) -> Reply:
    """``GET /jobs/query/{id}``."""
    return Reply(200, _job(call).looked_at())


def change(call: Call) -> Reply:
    """``PATCH /jobs/query/{id}``: it can only be aborted."""
    job = _job(call)
    if call.json_object().get("state") != ABORTED:
        raise bad_job("A query job can only be set to Aborted")
    if job.state in ENDED:
        raise wrong_state(f"Job {job.id} has ended and cannot be aborted")
    job.state, job.results = ABORTED, {}
    return Reply(200, job.shown())


def delete(call: Call) -> Reply:
    """``DELETE /jobs/query/{id}``."""
    call.org.jobs.delete(_job(call))
    return Reply(204)


def jobs(sort: str) -> Callable[[Call], Reply]:
    """``GET /jobs/query``, ``GET /jobs/ingest``: the jobs that there are, by pages."""

    def listed(call: Call) -> Reply:
        first = int(call.params.get("queryLocator") or 0)
        every = [job.shown() | {"jobType": f"V2{sort.capitalize()}"} for job in call.org.jobs.of_sort(sort)]
        page, done = every[first : first + JOBS_A_PAGE], len(every) <= first + JOBS_A_PAGE
        following = None if done else f"{call.base}/jobs/{sort}?queryLocator={first + JOBS_A_PAGE}"
        return Reply(200, {"done": done, "records": page, "nextRecordsUrl": following})

    return listed


def results(call: Call) -> Reply:
    """``GET /jobs/query/{id}/results?maxRecords=&locator=``."""
    job = _job(call)
    if call.version != job.version:
        text = f"The results of job {job.id} must be asked for by API version {job.version}.0"
        raise SalesforceError(409, "API_VERSION_MISMATCH", text)
    if job.state != COMPLETE:
        raise wrong_state(f"Job {job.id} is not in the state {COMPLETE}")
    most = call.params.get("maxRecords", "")
    if most and not re.fullmatch(r"[1-9]\d*", most):
        raise SalesforceError(400, "INVALIDVALUE", f"maxRecords is no number: {most}")
    size = min(int(most or call.org.options.bulk_page), call.org.options.bulk_page)
    rows, first = job.results[ROWS], _first(call.params.get("locator"), len(job.results[ROWS]))
    page = rows[first : first + size]
    following = first + len(page)
    call.org.world.counters.read("salesforce", len(page))
    return Reply(
        200,
        text=job.headers[ROWS] + "".join(page),
        headers={
            "Sforce-NumberOfRecords": str(len(page)),
            "Sforce-Locator": END if following >= len(rows) else _locator(following),
        },
    )


def _job(call: Call) -> Job:
    return call.org.jobs.get(call.parts[2], "query", call.org.world.clock.now())


def _locator(place: int) -> str:
    return b64encode(str(place).encode()).decode().rstrip("=")


def _first(locator: str | None, total: int) -> int:
    if locator is None:
        return 0
    try:
        place = int(b64decode(locator + "=" * (-len(locator) % 4), validate=True))
    except ValueError:
        place = -1
    if not 0 < place < total:
        raise SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return place


def _check_served(compiled: Compiled) -> None:
    if compiled.counts or compiled.children or compiled.offset is not None:
        raise bad_job(
            "Aggregate functions, inner queries and OFFSET are not supported by Bulk API 2.0 queries"
        )
    if any(field.type == "address" for _, field in _fields(compiled.shape)):
        raise bad_job("Compound fields are not supported by Bulk API 2.0 queries")


def _run(call: Call, job: Job, compiled: Compiled) -> None:
    fields = _fields(compiled.shape)
    job.headers[ROWS] = job.dialect.line(name for name, _ in fields)
    cells = _cells(compiled.shape)
    sql = f"SELECT {', '.join(compiled.columns)} FROM {compiled.source} WHERE {compiled.condition}{compiled.order} LIMIT ?"
    found = call.org.world.db.execute(
        sql, [*compiled.parameters, -1 if compiled.limit is None else compiled.limit]
    )
    most = call.org.options.bulk_fails_after
    job.results[ROWS] = [job.dialect.line(cells(row)) for row in found]
    job.processed = len(job.results[ROWS])
    if 0 <= most < job.processed:
        job.error = "TimeoutError : The query took too long"
        job.results[ROWS] = []


def _fields(shape: Shape, before: str = "") -> list[tuple[str, Field]]:
    found: list[tuple[str, Field]] = []
    for name, entry in shape.entries.items():
        found += (
            _fields(entry, f"{before}{name}.") if isinstance(entry, Shape) else [(before + name, entry[1])]
        )
    return found


def _cells(shape: Shape) -> Cells:
    places: list[tuple[int, Field]] = []

    def collect(part: Shape) -> None:
        for entry in part.entries.values():
            if isinstance(entry, Shape):
                collect(entry)
            else:
                places.append(entry)

    collect(shape)
    return lambda row: [cell(field, row[place]) for place, field in places]
