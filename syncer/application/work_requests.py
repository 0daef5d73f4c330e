"""What is asked for single records (Preview, Test, Retry): kept in the database, done by whoever holds the
lease, so that an analyst never waits for a run to end."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from syncer.infra.database.tables import RequestRow, table

REQUESTS = table(RequestRow)
PREVIEW, TEST, RETRY, RETRY_CAUSE = "preview", "test", "retry", "retry_cause"
PREVIEWS_KEPT = timedelta(hours=1)
"""How long the answer to a preview is kept: it holds people's data, and is looked at at once. What was really
done is in the logs."""
FORGOTTEN = "This preview is not kept any more. Ask for it again."


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """A request as it waits: its number, its verb, and what it is about."""

    id: int
    verb: str
    direction: str | None
    kind: str | None
    salesforce_id: str | None
    element_id: str | None
    entry: int | None
    code: str | None
    field: str | None
    value: str | None
    asked_by: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: the run that did it, its outcomes (as the command line prints them), or the
    sentence why not."""

    run: int | None
    outcomes: list[dict[str, Any]]
    sentence: str
    failed: bool


def submit(
    engine: Engine,
    verb: str,
    *,
    direction: str | None = None,
    kind: str | None = None,
    salesforce_id: str | None = None,
    element_id: str | None = None,
    entry: int | None = None,
    code: str | None = None,
    field: str | None = None,
    value: str | None = None,
    asked_by: str = "",
) -> int:
    """Ask for a preview or a test (of a record in a direction; without an ID, a preview of a sample), a retry
    (of a log entry), or a retry of everything failing (or, as `failures.Which`, of some). The answer to a
    preview is kept for an hour.

    The same request that still waits is not asked twice: its number is returned.
    """
    what = {
        "verb": verb,
        "direction": direction,
        "kind": kind,
        "salesforce_id": salesforce_id,
        "element_id": element_id,
        "entry": entry,
        "code": code,
        "field": field,
        "value": value,
    }
    with engine.begin() as connection:
        if verb == PREVIEW:
            old = (
                REQUESTS.c.verb == PREVIEW,
                REQUESTS.c.answered_at < datetime.now(UTC) - PREVIEWS_KEPT,
                REQUESTS.c.sentence == "",
            )
            connection.execute(
                update(REQUESTS).where(*old).values(answer=[], state="failed", sentence=FORGOTTEN)
            )
        same = [
            REQUESTS.c[name].is_(None) if value is None else REQUESTS.c[name] == value
            for name, value in what.items()
        ]
        waiting: int | None = (
            connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.state == "waiting", *same))
            .scalars()
            .first()
        )
        if waiting is not None:
            return waiting
        row = what | {"asked_at": datetime.now(UTC), "asked_by": asked_by, "state": "waiting", "sentence": ""}
        made: int = connection.execute(insert(REQUESTS).values(row).returning(REQUESTS.c.id)).scalar_one()
        return made


def answered(engine: Engine, request: int) -> Answer | None:
    """What became of a request; None while it waits or is being done."""
    with engine.connect() as connection:
        row = connection.execute(select(REQUESTS).where(REQUESTS.c.id == request)).mappings().one_or_none()
    if row is None:
        return Answer(None, [], f"There is no request {request}.", True)
    if row["answered_at"] is None:
        return None
    return Answer(row["run"], list(row["answer"] or []), row["sentence"], row["state"] == "failed")


def answered_together(engine: Engine, requests: Sequence[int]) -> Answer | None:
    """What became of several requests, as one answer; None while one of them waits or is being done. Of one
    request: its own answer."""
    found = [answered(engine, request) for request in requests]
    done = [each for each in found if each is not None]
    if len(done) < len(found):
        return None
    if len(done) == 1:
        return done[0]
    sentences = dict.fromkeys(each.sentence for each in done if each.sentence)
    outcomes = [outcome for each in done for outcome in each.outcomes]
    return Answer(
        max((each.run for each in done if each.run), default=None),
        outcomes,
        " ".join(sentences),
        any(each.failed for each in done),
    )


def waiting(connection: Connection) -> list[PendingRequest]:
    """The requests that nobody has done, oldest first; one that was being done when its process died is among
    them."""
    rows = connection.execute(
        select(*(REQUESTS.c[each.name] for each in fields(PendingRequest)))
        .where(REQUESTS.c.state == "waiting")
        .order_by(REQUESTS.c.id)
    )
    return [PendingRequest(**dict(row)) for row in rows.mappings().all()]


def answer(
    engine: Engine,
    request: int,
    run: int | None,
    outcomes: list[dict[str, Any]],
    sentence: str = "",
    *,
    failed: bool = False,
) -> None:
    """Write down what became of a request that waits; one that has its answer keeps it."""
    columns = {
        "state": "failed" if failed else "done",
        "run": run,
        "answer": outcomes,
        "sentence": sentence,
        "answered_at": datetime.now(UTC),
    }
    waits = (REQUESTS.c.id == request, REQUESTS.c.state == "waiting")
    with engine.begin() as connection:
        connection.execute(update(REQUESTS).where(*waits).values(columns))


def refuse_all(engine: Engine, sentence: str) -> None:
    """Answer every request that waits with the reason why nothing can be done now."""
    with engine.begin() as connection:
        columns = {"state": "failed", "answer": [], "sentence": sentence, "answered_at": datetime.now(UTC)}
        connection.execute(update(REQUESTS).where(REQUESTS.c.state == "waiting").values(columns))
