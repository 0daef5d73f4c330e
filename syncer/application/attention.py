"""What needs a person, the most pressing first: read from the database alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncer.application.overview import Overview
from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.problems import Problem, errors_in
from syncer.configuration.required_mappings import has_optional_mappings
from syncer.configuration.suspension import Suspension, suspend
from syncer.configuration.validation.check import check
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run

Views = dict[System, ConnectionView | None]
Current = tuple[int, Document] | None
_SHOWN = 3
"""Problems of a configuration that are told at once; the page that lists all of them is a click away."""


class AttentionKind(StrEnum):
    """The sort of an item, by which a screen finds what solves it."""

    CONNECT = "connect"
    RECONNECT = "reconnect"
    MAP = "map"
    CONFIGURATION = "configuration"
    WAITING = "waiting"
    NOBODY = "nobody at work"
    FAILED = "failed run"
    REJECTED = "rejected"
    PAUSED = "paused"
    LIMIT = "limit"
    FAILING = "failing records"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something that a person should do or know. ``pressing``: the sync stands still for it. ``system``,
    ``run``: what it is about; ``until``: it passes then by itself."""

    kind: AttentionKind
    sentence: str
    pressing: bool = True
    system: System | None = None
    run: int | None = None
    until: datetime | None = None


def attention_items(
    seen: Overview, current: Current, views: Views, problems: list[Problem], now: datetime
) -> list[AttentionItem]:
    """What needs a person. ``problems``: the errors of the configuration in force for which nothing runs."""
    last, schedule = seen.last, seen.schedule
    found = [item for system in System if (item := _connection(system, views.get(system)))]
    if not _mapped(current):
        found.append(
            AttentionItem(AttentionKind.MAP, "Nothing is mapped yet, so that nothing can be synced.")
        )
    elif problems:
        found.append(AttentionItem(AttentionKind.CONFIGURATION, _problems(problems)))
    found += [
        AttentionItem(AttentionKind.SUSPENDED, _suspended(sentence, seen.suspended), False)
        for sentence in seen.suspended.sentences
    ]
    found += [
        AttentionItem(AttentionKind.WAITING, _waits(run), run=run.id)
        for run in seen.all_waiting
        if not (seen.running and seen.running.id == run.id)
    ]
    if schedule.overdue:
        found.append(AttentionItem(AttentionKind.NOBODY, _overdue(schedule.last_tick)))
    limits = [
        AttentionItem(AttentionKind.LIMIT, _limit(system), False, system, until=view.paused_until)
        for system, view in views.items()
        if view and view.pauses(now)
    ]
    # What made it fail is told by itself where it is one of these.
    known = limits or any(
        item.kind
        in (AttentionKind.CONNECT, AttentionKind.RECONNECT, AttentionKind.MAP, AttentionKind.CONFIGURATION)
        for item in found
    )
    if last and last.state == RunState.FAILED and not known and not seen.running:
        found.append(AttentionItem(AttentionKind.FAILED, f"The last run failed. {last.reason}", run=last.id))
    if schedule.rejected:
        found.append(AttentionItem(AttentionKind.REJECTED, schedule.standstill, run=schedule.rejected))
    if stands := schedule.paused:
        found.append(
            AttentionItem(AttentionKind.PAUSED, f"Paused by {stands.by}.", pressing=False, until=stands.until)
        )
    found += limits
    if seen.failing:
        records = counted(seen.failing, "record is", "records are", one="One record is")
        found.append(AttentionItem(AttentionKind.FAILING, f"{records} failing.", pressing=False))
    return found


def problems_of(catalogues: Catalogues, current: Current) -> list[Problem]:
    """The errors of the configuration in force for which nothing runs, by the fields of both systems as last
    read; none are told where those are not known. Asks no system."""
    if current is None:
        return []
    ours, objects = catalogues.last_element_fields(), catalogues.last_objects()
    names = {entity_name(current[1], kind) for kind in synced_kinds(current[1])}
    entities = catalogues.last_entities(current[1])
    unread = any(name not in entities for name in names if name in dict(objects))
    if not ours or not objects or unread:
        return []
    errors = errors_in(check(current[1], ours, entities, objects))
    return [] if suspend(current[1], errors, entities)[1].syncs(Kind.CONTACT) else errors


def _suspended(sentence: str, suspension: Suspension) -> str:
    asked = any(field.asked for field in suspension.fields if field.sentence == sentence)
    back = "press Resume beside it in the mappings to have it back" if asked else "it comes back by itself"
    return f"{sentence} This alone stands still; everything else goes on, and {back}."


def _waits(run: Run) -> str:
    by = {Trigger.RETRY: f"Run {run.id}, a Retry of what fails,", Trigger.UNDO: f"Run {run.id}, an undo,"}
    what = by.get(run.trigger, f"Run {run.id}")
    so_far = "; everything else is written" if run.wrote else ", and wrote nothing"
    return f"{what} waits for approval{so_far}. {run.reason}"


def _mapped(current: Current) -> bool:
    return current is not None and has_optional_mappings(current[1])


def _connection(system: System, view: ConnectionView | None) -> AttentionItem | None:
    if view is None:
        return AttentionItem(
            AttentionKind.CONNECT,
            f"{system.label} is not connected, so that nothing is synced.",
            system=system,
        )
    if view.usable:
        return None
    what = "cannot be used" if view.state == ConnectionState.KEY_MISSING else "must be connected again"
    return AttentionItem(
        AttentionKind.RECONNECT,
        f"{system.label} {what}. {view.message} Nothing is synced until then, and nothing is lost.",
        system=system,
    )


def _limit(system: System) -> str:
    return f"{system.label} allows no more calls for now. The sync pauses and then goes on by itself."


def _overdue(last_tick: datetime | None) -> str:
    since = "No scheduled run came for a while" if last_tick else "No scheduled run ever came"
    return (
        f"{since}: nobody seems to be at work. Whoever runs this installation has to start the worker: python"
        " -m worker all"
    )


def _problems(problems: list[Problem]) -> str:
    many = counted(len(problems), "problem", one="a problem")
    told = " ".join(problem.message for problem in problems[:_SHOWN])
    return f"The mappings and preferences have {many}, so that nothing runs. {told}"
