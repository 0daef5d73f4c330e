"""The table of addresses, and the small resources: versions, global describe, describe, limits."""

from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime

from sandbox.salesforce.bulk import ingests, queries
from sandbox.salesforce.org import LABELS, NEWEST, OLDEST
from sandbox.salesforce.rest import collections, composite, query, replication, single
from sandbox.salesforce.rest.api import Call, Reply, Table
from sandbox.salesforce.rest.describe import describe, describe_global


def versions() -> list[dict[str, str]]:
    """The reply of ``/services/data``."""
    return [
        {"label": LABELS[number], "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(OLDEST, NEWEST + 1)
    ]


def resources(call: Call) -> Reply:
    """``GET /services/data/vXX.0``: what there is."""
    return Reply(
        200,
        {
            name: f"{call.base}/{name}"
            for name in ("composite", "jobs", "limits", "query", "queryAll", "sobjects")
        },
    )


def all_objects(call: Call) -> Reply:
    """``GET /sobjects``."""
    not_changed = _not_changed(call)
    if not_changed:
        return not_changed
    found = [
        describe_global(item, f"{call.base}/sobjects")
        for item in sorted(call.org.schema.objects.values(), key=lambda item: item.name)
    ]
    return Reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found}, _last_modified(call))


def basic(call: Call) -> Reply:
    """``GET /sobjects/T``: the object, and what was lately looked at (nothing: it is a program that
    looks)."""
    item = call.org.schema.get(call.parts[1])
    return Reply(200, {"objectDescribe": describe_global(item, f"{call.base}/sobjects"), "recentItems": []})


def one_object(call: Call) -> Reply:
    """``GET /sobjects/T/describe``."""
    item = call.org.schema.get(call.parts[1])
    not_changed = _not_changed(call)
    if not_changed:
        return not_changed
    return Reply(
        200, describe(call.org.schema, item, f"{call.base}/sobjects", call.instance_url), _last_modified(call)
    )


def limits(call: Call) -> Reply:
    """``GET /limits``."""
    org, options, now = call.org, call.org.options, call.org.world.clock.now()
    used = {
        "DailyApiRequests": (options.daily_api_limit, org.calls_used),
        "DailyBulkV2QueryJobs": (options.daily_bulk_query_jobs, len(org.jobs.today("query", now))),
        "DailyBulkApiBatches": (
            options.daily_bulk_batches,
            sum(job.batches for job in org.jobs.today("ingest", now)),
        ),
        "DataStorageMB": (1024, 0),
        "FileStorageMB": (1024, 0),
    }
    return Reply(
        200,
        {name: {"Max": most, "Remaining": max(most - taken, 0)} for name, (most, taken) in used.items()},
    )


def record_count(call: Call) -> Reply:
    """``GET /limits/recordCount?sObjects=A,B``: counted once an hour, so stale between."""
    wanted = [name.strip() for name in call.params.get("sObjects", "").split(",") if name.strip()]
    items = (
        [item for item in map(call.org.schema.find, wanted) if item]
        if wanted
        else list(call.org.schema.objects.values())
    )
    counts = call.org.stale_counts()
    return Reply(200, {"sObjects": [{"count": counts[item.name], "name": item.name} for item in items]})


def make_table() -> Table:
    """Every address below a version."""
    table = Table()
    table.add("", "resources", get=resources)
    table.add("sobjects", "describe", get=all_objects)
    table.add("sobjects/*", "row", get=basic, post=single.create)
    table.add("sobjects/*/describe", "describe", get=one_object)
    table.add("sobjects/*/updated", "updated", get=replication.updated)
    table.add("sobjects/*/deleted", "deleted", get=replication.deleted)
    table.add(
        "sobjects/*/*",
        "row",
        get=single.read,
        post=single.create_by_id,
        patch=single.update,
        delete=single.delete,
    )
    table.add(
        "sobjects/*/*/*", "row", get=single.read_by_key, patch=single.upsert, delete=single.delete_by_key
    )
    table.add("query", "query", get=query.query)
    table.add("queryAll", "query", get=query.query_all)
    table.add("query/*", "query", get=query.more)
    table.add("queryAll/*", "query", get=query.more)
    table.add("composite", "composite", post=composite.composite(table))
    table.add("composite/batch", "batch", post=composite.batch(table))
    table.add(
        "composite/sobjects",
        "collections",
        post=collections.create,
        patch=collections.update,
        delete=collections.delete,
    )
    table.add(
        "composite/sobjects/*", "collections", post=collections.retrieve, get=collections.retrieve_by_address
    )
    table.add("composite/sobjects/*/*", "collections", patch=collections.upsert)
    table.add("jobs/query", "bulk", get=queries.jobs("query"), post=queries.create)
    table.add("jobs/query/*", "bulk", get=queries.look, patch=queries.change, delete=queries.delete)
    table.add("jobs/query/*/results", "bulk", get=queries.results)
    table.add("jobs/ingest", "bulk", get=queries.jobs("ingest"), post=ingests.create)
    table.add("jobs/ingest/*", "bulk", get=ingests.look, patch=ingests.change, delete=ingests.delete)
    table.add("jobs/ingest/*/batches", "bulk", put=ingests.upload)
    for name in (ingests.SUCCESSFUL, ingests.FAILED_ROWS, ingests.UNPROCESSED):
        for spelled in {name, name.lower(), name.replace("records", "Records")}:
            table.add(f"jobs/ingest/*/{spelled}", "bulk", get=ingests.results(name))
    table.add("limits", "limits", get=limits)
    table.add("limits/recordCount", "limits", get=record_count)
    return table


def _last_modified(call: Call) -> dict[str, str]:
    return {"Last-Modified": format_datetime(call.org.schema.changed.astimezone(UTC), usegmt=True)}


def _not_changed(call: Call) -> Reply | None:
    text = call.headers.get("if-modified-since")
    if text is None:
        return None
    try:
        since = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (
        Reply(304, None, _last_modified(call))
        if call.org.schema.changed.replace(microsecond=0) <= since.astimezone(UTC)
        else None
    )
