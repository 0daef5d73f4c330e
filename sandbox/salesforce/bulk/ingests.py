"""Ingest jobs: ``/jobs/ingest``. A file of rows is saved 200 at a time; what became of each is told in three
sets, in no order."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sandbox.salesforce.bulk.csv_text import Dialect, record
from sandbox.salesforce.bulk.jobs import ABORTED, ENDED, OPEN, UPLOADED, Job, bad_job, wrong_state
from sandbox.salesforce.errors import RowError, SalesforceError
from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.saving.save import Saved

OPERATIONS = ("insert", "update", "upsert")
A_TRANSACTION = 200
A_BATCH = 10_000
MOST_BYTES = 150_000_000
SUCCESSFUL, FAILED_ROWS, UNPROCESSED = "successfulResults", "failedResults", "unprocessedrecords"


def create(call: Call) -> Reply:
    """``POST /jobs/ingest``."""
    asked, org = call.json_object(), call.org
    operation, key = asked.get("operation"), asked.get("externalIdFieldName")
    if operation not in OPERATIONS:
        raise bad_job(f"operation is not supported: {operation}")
    item = org.schema.find(str(asked.get("object")))
    if item is None:
        raise SalesforceError(400, "INVALIDENTITY", f"Unable to find object: {asked.get('object')}")
    field = item.field(str(key)) if key else None
    if (operation == "upsert") != bool(key) or (key and not (field and (field.externalId or field.idLookup))):
        raise bad_job(
            "externalIdFieldName must name an external ID field, for an upsert and for nothing else"
        )
    now = org.world.clock.now()
    if sum(job.batches for job in org.jobs.today("ingest", now)) >= org.options.daily_bulk_batches:
        raise SalesforceError(400, "EXCEEDED_QUOTA", "ApiBatchItems Limit exceeded.")
    job = Job(org.jobs.number(), "ingest", operation, item.name, call.version, now, Dialect.of(asked), OPEN)
    job.key = field.name if field else None
    org.jobs.add(job)
    return Reply(200, job.shown())


def upload(call: Call) -> Reply:
    """``PUT /jobs/ingest/{id}/batches``: the file, once."""
    job = _job(call)
    if job.state != OPEN or job.uploaded is not None:
        raise wrong_state(f"Job {job.id} takes one file while it is Open")
    if call.raw is None:
        raise SalesforceError(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be text/csv")
    if len(call.raw) > MOST_BYTES:
        raise SalesforceError(413, "REQUEST_ENTITY_TOO_LARGE", "The file is larger than 150 MB")
    job.uploaded = call.raw
    return Reply(201)


def look(call: Call) -> Reply:
    """``GET /jobs/ingest/{id}``."""
    return Reply(200, _job(call).looked_at())


def change(call: Call) -> Reply:
    """``PATCH /jobs/ingest/{id}``: the file is whole, or the job is aborted."""
    job, state = _job(call), call.json_object().get("state")
    if state not in (UPLOADED, ABORTED):
        raise bad_job("An ingest job can be set to UploadComplete or Aborted")
    if job.state in ENDED or (state == UPLOADED and job.state != OPEN):
        raise wrong_state(f"Job {job.id} is in the state {job.state} and cannot be set to {state}")
    if state == ABORTED:
        job.state = ABORTED
        return Reply(200, job.shown())
    job.state, job.waits = UPLOADED, call.org.options.bulk_looks
    _process(call, job)
    return Reply(200, job.shown())


def delete(call: Call) -> Reply:
    """``DELETE /jobs/ingest/{id}``."""
    job = _job(call)
    if job.state == OPEN:
        raise wrong_state(f"Job {job.id} is Open and cannot be deleted")
    call.org.jobs.delete(job)
    return Reply(204)


def results(name: str) -> Callable[[Call], Reply]:
    """``GET /jobs/ingest/{id}/successfulResults``, ``failedResults`` and ``unprocessedrecords``."""

    def told(call: Call) -> Reply:
        job = _job(call)
        if job.state not in ENDED:
            raise wrong_state(f"Job {job.id} has not ended")
        lines = list(job.results.get(name, ()))
        Random(job.id + name).shuffle(lines)
        return Reply(200, text=job.headers.get(name, "") + "".join(lines))

    return told


def _job(call: Call) -> Job:
    return call.org.jobs.get(call.parts[2], "ingest", call.org.world.clock.now())


def _process(call: Call, job: Job) -> None:
    """Save the file's rows. A file that cannot be read, and a column that is no field, fail the whole job."""
    item = call.org.schema.get(job.object)
    try:
        names, *rows = job.dialect.rows((job.uploaded or b"").decode("utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        job.error = f"InvalidBatch : {error or 'the file is empty'}"
        return
    job.uploaded = None
    fields = [item.field(name) for name in names]
    job.headers = {
        SUCCESSFUL: job.dialect.line(["sf__Id", "sf__Created", *names]),
        FAILED_ROWS: job.dialect.line(["sf__Id", "sf__Error", *names]),
        UNPROCESSED: job.dialect.line(names),
    }
    job.results = {SUCCESSFUL: [], FAILED_ROWS: [], UNPROCESSED: []}
    unknown = [name for name, field in zip(names, fields, strict=True) if field is None and "." not in name]
    job.batches = -(-len(rows) // A_BATCH)
    most = call.org.options.bulk_fails_after
    if unknown:
        job.error = f"InvalidBatch : Field name not found : {unknown[0]}"
        most = 0
    elif any(len(row) != len(names) for row in rows):
        job.error = "InvalidBatch : The number of columns of a row is not that of the header"
        most = 0
    elif 0 <= most < len(rows):
        job.error = "InternalError : Too many retries"
    left = rows[:most] if job.error else rows
    for first in range(0, len(left), A_TRANSACTION):
        _save(call, job, item, names, fields, left[first : first + A_TRANSACTION])
    job.results[UNPROCESSED] = [job.dialect.line(row) for row in rows[len(left) :]]


def _save(
    call: Call,
    job: Job,
    item: SObject,
    names: Sequence[str],
    fields: Sequence[Field | None],
    rows: Sequence[Sequence[str]],
) -> None:
    records = [record(names, fields, row) for row in rows]
    try:
        saved = _saved(call, job, item, records)
    except SalesforceError as refusal:  # the whole transaction
        saved = [Saved("", list(refusal.errors)) for _ in rows]
    for row, one in zip(rows, saved, strict=True):
        if one.errors:
            job.results[FAILED_ROWS].append(job.dialect.line([one.id, _told(one.errors[0]), *row]))
        else:
            created = "true" if one.created else "false"
            job.results[SUCCESSFUL].append(job.dialect.line([one.id, created, *row]))
    job.processed += len(rows)
    job.failed += sum(bool(one.errors) for one in saved)


def _saved(call: Call, job: Job, item: SObject, records: Sequence[dict[str, Any]]) -> list[Saved]:
    saver = call.org.saver
    if job.operation == "upsert":
        key = item.field(job.key or "")
        assert key is not None
        return saver.save(saver.upsert(item, records, key))
    typed = [(item, sent) for sent in records]
    return saver.save(saver.insert(typed) if job.operation == "insert" else saver.update(typed))


def _told(error: RowError) -> str:
    return f"{error.code}:{error.message}:{' '.join(error.fields)} --"
