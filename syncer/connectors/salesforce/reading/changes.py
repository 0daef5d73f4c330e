"""What changed: pages in the order of (SystemModstamp, Id), and up to when that is complete
(contracts/salesforce.md A5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syncer.connectors.errors import Fault, LimitReached, ReconnectNeeded
from syncer.connectors.protocol import Page
from syncer.connectors.salesforce.reading import keyset, soql
from syncer.connectors.salesforce.reading.describe import checked_name
from syncer.connectors.salesforce.reading.queries import Queries
from syncer.connectors.salesforce.reading.soql import Position
from syncer.connectors.salesforce.record_mapper import RecordMapper, Row
from syncer.connectors.salesforce.session import DATA_PATH, OrgSession
from syncer.core.fields import Entity

UNKNOWN = timedelta(hours=1)
"""So long before its end a reading counts as complete where Salesforce does not say: longer than transactions
last."""
LONGEST = timedelta(days=1)
"""A time further back than this is a mistake, as good as none given."""


def pages(
    queries: Queries, mapper: RecordMapper, since: datetime | None, cursor: str | None, only: str = ""
) -> Iterator[Page]:
    """See `syncer.connectors.protocol.Salesforce.changed`; ``only`` is a condition of SOQL. Raises
    `Fault`s (`keyset.pages`). The next page is fetched while the caller handles the current one."""
    order = _ByChange(mapper, since, Position.parse(cursor) if cursor else None, only)
    started: datetime | None = None
    for page in keyset.pages(queries, order):
        if page.rows or started is None:
            started = started or page.asked_at
            yield Page(mapper.records(page.rows, queries.retrieve), str(order.position or ""), started)


@dataclass(slots=True)
class _ByChange:
    """The order of (SystemModstamp, Id), which is fixed when the query starts. Later pages are read later: a
    record that changed meanwhile shows a newer stamp than the one it is ordered by, which would lead the
    position past records that were not read yet."""

    mapper: RecordMapper
    since: datetime | None
    position: Position | None
    only: str

    def statement(self, limit: int | None) -> str:
        since = f"SystemModstamp >= {soql.moment(self.since)}" if self.since else ""
        place = self.position.after() if self.position else since
        return self.mapper.changed(" AND ".join(filter(None, (place, self.only))), limit)

    def advance(self, rows: Sequence[Row], reliable_until: datetime | None) -> bool:
        before = self.position
        for row in reversed(rows):
            found = Position.of_row(row.get("SystemModstamp"), row["Id"])
            if found and (reliable_until is None or found.stamp < reliable_until):
                self.position = found
                break
        return self.position != before


def complete_until(session: OrgSession, entity: Entity, until: datetime) -> datetime:
    """See `syncer.connectors.protocol.Salesforce.complete_until`. Seconds are ignored by Salesforce, and
    ``start`` must lie before ``end`` (A5.1). It only bounds what was read: whatever it answers, a longer
    overlap bounds it too. Raises `LimitReached` and `ReconnectNeeded`, which concern every call."""
    if not entity.replicateable:
        return until
    until = until.astimezone(UTC)
    for minutes in (10, 2):
        try:
            answer = session.fetch(_updated(entity, until - timedelta(minutes=minutes), until)).body
        except (LimitReached, ReconnectNeeded):
            raise
        except Fault as fault:
            if fault.code in ("INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"):
                continue
            break
        covered = moment_of(answer.get("latestDateCovered")) if isinstance(answer, dict) else None
        return min(covered, until) if covered and covered > until - LONGEST else until - UNKNOWN
    return until - UNKNOWN


def _updated(entity: Entity, start: datetime, end: datetime) -> str:
    """The address of getUpdated (A5.1). By hand: simple-salesforce would be imported by each run for this."""
    start_at, end_at = (soql.encoded(each.isoformat(timespec="seconds")) for each in (start, end))
    return f"{DATA_PATH}sobjects/{checked_name(entity.name)}/updated/?start={start_at}&end={end_at}"


def moment_of(raw: object) -> datetime | None:
    """A moment as Salesforce writes it, in UTC; None where it is none."""
    try:
        when = datetime.fromisoformat(str(raw))
        return when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError):
        return None
