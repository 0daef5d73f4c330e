"""What fails now, and for how long: read from the pairs of the objects that the configuration in force
names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.core.plan import Status
from syncer.core.records import Kind
from syncer.sync.pair_store import CHUNK, PAIRS, due_now

MOST_VALUES = 100
"""So many values of a field are told apart; of more, only how many records they concern."""
EXAMPLES = 3
"""So many records are named of each value."""
RecordIds = tuple[str | None, str | None]
"""A record's ID in Element451 and in Salesforce."""
READ_ALONE = 20_000
"""So many rows are read one by one to be counted."""


@dataclass(frozen=True, slots=True)
class CauseCount:
    """So many failures of a cause (passing, lasting, waiting) with a code."""

    cause: str
    code: str
    failures: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How a record fails in one direction now: its cause (passing, lasting, waiting) with code and reason,
    how often it was tried, since when the record fails, and before when it is not tried again (None: in the
    next run). ``fields`` are to blame, as far as that is known: each by its slug and API name."""

    cause: str
    code: str
    reason: str
    tries: int
    since: datetime | None
    try_after: datetime | None
    fields: tuple[tuple[str, str], ...] = ()


def of_record(connection: Connection, entry: Mapping[str, Any]) -> Failure | None:
    """How the record of a log entry (`log_queries`) fails now, in the direction of that entry; None where it
    does not."""
    for column in (PAIRS.c.element_id, PAIRS.c.salesforce_id):
        if identity := entry[column.name]:
            of = (PAIRS.c.kind == entry["kind"], PAIRS.c.entity == entry["entity"], column == identity)
            row = connection.execute(
                select(PAIRS.c.failures, PAIRS.c.failing_since, PAIRS.c.try_after).where(*of)
            ).first()
            if row:
                kept = (row.failures or {}).get(entry["direction"])
                told = {name: kept[name] for name in ("cause", "code", "reason", "tries")} if kept else {}
                if not kept:
                    return None
                fields = tuple(dict.fromkeys((slug, name) for slug, name, _ in kept.get("values", ())))
                return Failure(**told, since=row.failing_since, try_after=row.try_after, fields=fields)
    return None


def still(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> set[int]:
    """The numbers of those log entries (`log_queries`) that failed and whose record fails now in the same
    direction. By the indexes of both IDs."""
    failed = [entry for entry in entries if entry["status"] == Status.FAILED and not entry["resolved_by"]]
    found: set[tuple[str, str, str, str]] = set()
    for column in (PAIRS.c.element_id, PAIRS.c.salesforce_id):
        for kind, entity in {(entry["kind"], entry["entity"]) for entry in failed}:
            of = (PAIRS.c.kind == kind, PAIRS.c.entity == entity)
            ids = {entry[column.name] for entry in failed if entry["kind"] == kind and entry[column.name]}
            for some in chunked(ids, CHUNK):
                query = select(column, PAIRS.c.failures).where(*of, PAIRS.c.failing, column.in_(some))
                for identity, failures in connection.execute(query):
                    found |= {(column.name, identity, kind, direction) for direction in failures or {}}
    return {
        entry["entry"]
        for entry in failed
        for name in ("element_id", "salesforce_id")
        if (name, entry[name], entry["kind"], entry["direction"]) in found
    }


def synced(document: Document) -> ColumnElement[bool]:
    """The pairs that a configuration syncs; those of an object that it no longer names stay untouched, and
    out of every count."""
    return or_(
        *(
            and_(PAIRS.c.kind == kind.value, PAIRS.c.entity == entity_name(document, kind))
            for kind in synced_kinds(document)
        )
    )


def due(connection: Connection, document: Document, now: datetime) -> tuple[int, int]:
    """How many pairs the next run takes on, and how many failed ones wait for their time."""
    every = select(func.count()).select_from(PAIRS).where(synced(document))
    ready = connection.execute(every.where(due_now(now))).scalar_one()
    return ready, connection.execute(every.where(PAIRS.c.due)).scalar_one() - ready


def records(connection: Connection, document: Document) -> int:
    """How many records fail."""
    found: int = connection.execute(
        select(func.count()).select_from(PAIRS).where(synced(document), PAIRS.c.failing)
    ).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class InStep:
    """Of ``students`` (contacts that both systems have, and those that are about to be so), so many are ``in
    step``: nothing of them is due, and nothing fails. Not ``exact`` while very many are due: then it is fewer
    than are."""

    in_step: int = 0
    students: int = 0
    exact: bool = True


def in_step(connection: Connection, document: Document) -> InStep:
    """How many contacts are in step. Each count is that of an index: no row is read but those of the few that
    are due or fail."""
    here = PAIRS.c.kind == Kind.CONTACT.value, PAIRS.c.entity == entity_name(document, Kind.CONTACT)
    ours, theirs = PAIRS.c.element_id.is_not(None), PAIRS.c.salesforce_id.is_not(None)

    def count(*conditions: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(PAIRS).where(*here, *conditions)
        return connection.execute(statement).scalar_one()

    # Every row has an ID at least: who is counted twice is paired.
    paired = count(ours) + count(theirs) - count() - count(PAIRS.c.left_sync, ours, theirs)
    amiss = count(PAIRS.c.due) + count(PAIRS.c.failing)
    if amiss > READ_ALONE:
        return InStep(max(paired - amiss, 0), paired, exact=False)
    either, not_left = or_(PAIRS.c.due, PAIRS.c.failing), ~PAIRS.c.left_sync
    return InStep(
        paired - count(either, not_left, ours, theirs), paired + count(either, not_left, or_(~ours, ~theirs))
    )


def by_cause(connection: Connection, document: Document, until: datetime | None = None) -> list[CauseCount]:
    """The failures, most frequent first; only of records that have been failing since ``until`` or earlier,
    if it is given. A record that fails in both directions counts in both."""
    statement = select(PAIRS.c.failures).where(synced(document), PAIRS.c.failing)
    if until is not None:
        statement = statement.where(PAIRS.c.failing_since <= until)
    found: Counter[tuple[str, str]] = Counter()
    for failures in connection.execute(statement).scalars():
        found.update((str(failure["cause"]), str(failure["code"])) for failure in (failures or {}).values())
    return [CauseCount(*cause, times) for cause, times in found.most_common()]


def long_failing(connection: Connection, document: Document, until: datetime) -> tuple[int, datetime | None]:
    """How many records have been failing since ``until`` or earlier, and since when the newest of them."""
    statement = select(func.count(), func.max(PAIRS.c.failing_since)).where(
        synced(document), PAIRS.c.failing, PAIRS.c.failing_since <= until
    )
    records, newest = connection.execute(statement).one()
    return records, newest


@dataclass(frozen=True, slots=True)
class Which:
    """Some of the failures: with this ``code``, due to the ``field`` of this slug or API name, with this
    ``value`` at its source, as text; an empty text is an empty field; of this ``kind`` of record, in this
    ``direction``. None: whichever."""

    code: str | None = None
    field: str | None = None
    value: str | None = None
    kind: str | None = None
    direction: str | None = None

    @classmethod
    def remembered(cls, numbers: Mapping[str, Any]) -> "Which":
        """Those that a run keeps among its numbers (`told`)."""
        return cls(**{one.name: numbers.get(one.name) for one in fields(cls)})

    def told(self) -> dict[str, str]:
        """What they are told by, without what may be whichever."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def covers(self, kind: str, direction: str, failure: Mapping[str, Any]) -> bool:
        """Whether a failure of a record of this kind in this direction, as a pair keeps it, is one of
        them."""
        if self.kind not in (None, kind) or self.direction not in (None, direction):
            return False
        if self.code is not None and failure["code"] != self.code:
            return False
        if self.field is None and self.value is None:
            return True
        return any(
            self.field in (None, slug, name) and (self.value is None or (value or "") == self.value)
            for slug, name, value in failure.get("values", ())
        )


@dataclass
class Problem:
    """Failures of one kind of record and direction that have code, cause and field in common. ``values``: how
    many records each value concerns; None where they are too many to be told one by one. ``examples``: the
    IDs of the first records, by value. ``creations``: how many have no counterpart yet."""

    kind: str
    direction: str
    cause: str
    code: str
    element451: str
    salesforce: str
    records: int = 0
    values: Counter[str | None] | None = field(default_factory=Counter)
    examples: dict[str | None, list[RecordIds]] = field(default_factory=dict)
    creations: int = 0

    def add(self, value: str | None, record: RecordIds, *, another: bool = True) -> None:
        """Count one more record, or one more value of the same record."""
        self.records += another
        self.creations += another and None in record
        if len(self.examples) <= MOST_VALUES and len(some := self.examples.setdefault(value, [])) < EXAMPLES:
            some.append(record)
        if self.values is not None:
            self.values[value] += 1
            if len(self.values) > MOST_VALUES:
                self.values = None


def problems(connection: Connection, document: Document) -> list[Problem]:
    """What fails now, most records first. A record that fails for several fields counts for each."""
    found: dict[tuple[str, ...], Problem] = {}
    columns = PAIRS.c.kind, PAIRS.c.failures, PAIRS.c.element_id, PAIRS.c.salesforce_id
    statement = select(*columns).where(synced(document), PAIRS.c.failing)
    for kind, failures, *ids in connection.execute(statement.execution_options(yield_per=1000)):
        for direction, failure in (failures or {}).items():
            counted = set()
            for slug, name, value in failure.get("values") or [("", "", None)]:
                key = kind, direction, str(failure["cause"]), str(failure["code"]), slug, name
                found.setdefault(key, Problem(*key)).add(value, (ids[0], ids[1]), another=key not in counted)
                counted.add(key)
    return sorted(found.values(), key=lambda one: (-one.records, one.code, one.element451))
