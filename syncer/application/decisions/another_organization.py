"""Another Salesforce organization takes the place of the one that was connected, as a sandbox does that was
refreshed: the way on is one act, with a preview."""

from typing import Any

from syncer.application.container import Application
from syncer.application.engine_host import Busy
from syncer.connections import former_account
from syncer.core.permissions import Action
from syncer.core.records import System
from syncer.infra.database.engine import reading
from syncer.infra.database.lease import RUN, Lease
from syncer.journal import approvals, audit, runs, schedule
from syncer.journal.run_queries import RunFilter, page
from syncer.journal.run_state import RunState
from syncer.sync.match import former_organization

_WAITING_RUNS = 10
"""There is one for each trigger, at most."""


def preview(application: Application) -> dict[str, Any]:
    """What `leave` would keep aside: ``{"organization", "pairs", "waiting"}``, the pairs by kind, and the
    runs that wait and would end. Nothing changes."""
    with reading(application.database).connect() as connection:
        pairs = former_organization.known_pairs(connection)
    return {"organization": _organization(application), "pairs": pairs, "waiting": _waiting(application)}


def leave(application: Application) -> dict[str, Any]:
    """Leave the connected organization: its pairs and log entries are kept aside, waiting runs end, and the
    schedule waits for *Go live*. The next sign-in may be to another organization, with which everybody is
    matched anew. Returns what `preview` did. Raises `NotPermitted`, and `Busy` while a run goes on."""
    person, database = application.person, application.database
    found = preview(application)
    audit.authorize(database, person, Action.DISCONNECT, "another organization", **found["pairs"])
    lease = Lease(database, RUN, application.settings.lease_seconds)
    if not lease.take(0.0):
        raise Busy(f"A run is going on ({lease.holder()}). Try again when it has ended.")
    try:
        for run in found["waiting"]:
            approvals.reject(database, run)
        application.connections.disconnect(System.SALESFORCE)
        with database.begin() as connection:
            former_organization.set_aside(connection, found["organization"] or "unknown")
            former_account.forget(connection)
            schedule.wait_for_go_live(connection)
    finally:
        lease.release()
    return found


def _organization(application: Application) -> str | None:
    view = application.connections.view(System.SALESFORCE)
    return view.account.get("organization_id") if view else None


def _waiting(application: Application) -> list[int]:
    waiting: list[runs.Run] = page(
        application.database, RunFilter(state=RunState.WAITING), _WAITING_RUNS
    ).runs
    return [run.id for run in waiting]
