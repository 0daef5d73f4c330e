"""Who may do what, held by calling the functions themselves: what is refused is not done, what is done is in
the audit trail."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from syncer.application.commands import Commands
from syncer.configuration.versions import ConfigStore
from syncer.connections.connections import Connections
from syncer.core.permissions import MACHINE, OPERATOR, REQUIRED_ROLE, Action, Actor, NotPermitted, Role
from syncer.journal import audit
from tests.journal.doings import CONTINUES, DOINGS, EXPECTED, OF_THE_OPERATOR, ONLY_READ, Doing, changed
from tests.support.dashboard import Installed
from tests.support.sandbox import CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN
from worker.client import WorkerClient


@pytest.fixture(scope="module")
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.reset(contacts=8, conversations=2)
    return running


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sandbox: RunningSandbox, redis_url: str) -> Installed:
    installed = Installed(tmp_path_factory.mktemp("made") / "data", sandbox, REDIS_URL=redis_url)
    installed.connect()
    installed.configure()
    installed.application.close()
    return installed


@pytest.fixture
def installed(made: Installed, tmp_path: Path) -> Iterator[Installed]:
    copy = made.copy_to(tmp_path / "data")
    yield copy
    copy.application.close()


def state(installed: Installed) -> dict[str, Any]:
    """Everything that somebody could have changed: the database, the queue, both systems."""
    tables = (
        "connections",
        "sign_ins",
        "versions",
        "facts",
        "leases",
        "runs",
        "requests",
        "entries",
        "pairs",
        "audit",
        "planned",
    )
    with installed.application.database.connect() as connection:
        rows = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables}  # noqa: S608 - tables of ours
    return {**rows, "queue": installed.queue().job_ids, "written": len(installed.sandbox.journal())}


def noted(engine: Engine) -> list[audit.AuditEntry]:
    return audit.entries(engine, OPERATOR, limit=None)


@pytest.mark.parametrize(("act", "name", "do"), DOINGS, ids=[f"{act}: {name}" for act, name, _ in DOINGS])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_what_a_role_may_not_do_is_not_done_even_by_calling_the_function(
    installed: Installed, role: Role, act: Action, name: str, do: Doing
) -> None:
    person = Actor(f"{role}@school.edu", role)
    if person.may(act):
        pytest.skip("they may")  # the next test does it
    before = state(installed)
    with pytest.raises(NotPermitted):
        do(installed.application.acting_as(person))
    assert state(installed) == before


@pytest.mark.parametrize(("act", "name", "do"), DOINGS, ids=[f"{act}: {name}" for act, name, _ in DOINGS])
def test_what_is_done_is_in_the_audit_trail(installed: Installed, act: Action, name: str, do: Doing) -> None:
    person = Actor("somebody@school.edu", REQUIRED_ROLE[act])
    with suppress(*EXPECTED):  # it is the asking that is looked at
        do(installed.application.acting_as(person))
    theirs = [one for one in noted(installed.application.database) if one.person == person.name]
    assert theirs
    assert {(one.act, one.role) for one in theirs} == {(act.value, person.role.value)}


def test_there_is_no_other_way_to_do_anything() -> None:
    named = {name.split(" of ")[0] for _, name, _ in DOINGS} | set(OF_THE_OPERATOR)
    for kind in (ConfigStore, Connections, Commands, WorkerClient):
        ways = {name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))}
        known = ONLY_READ[kind] | CONTINUES.get(kind, set())
        assert {f"{kind.__name__}.{way}" for way in ways - known} <= named
    assert {act for act, _, _ in DOINGS} == set(Action) - {Action.AUDIT}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", OF_THE_OPERATOR)
def test_whoever_signs_in_cannot_do_what_the_product_does_by_itself_nor_have_a_secret(
    installed: Installed, role: Role, name: str
) -> None:
    before = state(installed)
    with pytest.raises(NotPermitted):
        OF_THE_OPERATOR[name](installed.application.acting_as(Actor(f"{role}@school.edu", role)))
    assert state(installed) == before


def test_a_viewer_cannot_write_to_a_system_by_its_own_client(installed: Installed) -> None:
    installed.connect()  # a test before may have given back the grant that all copies share
    viewer = installed.application.acting_as(Actor("viewer@school.edu", Role.VIEWER))
    somebody = str(installed.sandbox.records("contact", "element451")[0]["user-elementid"])
    with viewer.element451() as element451, pytest.raises(NotPermitted):
        element451.update([(somebody, {"user-first-name": "Ann"})])
    assert ("Contact", "Contact") in viewer.salesforce().entities()


def test_a_change_of_the_settings_that_leaves_the_guard_is_an_analysts_and_one_of_the_guard_is_not(
    installed: Installed,
) -> None:
    analyst = installed.application.acting_as(Actor("analyst@school.edu", Role.ANALYST))
    changed(analyst, interval_minutes=60)
    with pytest.raises(NotPermitted, match="Ask an administrator"):
        changed(analyst, guard={"records": 10**7, "percent": 100, "at_least": 10**7})


def test_what_the_product_does_by_itself_is_not_an_act(installed: Installed) -> None:
    before = noted(installed.application.database)
    Commands(installed.application.acting_as(MACHINE)).tick(1)
    assert noted(installed.application.database) == before


def test_the_trail_is_read_by_administrators_only(installed: Installed) -> None:
    for role in (Role.VIEWER, Role.ANALYST):
        for read in (audit.entries, audit.people):
            with pytest.raises(NotPermitted):
                read(installed.application.database, Actor("somebody@school.edu", role))


def test_the_trail_is_read_newest_first_a_page_at_a_time_and_by_person_and_act(installed: Installed) -> None:
    engine = installed.application.database
    people = [Actor(f"{name}@school.edu", Role.ADMIN) for name in ("ann", "bob")]
    for number in range(6):
        audit.authorize(
            engine, people[number % 2], Action.RETRY if number < 3 else Action.CANCEL, f"number {number}"
        )
    first = audit.entries(engine, OPERATOR, limit=4)
    assert [one.about for one in first] == ["number 5", "number 4", "number 3", "number 2"]
    assert [one.about for one in audit.entries(engine, OPERATOR, first[-1].id, 2)] == ["number 1", "number 0"]
    assert [one.about for one in audit.entries(engine, OPERATOR, by="ann@school.edu")] == [
        "number 4",
        "number 2",
        "number 0",
    ]
    assert [one.about for one in audit.entries(engine, OPERATOR, by="bob@school.edu", act=Action.RETRY)] == [
        "number 1"
    ]
    assert {"ann@school.edu", "bob@school.edu"} <= set(audit.people(engine, OPERATOR))


def test_no_secret_is_in_the_trail(installed: Installed) -> None:
    said = repr(noted(installed.application.database))
    assert "connect" in said
    assert FEATURE_TOKEN not in said
    assert CLIENT_SECRET not in said
