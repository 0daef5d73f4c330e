"""Approval and rejection of waiting runs (rule 19). An approval covers exactly what somebody was shown: while
a run waits, a digest of each of its changes is kept (`Showing`), for 24 hours after it was approved."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Engine, and_, case, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from syncer.core.guard import ChangeKind
from syncer.core.trust.clocks import TRUSTED
from syncer.infra.database import key_value
from syncer.infra.database.tables import ShownRow, table
from syncer.journal import runs, schedule
from syncer.journal.log import UNASKED
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import RUNS, Run

SHOWN = table(ShownRow)
VALID_FOR = timedelta(hours=24)
"""How long an approval holds."""
CHUNK = 1000
"""Rows per statement: the parameters of one are limited in both databases."""
DELETE_BATCH = 5000
"""Rows that are deleted in one transaction."""
COUNTING = "counting"
"""The key, in a waiting run's numbers, of how often it has counted what it would do: once for each tick."""
ENTITIES = "entities"
"""The key of a waiting run's numbers that says which Salesforce objects were changed, and the fact of it in
the database until somebody approved that: the object before, by kind."""
BACKFILL = "backfill"
"""The key of a waiting run's numbers that says what of Salesforce it would read anew, and the fact in the
database that somebody approved of that. It is no approval of changes."""

ChangeKey = tuple[int, str]
"""What a digest is of: the number of a pair, and the direction."""


class NotWaiting(Exception):
    """The run that somebody approved does not wait (any more); ``str()`` says so. Nothing was approved, and
    nothing done."""

    def __init__(self, run: int) -> None:
        super().__init__(
            f"Run {run} does not wait for an approval any more: it was answered meanwhile, or ended. Nothing"
            " was done."
        )


def approve(engine: Engine, run: int, counting: int | None = None, now: datetime | None = None) -> None:
    """Approve the waiting ``run`` as somebody saw it: as of the ``counting`` that its numbers had; by default
    as it waits now. A tick may have counted again since they looked. Raises `NotWaiting`."""
    with engine.begin() as connection:
        approve_on(connection, run, counting, now or datetime.now(UTC))


def approve_on(connection: Connection, run: int, counting: int | None, now: datetime) -> None:
    """Like `approve`, within the caller's transaction."""
    found = _lock_waiting(connection, run)
    if found is None:
        raise NotWaiting(run)
    if backfill := (found.numbers or {}).get(BACKFILL):
        key_value.write(connection, BACKFILL, backfill["of"])
        return
    newest = (found.numbers or {}).get(COUNTING, 0)
    counting = newest if counting is None else counting
    if counting == newest and (found.numbers or {}).get(ENTITIES):
        key_value.write(connection, ENTITIES, {})
    approved = {"approved_at": now, "approved_counting": counting}
    connection.execute(update(RUNS).where(RUNS.c.id == run).values(approved))


def reject(engine: Engine, run: int) -> Run | None:
    """End a waiting run: nothing more is written, its pairs stay due, and the schedule pauses, but for an
    undo. None where that run does not wait."""
    with engine.begin() as connection:
        found = _lock_waiting(connection, run)
        if found is None:
            return None
        part = "What waited was not written" if found.wrote else "Nothing was written"
        _end_waiting(connection, found, f"Rejected. {part}; its records stay due.", runs.REJECTED)
        if found.trigger != Trigger.UNDO:  # whoever wants nothing undone says nothing against the schedule
            schedule.pause_after_rejection(connection, run, found.version)
    return found


def withdraw(engine: Engine, run: int) -> None:
    """End a waiting run that has nothing to ask any more."""
    with engine.begin() as connection:
        if found := _lock_waiting(connection, run):
            _end_waiting(connection, found, "Nothing that it asked for is to be done any more.", "WITHDRAWN")


def valid(engine: Engine, now: datetime) -> dict[int, int]:
    """The approvals that hold: each run, and the counting of it that was approved."""
    query = select(RUNS.c.id, RUNS.c.approved_counting).where(_are_valid(now))
    with engine.connect() as connection:
        return {row.id: row.approved_counting for row in connection.execute(query)}


def covered(
    engine: Engine, valid_approvals: Mapping[int, int], pairs: Iterable[int]
) -> dict[ChangeKey, set[str]]:
    """The digests of these pairs' changes that are covered by these approvals (see `valid`)."""
    found: dict[ChangeKey, set[str]] = {}
    if not valid_approvals:
        return found
    columns = (SHOWN.c.run, SHOWN.c.pair, SHOWN.c.direction, SHOWN.c.digest, SHOWN.c.since)
    with engine.connect() as connection:
        for chunk in chunked(pairs, CHUNK):
            here = (SHOWN.c.run.in_(valid_approvals), SHOWN.c.pair.in_(chunk))
            for row in connection.execute(select(*columns).where(*here)):
                if row.since <= valid_approvals[row.run]:
                    found.setdefault((row.pair, row.direction), set()).add(row.digest)
    return found


def why_not_covered(engine: Engine, version: int, now: datetime) -> str:
    """Why the last approval does not cover what is due now under the settings ``version``, as a sentence;
    empty where there was none, or its run did what it covered."""
    last = select(RUNS).where(RUNS.c.approved_at.is_not(None)).order_by(RUNS.c.approved_at.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(last).mappings().first()
    if row is None or row["state"] in (RunState.DONE, RunState.CANCELLED):
        return ""
    if row["approved_at"] <= now - VALID_FOR:
        return f"The approval of run {row['id']} ended after 24 hours: look at it again."
    if row["version"] != version:
        return "The settings were changed since it was approved: look at it again."
    return "It would do something else than what was approved: look at it again."


def unapproved_losses(engine: Engine, now: datetime) -> dict[tuple[ChangeKind, str], int]:
    """How many records were blanked and deactivated unasked within the last day and since the last approval:
    in all (by an empty name), and for each field. Forgets older ones."""
    last, ahead = select(func.max(RUNS.c.approved_at)).where(_are_valid(now)), UNASKED.c.time > now + TRUSTED
    columns = (UNASKED.c.kind, UNASKED.c.field, func.sum(UNASKED.c.records).label("records"))
    with engine.begin() as connection:
        since = connection.execute(last).scalar_one() or now - VALID_FOR
        connection.execute(delete(UNASKED).where(UNASKED.c.time <= now - VALID_FOR))
        # Nobody knows when this was done (rule 23): it counts for a day from now on.
        connection.execute(update(UNASKED).where(ahead).values(time=now))
        done = select(*columns).where(UNASKED.c.time >= since).group_by(UNASKED.c.kind, UNASKED.c.field)
        return {(ChangeKind(row.kind), row.field): row.records for row in connection.execute(done)}


class Showing:
    """One counting of what ``run`` waits with: the digest of each of its changes is kept, a page at a time. A
    change that an earlier counting came upon already stays what it is."""

    def __init__(self, engine: Engine, run: Run) -> None:
        self._engine, self._run = engine, run.id
        self.counting = (run.numbers or {}).get(COUNTING, 0) + 1

    def add(self, digests: Mapping[ChangeKey, str]) -> None:
        """Keep these digests."""
        with self._engine.begin() as connection:
            for chunk in chunked(digests.items(), CHUNK):
                _put(connection, [self._row(change, digest) for change, digest in chunk])

    def finish(self) -> None:
        """Forget what this counting did not come upon."""
        _delete(self._engine, and_(SHOWN.c.run == self._run, SHOWN.c.seen < self.counting))

    def _row(self, change: ChangeKey, digest: str) -> dict[str, object]:
        pair, direction = change
        row = {"run": self._run, "pair": pair, "direction": direction, "digest": digest}
        return row | {"since": self.counting, "seen": self.counting}


def forget_answered(engine: Engine, now: datetime) -> None:
    """Delete the digests of runs that wait no more, and of approvals that ended."""
    needed = _are_valid(now), RUNS.c.state == RunState.WAITING
    with engine.connect() as connection:
        shown = set(connection.execute(select(SHOWN.c.run).distinct()).scalars())
        kept = {
            run
            for one in needed
            for run in connection.execute(select(RUNS.c.id).where(one, RUNS.c.id.in_(shown))).scalars()
        }
    for run in shown - kept:
        _delete(engine, SHOWN.c.run == run)


def _are_valid(now: datetime) -> ColumnElement[bool]:
    """Which approvals are valid at ``now``; one that lies ahead was dated by a wrong clock (rule 23)."""
    return and_(RUNS.c.approved_at > now - VALID_FOR, RUNS.c.approved_at <= now + TRUSTED)


def _put(connection: Connection, rows: list[dict[str, object]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(SHOWN)
    new = statement.excluded
    since = case((SHOWN.c.digest == new.digest, SHOWN.c.since), else_=new.since)
    keys = [column.name for column in SHOWN.primary_key]
    changed = {"since": since, "digest": new.digest, "seen": new.seen}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def _delete(engine: Engine, which: ColumnElement[bool]) -> None:
    """A batch at a time: others write to the database meanwhile."""
    key = tuple_(*SHOWN.primary_key)
    some = select(*SHOWN.primary_key).where(which).limit(DELETE_BATCH)
    while True:
        with engine.begin() as connection:
            if connection.execute(delete(SHOWN).where(key.in_(some))).rowcount < DELETE_BATCH:
                return


def _lock_waiting(connection: Connection, run: int) -> Run | None:
    """The run of this number if it waits for approval; nobody else can change it until the transaction
    ends."""
    waits = select(RUNS).where(RUNS.c.id == run, RUNS.c.state == RunState.WAITING).with_for_update()
    row = connection.execute(waits).mappings().first()
    return runs.from_row(row) if row else None


def _end_waiting(connection: Connection, run: Run, reason: str, code: str) -> None:
    """End a run that was found by `_lock_waiting`: it wrote nothing more."""
    run.state, run.reason, run.code = RunState.CANCELLED, reason, code
    run.numbers, run.ended_at = runs.without_examples(run.numbers), datetime.now(UTC)
    ended = ("state", "reason", "code", "numbers", "ended_at")
    columns = {name: getattr(run, name) for name in ended} | {"progress": None, "approved_at": None}
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(columns))
    run.saved_state = run.state
