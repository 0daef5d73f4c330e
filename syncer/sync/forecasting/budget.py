"""The school's share of Salesforce's calls (contracts/salesforce.md A2), and reading everything within it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from syncer.connectors.salesforce.api_budget import reserved
from syncer.core.guard import ChangeCounts
from syncer.core.preferences import Preferences
from syncer.core.records import System
from syncer.infra.database import key_value
from syncer.infra.database.engine import reading
from syncer.journal import api_usage, approvals, run_queries, runs
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run
from syncer.sync.context import SyncContext
from syncer.sync.forecasting import calls
from syncer.sync.pair_store import PAIRS, SIDES
from syncer.sync.planning.guard_examples import ExampleCollector
from syncer.sync.pull.watermarks import Watermark

SPENT = timedelta(days=1)
"""Salesforce counts the calls of so long."""


def budget(database: Engine, preferences: Preferences, now: datetime, wanted: int) -> dict[str, Any]:
    """The limit of a day, our ``share`` of it, what is kept of that in ``reserve`` for Test and Retry, what
    was ``spent`` within a day, and whether ``wanted`` calls fit into the rest. None where Salesforce never
    said its limit."""
    usage = api_usage.load(database)
    if usage is None:
        return dict.fromkeys(("limit", "share", "reserve", "spent", "fits"))
    share = usage.limit * preferences.api_share_percent // 100
    spent = run_queries.salesforce_calls_within(database, now, SPENT)
    fits = wanted <= share - reserved(share) - spent
    return {"limit": usage.limit, "share": share, "reserve": reserved(share), "spent": spent, "fits": fits}


def asks_first(context: SyncContext, run: Run) -> bool:
    """Whether ``run`` waits for somebody, since it would read all of Salesforce again and that does not fit
    into what is left of the share today. Once approved, it is read within the share, over several days."""
    unread = _to_be_read(context)
    with context.database.begin() as connection:
        approved = key_value.read(connection, approvals.BACKFILL)
        if approved and not unread:  # it is through
            key_value.write(connection, approvals.BACKFILL, {})
    if not unread or approved == unread["of"]:
        return False
    found = budget(context.database, context.config.preferences, context.clock(), unread["calls"])
    if found["fits"] is not False:
        return False
    left = max(0, found["share"] - found["reserve"] - found["spent"])
    numbers = ChangeCounts().to_json() | {"examples": ExampleCollector().to_json()}
    run.numbers = numbers | {approvals.BACKFILL: {**unread, "left": left}}
    run.state, run.code, run.version = RunState.WAITING, "GUARD", context.config.version
    run.reason = (
        f"All records have to be read from Salesforce again, which takes about {unread['calls']:,} calls;"
        f" {left:,} are left of the share today. Approved, it is read within the share, over several days."
    )
    runs.save(context.database, run)
    return True


def _to_be_read(context: SyncContext) -> dict[str, Any]:
    """Which records of Salesforce are read whole by the next run (``of``: for each kind, why), and the
    ``calls`` of that; empty where none are, or none are known yet."""
    system, found = System.SALESFORCE, dict[str, Any]()
    wanted = 0
    with reading(context.database).connect() as connection:
        for kind in context.kinds:
            pairs = context.pairs(kind)
            if why := Watermark(pairs.mapping, system).backfills(connection):
                known = (PAIRS.c[SIDES[system].id].is_not(None), PAIRS.c.left_sync.is_(False))
                wanted += calls.reading(calls.Sizes(), kind, system, pairs.count(connection, *known))
                found[kind.value] = why
    return {"of": found, "calls": wanted} if found else {}
