"""What needs a person, told once and the most pressing first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.application.attention import (
    AttentionItem,
    AttentionKind,
    Current,
    Views,
    attention_items,
)
from syncer.application.overview import Overview, Schedule
from syncer.configuration.problems import Problem
from syncer.configuration.suspension import SuspendedField, Suspension
from syncer.connections.connection_state import ConnectionState
from syncer.connections.connection_store import ConnectionView
from syncer.core.records import Kind, System
from syncer.core.trust.standstill import Standstill, StandstillCause
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from tests.support.documents import document

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
SCHEDULE = Schedule(15, NOW, NOW + timedelta(minutes=15), "", False)
LAST = Run(1, Trigger.SCHEDULE, 1, NOW, RunState.DONE)
WELL = Overview(LAST, None, None, None, SCHEDULE, 0, 0, 0, [], 0, None)
MAPPED: Current = (1, document())


def views(state: str = ConnectionState.CONNECTED, paused_until: datetime | None = None) -> Views:
    return {
        system: ConnectionView(system, "https://x", state, "It ended.", {}, NOW, paused_until)
        for system in System
    }


def told(
    seen: Overview = WELL,
    current: Current = MAPPED,
    connections: Views | None = None,
    problems: list[Problem] | None = None,
) -> list[AttentionItem]:
    return attention_items(
        seen, current, views() if connections is None else connections, problems or [], NOW
    )


def what(*arguments: Any, **more: Any) -> list[AttentionKind]:
    return [item.kind for item in told(*arguments, **more)]


def test_where_all_is_well_nothing_needs_anybody() -> None:
    assert told() == []


def test_each_system_that_is_not_connected_is_told_by_its_name() -> None:
    missing: Views = dict.fromkeys(System)
    assert [(item.kind, item.system) for item in told(connections=missing)] == [
        (AttentionKind.CONNECT, system) for system in System
    ]
    again = told(connections=views(ConnectionState.RECONNECT_NEEDED))
    assert [item.kind for item in again] == [AttentionKind.RECONNECT, AttentionKind.RECONNECT]
    assert "It ended." in again[0].sentence


def test_what_is_suspended_is_told_and_does_not_press() -> None:
    field = SuspendedField(Kind.CONTACT, "user-dob", "Birthdate", "user-dob and Birthdate are suspended.")
    (item,) = told(replace(WELL, suspended=Suspension((field,))))
    assert (item.kind, item.pressing) == (AttentionKind.SUSPENDED, False)
    assert item.sentence.startswith("user-dob and Birthdate are suspended.")
    assert "comes back by itself" in item.sentence
    (item,) = told(replace(WELL, suspended=Suspension((replace(field, asked=True),))))
    assert "Resume" in item.sentence, "nobody but a person brings it back"


def test_nothing_is_mapped_where_there_are_only_the_ids() -> None:
    assert what(current=None) == [AttentionKind.MAP]
    assert what(current=(1, document(contact=[]))) == [AttentionKind.MAP]


def test_the_first_problems_of_the_settings_are_told_and_how_many_there_are() -> None:
    (item,) = told(problems=[Problem("error", "x", f"Problem {number}.") for number in range(5)])
    assert item.kind is AttentionKind.CONFIGURATION
    assert "5 problems" in item.sentence
    assert "Problem 2." in item.sentence
    assert "Problem 3." not in item.sentence


def test_a_failed_run_is_told_unless_what_made_it_fail_is_told_already() -> None:
    last = Run(7, Trigger.SCHEDULE, 1, NOW, RunState.FAILED, reason="The database failed.")
    failed = replace(WELL, last=last)
    (item,) = told(failed)
    assert (item.kind, item.run) == (AttentionKind.FAILED, 7)
    assert what(failed, connections=views(ConnectionState.RECONNECT_NEEDED)) == [AttentionKind.RECONNECT] * 2
    assert what(failed, problems=[Problem("error", "x", "y")]) == [AttentionKind.CONFIGURATION]
    paused = told(failed, connections=views(paused_until=NOW + timedelta(hours=1)))
    assert [(item.kind, item.until, item.pressing) for item in paused] == [
        (AttentionKind.LIMIT, NOW + timedelta(hours=1), False)
    ] * 2
    assert what(replace(failed, running=Run(8, Trigger.SYNC, 1, NOW))) == [], "the next one is on its way"


def test_a_waiting_run_is_not_told_while_it_is_read_anew() -> None:
    waiting = Run(3, Trigger.SCHEDULE, 1, NOW, RunState.WAITING, reason="A lot at once.")
    assert what(replace(WELL, waiting=waiting)) == [AttentionKind.WAITING]
    assert what(replace(WELL, waiting=waiting, running=waiting)) == []


def test_what_holds_up_the_sync_comes_before_what_does_not() -> None:
    seen = replace(WELL, failing=3, schedule=replace(SCHEDULE, overdue=True, rejected=9))
    found = told(seen, connections=views(paused_until=NOW + timedelta(hours=1)))
    assert [item.kind for item in found] == [
        AttentionKind.NOBODY,
        AttentionKind.REJECTED,
        AttentionKind.LIMIT,
        AttentionKind.LIMIT,
        AttentionKind.FAILING,
    ]
    assert [item.pressing for item in found] == [True, True, False, False, False]


def test_a_pause_is_told_with_its_end_and_does_not_press() -> None:
    until = NOW + timedelta(hours=6)
    paused = replace(SCHEDULE, stands=Standstill(StandstillCause.PAUSED, until, "Ann"))
    (item,) = told(replace(WELL, schedule=paused))
    assert (item.kind, item.until, item.pressing) == (AttentionKind.PAUSED, until, False)
    assert "Ann" in item.sentence
