"""Runs, connections and failing records for the tests of alerts."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert

from syncer.connections.connection_state import ConnectionState
from syncer.connectors.errors import Unreachable
from syncer.core.records import System
from syncer.infra.database.engine import put
from syncer.infra.database.tables import ConnectionRow, PairRow, table
from syncer.journal.run_state import RunState, Trigger
from syncer.journal.runs import Run
from tests.support.rows import filled_row

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
PAIRS, CONNECTIONS = table(PairRow), table(ConnectionRow)


def run(
    state: RunState = RunState.DONE, number: int = 1, trigger: Trigger = Trigger.SCHEDULE, **more: Any
) -> Run:
    return Run(number, trigger, 1, NOW, state, **more)


FAILED = run(
    RunState.FAILED,
    reason="Salesforce could not be reached.",
    code="TIMEOUT",
    fault=Unreachable(System.SALESFORCE, "Salesforce could not be reached."),
)


def connect(
    engine: Engine,
    system: System = System.SALESFORCE,
    state: str = ConnectionState.CONNECTED,
    message: str = "",
    paused_until: datetime | None = None,
) -> None:
    row: dict[str, Any] = {
        "system": system.value,
        "address": "https://x",
        "account": {},
        "secrets": b"",
        "state": state,
        "message": message,
    }
    with engine.begin() as connection:
        put(connection, CONNECTIONS, row | {"connected_at": NOW, "paused_until": paused_until})


def fail(
    engine: Engine,
    name: str,
    since: datetime,
    entity: str = "Contact",
    code: str = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
) -> None:
    failure = {"export": {"cause": "lasting", "code": code, "reason": f"{name} does not fit", "tries": 3}}
    fails = {"failing": True, "failing_since": since, "failures": failure}
    pair = filled_row(PAIRS, kind="contact", entity=entity, element_id=name, **fails)
    with engine.begin() as connection:
        connection.execute(insert(PAIRS), [pair])
