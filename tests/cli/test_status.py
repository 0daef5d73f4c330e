"""``status``."""

import pytest

from syncer.bootstrap import Application
from syncer.lease import RUN, Lease
from tests.cli.conftest import Command
from tests.support.documents import document
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN


def test_a_fresh_installation_says_that_nothing_is_there_yet(command: Command) -> None:
    assert command("status").out.splitlines() == [
        "Element451: not connected",
        "Salesforce: not connected",
        "Configuration: none yet",
        "Running: nothing",
    ]
    assert command("status", "--json").json == {
        "connections": {"element451": None, "salesforce": None},
        "configuration": None,
        "running": None,
        "last_run": None,
        "waiting_run": None,
    }


def test_what_is_there_is_shown_without_secrets(command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with Application.from_environment() as application:
        application.connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        application.configuration.store(document(), "ann")
        with Lease(application.engine, RUN):
            shown = command("status", "--json").json
            assert f"Element451: connected, {sandbox.url}/v2" in command("status").out
    assert shown["connections"]["element451"]["state"] == "connected"
    assert (shown["configuration"]["id"], shown["configuration"]["author"]) == (1, "ann")
    assert "(process " in shown["running"]
    assert FEATURE_TOKEN not in str(shown)
