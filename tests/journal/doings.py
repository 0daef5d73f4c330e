"""Every way there is to do something: the act, its name, and the call."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.application.commands import Busy, Commands, NotReady
from syncer.application.container import Application
from syncer.application.decisions import alerts, holds, schedule
from syncer.application.decisions.holds import CannotHold, HoldRequest
from syncer.configuration.config_file import default_document
from syncer.configuration.editor import dismissed_suggestions
from syncer.configuration.versions import ConfigStore
from syncer.connections.connections import Connections
from syncer.connectors.element451.account_settings import AccountSettings
from syncer.connectors.errors import Fault
from syncer.core.permissions import Action
from syncer.core.plan import Direction, Plan
from syncer.core.records import Kind, System
from syncer.journal.approvals import NotWaiting
from syncer.journal.undoable import Undoing
from syncer.sync.failures import Which
from syncer.sync.match.linking import CannotLink
from syncer.sync.on_demand import NoSuchRecord, RecordRequest
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET
from tests.support.signing_in import FEATURE_TOKEN, answer_of
from worker.client import WorkerClient

EXPECTED = (Fault, NotReady, NotWaiting, Busy, NoSuchRecord, CannotHold, CannotLink)
"""Why an act that somebody may do may come to nothing here."""
NO_RUN = 999
NOTHING = Undoing(run=NO_RUN)
Doing = Callable[[Application], object]


def _asked() -> RecordRequest:
    return RecordRequest(Direction.IMPORT, salesforce_id="003000000000001AAA")


def _shown(plan: Plan) -> None:
    """Take a plan."""


def changed(application: Application, **preferences: object) -> object:
    current = application.configuration.current()
    document = dict(current[1]) if current else default_document()
    return application.configuration.store({**document, "preferences": document["preferences"] | preferences})


def _connect_salesforce(application: Application, begin: Callable[[Connections], Any]) -> None:
    connections = application.connections
    connections.finish_salesforce(answer_of(begin(connections).authorize_url))


def _unconfirmed(application: Application) -> str:
    """The state of a sign-in that waits to be confirmed; there is none for whoever may not begin one."""
    if not application.person.may(Action.CONNECT):
        return "none"
    connections = application.connections
    begun = connections.begin_salesforce(_address(application), CLIENT_ID, CLIENT_SECRET, "a browser")
    connections.finish_salesforce(answer_of(begun.authorize_url), "another browser")
    return begun.state


def _address(application: Application) -> str:
    (host,) = application.settings.allowed_salesforce_hosts
    return f"http://{host}"


DOINGS: list[tuple[Action, str, Doing]] = [
    (Action.SYNC, "Commands.sync", lambda on: Commands(on).sync()),
    (Action.SYNC, "Commands.audit", lambda on: Commands(on).audit()),
    (Action.SYNC, "WorkerClient.sync_now", lambda on: WorkerClient(on).sync_now()),
    (Action.DRY_RUN, "Commands.dry_run", lambda on: Commands(on).dry_run(lambda plan: None)),
    (Action.DRY_RUN, "Commands.read", lambda on: Commands(on).read()),
    (Action.DRY_RUN, "WorkerClient.dry_run", lambda on: WorkerClient(on).dry_run()),
    (Action.CANCEL, "Commands.cancel", lambda on: Commands(on).cancel(NO_RUN)),
    (Action.CANCEL, "WorkerClient.cancel", lambda on: WorkerClient(on).cancel(NO_RUN)),
    (Action.TEST, "Commands.test", lambda on: Commands(on).test(_asked())),
    (Action.TEST, "WorkerClient.import_one", lambda on: WorkerClient(on).import_one(element_id="1")),
    (Action.TEST, "WorkerClient.export_one", lambda on: WorkerClient(on).export_one(element_id="1")),
    (Action.LINK, "Commands.link", lambda on: Commands(on).link("f" * 24, "003000000000001AAA")),
    (Action.RETRY, "Commands.retry", lambda on: Commands(on).retry(NO_RUN)),
    (Action.RETRY, "Commands.retry_failed", lambda on: Commands(on).retry_failed()),
    (Action.RETRY, "WorkerClient.retry", lambda on: WorkerClient(on).retry(NO_RUN)),
    (Action.RETRY, "WorkerClient.retry_several", lambda on: WorkerClient(on).retry_several([1, 2])),
    (
        Action.RETRY,
        "WorkerClient.retry_cause",
        lambda on: WorkerClient(on).retry_cause(Which("DUPLICATE_VALUE")),
    ),
    (Action.UNDO, "WorkerClient.undo", lambda on: WorkerClient(on).undo(NO_RUN)),
    (Action.UNDO, "WorkerClient.put_back", lambda on: WorkerClient(on).put_back(NO_RUN)),
    (Action.UNDO, "WorkerClient.undo_version", lambda on: WorkerClient(on).undo_version(1)),
    (Action.UNDO, "Commands.undo", lambda on: Commands(on).undo(NOTHING)),
    (
        Action.DRY_RUN,
        "Commands.preview_undo",
        lambda on: Commands(on).preview_undo(NOTHING, _shown),
    ),
    (Action.HOLD, "holds.hold", lambda on: holds.hold(on, HoldRequest("f" * 24, "asked for it"))),
    (Action.RELEASE, "holds.release", lambda on: holds.release(on, NO_RUN)),
    (Action.ALERTS, "choose_receivers", lambda on: alerts.choose_receivers(on, ["a@school.edu"])),
    (Action.ALERTS, "send_test", lambda on: alerts.send_test(on)),
    (Action.GO_LIVE, "schedule.go_live", lambda on: schedule.go_live(on)),
    (
        Action.PAUSE,
        "schedule.pause",
        lambda on: schedule.pause(on, datetime.now(UTC) + timedelta(hours=1)),
    ),
    (Action.RESUME, "schedule.resume", lambda on: schedule.resume(on)),
    (Action.CONFIGURE, "ConfigStore.store", lambda on: changed(on, interval_minutes=30)),
    (
        Action.CONFIGURE,
        "dismissed",
        lambda on: dismissed_suggestions.dismiss(on.database, on.person, Kind.CONTACT, [("user-a", "A")]),
    ),
    (
        Action.GUARD,
        "ConfigStore.store",
        lambda on: changed(on, guard={"records": 1, "percent": 2, "at_least": 3}),
    ),
    (Action.GUARD, "ConfigStore.store of a share", lambda on: changed(on, api_share_percent=90)),
    (Action.APPROVE, "Commands.approve", lambda on: Commands(on).approve(NO_RUN)),
    (Action.APPROVE, "WorkerClient.approve", lambda on: WorkerClient(on).approve(NO_RUN)),
    (Action.REJECT, "Commands.reject", lambda on: Commands(on).reject(NO_RUN)),
    (Action.REJECT, "WorkerClient.reject", lambda on: WorkerClient(on).reject(NO_RUN)),
    (Action.BACKFILL, "Commands.backfill", lambda on: Commands(on).backfill()),
    (Action.BACKFILL, "Commands.sync", lambda on: Commands(on).sync(full=True)),
    (Action.BACKFILL, "WorkerClient.backfill", lambda on: WorkerClient(on).backfill()),
    (Action.CHECK, "WorkerClient.examine", lambda on: WorkerClient(on).examine()),
    (
        Action.CONNECT,
        "Connections.set_up_element451",
        lambda on: on.connections.set_up_element451(AccountSettings(read_size=10)),
    ),
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
        Action.CONNECT,
        "Connections.confirm_sign_in",
        lambda on: on.connections.confirm_sign_in(_unconfirmed(on)),
    ),
    (
        Action.DISCONNECT,
        "Connections.discard_sign_in",
        lambda on: on.connections.discard_sign_in(_unconfirmed(on)),
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
    "Commands.put_back": lambda on: Commands(on).put_back(NO_RUN),
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
    Connections: {"view", "sign_in_outcome", "sign_in_outcome_by_reference", "unconfirmed_sign_ins"},
    Commands: {"preview"},
    WorkerClient: {"answer", "preview", "has_worker"},
}
"""What changes nothing, and asks for no more than to be shown something."""
CONTINUES: dict[type, set[str]] = {Connections: {"finish_salesforce"}}
"""What ends something that was begun by whoever was allowed to."""
