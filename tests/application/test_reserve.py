"""A part of the share of calls is kept for Test and Retry, which somebody waits for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncer.application.commands import Busy, Commands
from syncer.application.container import Application
from syncer.connections.connection_store import ConnectionStore
from syncer.connectors.errors import Fault, LimitReached
from syncer.connectors.salesforce.api_budget import ApiBudget
from syncer.core.permissions import OPERATOR
from syncer.core.plan import Direction
from syncer.core.records import System
from syncer.sync.on_demand import RecordRequest

ASKED = RecordRequest(Direction.EXPORT, None, "0" * 24)


@pytest.fixture
def application(database_url: str, tmp_path: Path) -> Iterator[Application]:
    environment = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path / "data"),
        "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
    }
    with Application.from_environment(environment) as opened:
        yield opened


def test_only_what_somebody_waits_for_spends_the_last_calls_of_the_share() -> None:
    waits = False
    budget = ApiBudget(50, lambda: 94, keeps_reserve=lambda: not waits)
    budget.update("api-usage=94/200")
    budget.spend()
    with pytest.raises(LimitReached, match="kept for Test and Retry"):
        budget.spend()
    waits = True
    for _ in range(5):
        budget.spend()
    with pytest.raises(LimitReached) as ended:
        budget.spend()
    assert (budget.calls, ended.value.code) == (6, "SHARE_OF_LIMIT")


@pytest.mark.parametrize(("share", "tries"), [(50, True), (None, False)])
def test_a_test_is_done_while_the_share_makes_runs_pause(
    application: Application, share: int | None, tries: bool
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    store = ConnectionStore(application.database, application.vault)
    secrets = {"client_id": "id", "client_secret": "secret"}
    store.save(OPERATOR, System.SALESFORCE, "https://x", account={}, secrets=secrets)
    store.pause(System.SALESFORCE, until, share)
    commands = Commands(application)
    with pytest.raises(Busy, match="pauses until"):
        commands.sync()
    with pytest.raises((Busy, Fault)) as ended:
        commands.test(ASKED)
    assert isinstance(ended.value, Busy) is not tries
