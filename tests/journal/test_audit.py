"""Who may do what, held by calling the functions themselves: what is refused is not done, what is done is in
the audit trail."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from syncer.application import holds
from syncer.application.commands import Busy, Commands, NotReady
from syncer.application.container import Application
from syncer.application.holds import CannotHold, HoldRequest
from syncer.configuration.config_file import default_document
from syncer.configuration.editor import dismissed_suggestions
from syncer.configuration.versions import ConfigStore
from syncer.connections.connections import Connections
from syncer.connectors.errors import Fault
from syncer.core.permissions import MACHINE, OPERATOR, REQUIRED_ROLE, Action, Actor, NotPermitted, Role
from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.journal import audit
from syncer.journal.approvals import NotWaiting
from syncer.sync.on_demand import NoSuchRecord, RecordRequest
from tests.support.dashboard import Installed
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of
from worker.client import WorkerClient

EXPECTED = (Fault, NotReady, NotWaiting, Busy, NoSuchRecord, CannotHold)
"""Why an act that somebody may do may come to nothing here."""
NO_RUN = 999
Doing = Callable[[Application], object]


def _asked() -> RecordRequest:
    return RecordRequest(Direction.IMPORT, salesforce_id="003000000000001AAA")


def _changed(application: Application, **preferences: object) -> object:
    current = application.configuration.current()
    document = dict(current[1]) if current else default_document()
    return application.configuration.store({**document, "preferences": document["preferences"] | preferences})


def _connect_salesforce(application: Application, begin: Callable[[Connections], Any]) -> None:
    connections = application.connections
    connections.finish_salesforce(answer_of(begin(connections).authorize_url))


def _address(application: Application) -> str:
    (host,) = application.settings.allowed_salesforce_hosts
    return f"http://{host}"


DOINGS: list[tuple[Action, str, Doing]] = [
    (Action.SYNC, "Commands.sync", lambda on: Commands(on).sync()),
    (Action.SYNC, "Commands.audit", lambda on: Commands(on).audit()),
    (Action.SYNC, "WorkerClient.sync_now", lambda on: WorkerClient(on).sync_now()),
    (Action.DRY_RUN, "Commands.dry_run", lambda on: Commands(on).dry_run(lambda plan: None)),
    (Action.DRY_RUN, "WorkerClient.dry_run", lambda on: WorkerClient(on).dry_run()),
    (Action.CANCEL, "Commands.cancel", lambda on: Commands(on).cancel(NO_RUN)),
    (Action.CANCEL, "WorkerClient.cancel", lambda on: WorkerClient(on).cancel(NO_RUN)),
    (Action.TEST, "Commands.test", lambda on: Commands(on).test(_asked())),
    (Action.TEST, "WorkerClient.import_one", lambda on: WorkerClient(on).import_one(element_id="1")),
    (Action.TEST, "WorkerClient.export_one", lambda on: WorkerClient(on).export_one(element_id="1")),
    (Action.RETRY, "Commands.retry", lambda on: Commands(on).retry(NO_RUN)),
    (Action.RETRY, "Commands.retry_failed", lambda on: Commands(on).retry_failed()),
    (Action.RETRY, "WorkerClient.retry", lambda on: WorkerClient(on).retry(NO_RUN)),
    (Action.RETRY, "WorkerClient.retry_several", lambda on: WorkerClient(on).retry_several([1, 2])),
    (Action.RETRY, "WorkerClient.retry_cause", lambda on: WorkerClient(on).retry_cause("DUPLICATE_VALUE")),
    (Action.HOLD, "holds.hold", lambda on: holds.hold(on, HoldRequest("f" * 24, "asked for it"))),
    (Action.RELEASE, "holds.release", lambda on: holds.release(on, NO_RUN)),
    (Action.CONFIGURE, "ConfigStore.store", lambda on: _changed(on, interval_minutes=30)),
    (
        Action.CONFIGURE,
        "dismissed",
        lambda on: dismissed_suggestions.dismiss(on.database, on.person, Kind.CONTACT, ("user-a", "A")),
    ),
    (
        Action.GUARD,
        "ConfigStore.store",
        lambda on: _changed(on, guard={"records": 1, "percent": 2, "at_least": 3}),
    ),
    (Action.GUARD, "ConfigStore.store of a share", lambda on: _changed(on, api_share_percent=90)),
    (Action.APPROVE, "Commands.approve", lambda on: Commands(on).approve(NO_RUN)),
    (Action.APPROVE, "WorkerClient.approve", lambda on: WorkerClient(on).approve(NO_RUN)),
    (Action.REJECT, "Commands.reject", lambda on: Commands(on).reject(NO_RUN)),
    (Action.REJECT, "WorkerClient.reject", lambda on: WorkerClient(on).reject(NO_RUN)),
    (Action.BACKFILL, "Commands.backfill", lambda on: Commands(on).backfill()),
    (Action.BACKFILL, "Commands.sync", lambda on: Commands(on).sync(full=True)),
    (Action.BACKFILL, "WorkerClient.backfill", lambda on: WorkerClient(on).backfill()),
    (Action.CHECK, "Connections.check of Element451", lambda on: on.connections.check(System.ELEMENT451)),
    (Action.CHECK, "Connections.check of Salesforce", lambda on: on.connections.check(System.SALESFORCE)),
    (
        Action.CONNECT,
        "Connections.connect_element451",
        lambda on: on.connections.connect_element451(f"{_address(on)}/v2", FEATURE_TOKEN),
    ),
    (
        Action.CONNECT,
        "Connections.begin_salesforce",
        lambda on: _connect_salesforce(
            on, lambda begin: begin.begin_salesforce(_address(on), CLIENT_ID, CLIENT_SECRET)
        ),
    ),
    (
        Action.CONNECT,
        "Connections.begin_salesforce_again",
        lambda on: _connect_salesforce(on, Connections.begin_salesforce_again),
    ),
    (
        Action.DISCONNECT,
        "Connections.disconnect of Element451",
        lambda on: on.connections.disconnect(System.ELEMENT451),
    ),
    (
        Action.DISCONNECT,
        "Connections.disconnect of Salesforce",
        lambda on: on.connections.disconnect(System.SALESFORCE),
    ),
]
"""Every way there is to do something: the act, its name, and the call."""
OF_THE_OPERATOR: dict[str, Doing] = {
    "Commands.tick": lambda on: Commands(on).tick(1),
    "Commands.nightly": lambda on: Commands(on).nightly(),
    "Commands.serve": lambda on: Commands(on).serve(),
    "Connections.pause": lambda on: on.connections.pause(System.SALESFORCE, None),
    "Connections.element451_credentials": lambda on: on.connections.element451_credentials(),
    "Connections.salesforce_app_and_tokens": lambda on: on.connections.salesforce_app_and_tokens(),
}
"""What the product does by itself or for somebody who was allowed to ask for it, and what holds secrets:
whoever works on its machine has them."""
ONLY_READ: dict[type, set[str]] = {
    ConfigStore: {
        *("authors", "current", "document", "documents", "history"),
        *("newest_first", "with_protected_settings"),
    },
    Connections: {"view", "sign_in_outcome", "sign_in_outcome_by_reference"},
    Commands: {"preview"},
    WorkerClient: {"answer", "preview", "has_worker"},
}
"""What changes nothing, and asks for no more than to be shown something."""
CONTINUES: dict[type, set[str]] = {Connections: {"finish_salesforce"}}
"""What ends something that was begun by whoever was allowed to."""


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
        ways = {name for name in vars(kind) if not name.startswith("_") and callable(vars(kind)[name])}
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
    _changed(analyst, interval_minutes=60)
    with pytest.raises(NotPermitted, match="Ask an administrator"):
        _changed(analyst, guard={"records": 10**7, "percent": 100, "at_least": 10**7})


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
