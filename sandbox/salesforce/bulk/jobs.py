"""Jobs, and what both sorts of them have in common: states, listing, limits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.salesforce.bulk.csv_text import Dialect
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.ids import USER_ID, make_id
from sandbox.salesforce.stamps import stamp

OPEN, UPLOADED, AT_WORK = "Open", "UploadComplete", "InProgress"
COMPLETE, FAILED, ABORTED = "JobComplete", "Failed", "Aborted"
ENDED = (COMPLETE, FAILED, ABORTED)
JOBS_A_PAGE = 1000
KEPT = timedelta(days=7)
A_DAY = timedelta(hours=24)


@dataclass
class Job:
    """One job. ``sort``: ``query`` or ``ingest``. ``results`` are lines of CSV by the name of their set, below
    ``headers``; ``waits``: so many looks at it find it at work before it has ended."""

    id: str
    sort: str
    operation: str
    object: str
    version: int
    created: datetime
    dialect: Dialect
    state: str
    text: str = ""
    key: str | None = None
    waits: int = 0
    batches: int = 0
    error: str = ""
    processed: int = 0
    failed: int = 0
    uploaded: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    results: dict[str, list[str]] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        document: dict[str, Any] = {
            "id": self.id,
            "operation": self.operation,
            "object": self.object,
            "createdById": USER_ID,
            "createdDate": stamp(self.created),
            "systemModstamp": stamp(self.created),
            "state": self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(self.version),
            "lineEnding": self.dialect.line_ending,
            "columnDelimiter": self.dialect.delimiter,
        }
        if self.sort == "ingest":
            document["contentUrl"] = f"services/data/v{self.version}.0/jobs/ingest/{self.id}/batches"
            if self.key:
                document["externalIdFieldName"] = self.key
        return document

    def looked_at(self) -> dict[str, Any]:
        """As a look at it shows it, which lets it go on."""
        if self.state in (UPLOADED, AT_WORK):
            self.state = AT_WORK if self.waits > 0 else (FAILED if self.error else COMPLETE)
            self.waits -= 1
        numbers = {
            "jobType": f"V2{self.sort.capitalize()}",
            "retries": 0,
            "totalProcessingTime": 100,
            "numberRecordsProcessed": self.processed if self.state in ENDED else 0,
        }
        if self.sort == "ingest":
            numbers |= {
                "apiActiveProcessingTime": 80,
                "apexProcessingTime": 0,
                "numberRecordsFailed": self.failed if self.state in ENDED else 0,
            }
        told = {"errorMessage": self.error} if self.error and self.state == FAILED else {}
        return self.shown() | numbers | told


class Jobs:
    """The jobs of an org, by their IDs."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._count = 0

    def number(self) -> str:
        """The ID of the next job."""
        self._count += 1
        return make_id("750", self._count)

    def add(self, job: Job) -> None:
        """Keep a job."""
        self._jobs[job.id] = job

    def get(self, id: str, sort: str, now: datetime) -> Job:
        """A job of this sort. Raises SalesforceError: 404 where there is none, or it is too old."""
        job = self._jobs.get(id)
        if job is None or job.sort != sort or now - job.created > KEPT:
            raise not_found()
        return job

    def delete(self, job: Job) -> None:
        """Remove a job that is not at work. Raises SalesforceError."""
        if job.state == AT_WORK:
            raise wrong_state(f"Job {job.id} is being processed and cannot be deleted")
        del self._jobs[job.id]

    def of_sort(self, sort: str) -> Iterator[Job]:
        """The jobs of this sort, oldest first."""
        return (job for job in self._jobs.values() if job.sort == sort)

    def today(self, sort: str, now: datetime) -> list[Job]:
        """Those of the last 24 hours."""
        return [job for job in self.of_sort(sort) if now - job.created < A_DAY]


def wrong_state(message: str) -> SalesforceError:
    """400: the job's state does not allow it."""
    return SalesforceError(400, "INVALIDJOBSTATE", message)


def bad_job(message: str) -> SalesforceError:
    """400: a job cannot be made like that."""
    return SalesforceError(400, "INVALIDJOB", message)
