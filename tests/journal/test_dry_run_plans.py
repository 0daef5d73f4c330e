"""The plans of the newest dry run, kept to be looked through."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from syncer.core.pair import NEW
from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.records import Kind, System
from syncer.journal import dry_run_plans
from syncer.journal.dry_run_plans import (
    PLANNED,
    PlanFilter,
    PlanRecorder,
    counts_by_flow,
    iterate,
    newest,
    page,
)
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run, begin, save

NAME = Change("user-first-name", "FirstName", System.ELEMENT451, "Ann", "Anna")


def plan(
    number: int,
    status: Status = Status.UPDATED,
    direction: Direction = Direction.EXPORT,
    kind: Kind = Kind.CONTACT,
) -> Plan:
    changes = (NAME,) if status.writes else ()
    return Plan(
        kind,
        direction,
        f"{number:024x}",
        f"003{number:015d}",
        status,
        "Because.",
        changes,
        {"user-first-name": "Anna"},
        {"FirstName": "Anna"},
    )


def dry_run(engine: Engine, plans: list[Plan], state: RunState = RunState.DONE) -> Run:
    run, recorder = begin(engine, Trigger.DRY_RUN, 3), PlanRecorder(engine)
    for made in plans:
        run.counts[f"{made.direction}_{made.kind}"][made.status] += 1
        recorder.add(run, made)
    run.state = state
    save(engine, run)
    recorder.finish(run)
    return run


def kept(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(PLANNED)).scalar_one()


def test_plans_are_kept_in_their_order_with_what_would_change(engine: Engine) -> None:
    run = dry_run(engine, [plan(1), plan(2, Status.FAILED)])
    first, second = page(engine, run.id, PlanFilter()).plans
    assert (first["element_id"], first["status"], first["reason"]) == (f"{1:024x}", "updated", "Because.")
    assert first["changes"] == [
        {
            "element451": "user-first-name",
            "salesforce": "FirstName",
            "owner": "element451",
            "before": "Ann",
            "after": "Anna",
        }
    ]
    assert (second["element_id"], second["changes"]) == (f"{2:024x}", [])


def test_plans_are_leafed_through_a_page_at_a_time(engine: Engine) -> None:
    run = dry_run(engine, [plan(number) for number in range(1, 6)])
    seen, after = [], 0
    while True:
        found = page(engine, run.id, PlanFilter(), after, limit=2)
        seen.append([int(made["element_id"], 16) for made in found.plans])
        if found.next is None:
            break
        after = found.next
    assert seen == [[1, 2], [3, 4], [5]]


def test_plans_are_filtered_by_direction_kind_status_and_record(engine: Engine) -> None:
    plans = [
        plan(1, direction=Direction.IMPORT),
        plan(2),
        plan(3, Status.UPSERTED, kind=Kind.CONVERSATION),
        plan(4, Status.FAILED),
    ]
    run = dry_run(engine, plans)

    def found(**wanted: Any) -> list[int]:
        return [
            int(made["element_id"], 16) for made in iterate(engine, run.id, PlanFilter(**wanted), limit=100)
        ]

    assert found(direction="import") == [1]
    assert found(direction="export", kind="conversation") == [3]
    assert found(status="failed") == [4]
    assert found(records=(f"{2:024x}", f"003{3:015d}", "nobody")) == [2, 3]
    assert found(records=()) == []
    assert found(direction="export") == [2, 3, 4]


def test_people_come_with_both_directions_what_fails_and_what_empties_first(engine: Engine) -> None:
    emptied = replace(NAME, after=None)
    run = dry_run(
        engine,
        [
            plan(1, Status.UNCHANGED),
            plan(2),
            replace(plan(3), changes=(emptied,)),
            plan(3, Status.UNCHANGED, Direction.IMPORT),
            plan(4, Status.FAILED),
            replace(plan(5), changes=(replace(emptied, before=None),)),
            replace(plan(6), element_id=NEW),
            replace(plan(7), element_id=NEW),
        ],
    )

    def found(skip: int = 0, limit: int = 20, **wanted: Any) -> list[list[int]]:
        people, _ = dry_run_plans.people(engine, run.id, PlanFilter(**wanted), skip, limit)
        return [[int(made["salesforce_id"][3:]) for made in person] for person in people]

    assert found() == [[4], [3, 3], [2], [5], [6], [7], [1]]
    assert found(skip=1, limit=2) == [[3, 3], [2]]
    assert [dry_run_plans.people(engine, run.id, PlanFilter(), 0, at)[1] for at in (6, 7)] == [True, False]
    assert found(status=dry_run_plans.EMPTIES) == [[3, 3]], "all that happens to whoever is found"
    assert found(direction="import") == [[3, 3]]
    assert found(status="inserted") == []


def test_a_page_of_people_reads_no_more_than_the_page(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL decides by how many rows there are")
    run, asked = dry_run(engine, [plan(1), plan(2)]), list[str]()

    def ask(*given: Any) -> None:
        asked.append(given[2])

    event.listen(engine, "before_cursor_execute", ask)
    dry_run_plans.people(engine, run.id, PlanFilter(), 0, 20)
    event.remove(engine, "before_cursor_execute", ask)
    asked = [query for query in asked if query.startswith("SELECT")]
    with engine.connect() as connection:
        told = [
            row[-1]
            for query in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1,) * query.count("?"))
        ]
    assert any("planned_by_urgency" in step for step in told)
    assert not [step for step in told if "TEMP B-TREE" in step or "SCAN" in step]


def test_plans_are_filtered_by_the_field_that_they_change(engine: Engine) -> None:
    tricky = Change('user-"a"', "A_b", System.ELEMENT451, None, '{"element451":"user-b","salesforce":"AxB",')
    run = dry_run(engine, [plan(1), replace(plan(2), changes=(tricky,))])

    def found(*field: str) -> list[int]:
        people, _ = dry_run_plans.people(engine, run.id, PlanFilter(field=(field[0], field[1])))
        return [int(made["element_id"], 16) for person in people for made in person]

    assert found("user-first-name", "FirstName") == [1]
    assert found('user-"a"', "A_b") == [2]
    assert found('user-"a"', "A_B_") == found("user-b", "AxB") == []


def test_only_the_newest_dry_run_that_went_through_is_kept(engine: Engine) -> None:
    first = dry_run(engine, [plan(1)])
    second = dry_run(engine, [plan(2)])
    assert kept(engine) == 1
    stopped = dry_run(engine, [plan(3)], state=RunState.CANCELLED)
    assert (newest(engine), newest(engine, done=False)) != (None, None)
    assert [run.id for run in (newest(engine), newest(engine, done=False)) if run] == [second.id, stopped.id]
    assert kept(engine) == 1
    assert page(engine, first.id, PlanFilter()).plans == []


def test_records_that_are_left_as_they_are_are_kept_while_they_are_few(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run_plans, "MAX_QUIET_KEPT", 2)
    plans = [plan(number, Status.UNCHANGED) for number in range(1, 9)] + [plan(9, Status.IGNORED), plan(10)]
    run = dry_run(engine, plans)
    assert [int(made["element_id"], 16) for made in page(engine, run.id, PlanFilter()).plans] == [1, 2, 9, 10]
    assert [(direction, kind, numbers) for direction, kind, numbers in counts_by_flow(run) if numbers] == [
        (Direction.EXPORT, Kind.CONTACT, {"updated": 1, "unchanged": 8, "ignored": 1})
    ]


def test_a_large_dry_run_is_kept_and_forgotten_batch_by_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run_plans, "BATCH", 7)
    monkeypatch.setattr(dry_run_plans, "DELETE_BATCH", 10)
    run = dry_run(engine, [plan(number) for number in range(1, 31)])
    assert len(list(iterate(engine, run.id, PlanFilter(), limit=25))) == 25
    assert kept(engine) == 30
    dry_run(engine, [])
    assert kept(engine) == 0


def test_a_record_that_is_still_to_be_created_has_no_id_there(engine: Engine) -> None:
    made = Plan(
        Kind.CONTACT,
        Direction.EXPORT,
        f"{1:024x}",
        None,
        Status.INSERTED,
        "New.",
        (),
        {},
        {"Element451_ID__c": NEW},
    )
    run = dry_run(engine, [made])
    assert page(engine, run.id, PlanFilter()).plans[0]["salesforce_id"] is None


def test_where_no_dry_run_was_made_there_is_none(engine: Engine) -> None:
    assert newest(engine) is None
