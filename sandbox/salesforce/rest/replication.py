"""getUpdated and getDeleted (contracts/salesforce.md A5.1)."""

from datetime import UTC, datetime, timedelta

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import SObject
from sandbox.salesforce.rest.api import Call, Reply
from sandbox.salesforce.stamps import parse_datetime, stamp
from sandbox.salesforce.visibility import server_time

UPDATED_DAYS = 30
DELETED_DAYS = 15
MOST_IDS = 600_000


def updated(call: Call) -> Reply:
    """``GET /sobjects/T/updated?start=&end=``: ids of live rows by SystemModstamp."""
    item = call.org.schema.get(call.parts[1])
    start, end = _window(call, UPDATED_DAYS, shortest=timedelta(0))
    live = " AND NOT IsDeleted" if item.soft_deletes else ""
    rows = call.org.world.db.execute(
        f"SELECT Id FROM {call.org.store.visibility.source(item)} WHERE SystemModstamp >= ? AND SystemModstamp < ?{live}"
        " ORDER BY SystemModstamp, Id",
        (stamp(start), stamp(end)),
    ).fetchall()
    _check_count(len(rows))
    return Reply(200, {"ids": [id for (id,) in rows], "latestDateCovered": _covered(call, item, end)})


def deleted(call: Call) -> Reply:
    """``GET /sobjects/T/deleted?start=&end=``: the delete log."""
    item = call.org.schema.get(call.parts[1])
    start, end = _window(call, DELETED_DAYS, shortest=timedelta(minutes=1))
    rows = call.org.world.db.execute(
        "SELECT id, date FROM sf_deleted WHERE object = ? AND date >= ? AND date < ?"
        " AND id NOT IN (SELECT id FROM sf_pending WHERE object = sf_deleted.object)"
        " AND id NOT IN (SELECT id FROM sf_hidden WHERE object = sf_deleted.object) ORDER BY date, id",
        (item.name, stamp(start), stamp(end)),
    ).fetchall()
    _check_count(len(rows))
    return Reply(
        200,
        {
            "deletedRecords": [{"id": id, "deletedDate": date} for id, date in rows],
            "earliestDateAvailable": stamp(
                _to_minute(server_time(call.org.world)) - timedelta(days=DELETED_DAYS)
            ),
            "latestDateCovered": _covered(call, item, end),
        },
    )


def _covered(call: Call, item: SObject, end: datetime) -> str:
    return min(stamp(end), call.org.latest_date_covered(item))


def _window(call: Call, days: int, shortest: timedelta) -> tuple[datetime, datetime]:
    start, end = (_bound(call, name) for name in ("start", "end"))
    if start >= end or end - start < shortest:
        raise _refuse(
            "startDate before endDate or differ by less than a minute"
            if shortest
            else "startDate must be before endDate"
        )
    now = server_time(call.org.world)
    if start < _to_minute(now) - timedelta(days=days):
        raise _refuse(f"startDate before org replication enabled date, or more than {days} days ago")
    if start > now:
        raise _refuse("startDate cannot be in the future")
    return start, end


def _bound(call: Call, name: str) -> datetime:
    text = call.params.get(name)
    if text is None:
        raise SalesforceError(400, "MISSING_ARGUMENT", f"The {name} parameter is required")
    moment = parse_datetime(text)
    if moment is None:
        raise SalesforceError(
            400, "INVALID_REPLICATION_DATE", f"{name} is not a date-time with a zone: {text}"
        )
    return _to_minute(moment)


def _to_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _refuse(message: str) -> SalesforceError:
    return SalesforceError(400, "INVALID_REPLICATION_DATE", message)


def _check_count(count: int) -> None:
    if count > MOST_IDS:
        raise SalesforceError(400, "EXCEEDED_ID_LIMIT", f"more than {MOST_IDS} ids; use a shorter window")
