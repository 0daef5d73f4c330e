"""Holding, releasing, and what a release would do (rule 20): for the command line and the dashboard alike.
Only the database is written; neither system is asked for more than catalogues older than a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.application.container import Application
from syncer.application.engine_factory import compiled, in_force
from syncer.journal.log import plan_json
from syncer.sync.holds import listing, people, release_preview
from syncer.sync.holds.people import CannotHold, HoldRequest

SOON = timedelta(days=7)
__all__ = ["CannotHold", "HoldRequest"]


def hold(application: Application, asked: HoldRequest) -> dict[str, Any]:
    """Hold a record or a field of it; the hold, as `holds` lists it. Raises `NotPermitted`, `NotReady` and
    `CannotHold`."""
    document = in_force(application, application.catalogues).document
    number = people.place(application.database, application.person, document, asked, datetime.now(UTC))
    return next(one for one in holds(application) if one["hold"] == number)


def holds(application: Application, *, identity: str | None = None) -> list[dict[str, Any]]:
    """The holds in force, newest first; only those of one record, if its ID is given."""
    return listing.in_force(application.database, identity=identity)


def ending_soon(application: Application, now: datetime, limit: int = 5) -> dict[str, Any]:
    """The holds that end within a week, the first one first: ``{"holds": [{"hold", "by", "until", "record",
    "field"}], "more"}``. ``record``: the IDs of the record that it holds, the first one of several."""
    found = listing.ending(application.database, now, now + SOON)
    shown = []
    for each in found[:limit]:
        first = next(iter(listing.records(application.database, each.id, limit=1)), None)
        ids = {name: first[name] for name in ("element_id", "salesforce_id")} if first else None
        told = {"hold": each.id, "by": each.placed_by, "until": each.until}
        shown.append(told | {"record": ids, "field": first["field"] if first else None})
    return {"holds": shown, "more": len(found) - len(shown)}


def release(application: Application, number: int) -> dict[str, Any]:
    """Release a hold: what it kept out is due. Returns ``{"hold", "released", "records", "plans"}``: how many
    records it held, and no plans. Raises `NotPermitted` and `CannotHold`."""
    records = people.let_go(application.database, application.person, number, datetime.now(UTC))
    return {"hold": number, "released": True, "records": records, "plans": []}


def preview_release(application: Application, number: int) -> dict[str, Any]:
    """What `release` would do, by what is known: the same, with the plans of the first records. Raises
    `NotReady`, `CannotHold`, and the `Fault`s of reading catalogues."""
    now, database = datetime.now(UTC), application.database
    records = release_preview.records(database, number)
    rules = compiled(in_force(application, application.catalogues)).rules(now.date())
    plans = [plan_json(plan) for plan in release_preview.plans(database, rules, number, now)]
    return {"hold": number, "released": False, "records": records, "plans": plans}
