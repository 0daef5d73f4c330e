"""``connect``: against the sandbox, as a person would, and with everything that can go wrong on the way."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from syncer.application.container import Application
from syncer.infra.settings.environment import CALLBACK_PATH
from tests.cli.conftest import Command
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox, running_sandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Terminal:
    """``connect salesforce`` running in a terminal of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout
        self.authorize_url = str(json.loads(process.stdout.readline())["authorize_url"])

    def end(self, typed: str | None = None) -> tuple[int, Any]:
        """Its exit status and what it said, after ``typed`` was typed."""
        out, err = self.process.communicate(typed, timeout=60)
        assert "Traceback" not in err
        return self.process.returncode, json.loads(out) if out else None


class Place:
    """An installation with a dashboard address of its own."""

    def __init__(self, sandbox: RunningSandbox, port: int) -> None:
        self.sandbox, self.public_url = sandbox, f"http://localhost:{port}"

    @contextmanager
    def connecting(self, *more: str) -> Iterator[Terminal]:
        arguments = [
            "connect",
            "salesforce",
            "--url",
            self.sandbox.url,
            "--client-id",
            CLIENT_ID,
            "--client-secret",
            CLIENT_SECRET,
            "--json",
        ]
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "syncer", *arguments],
            cwd=ROOT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield Terminal(process)
            finally:
                process.kill()


PORT = free_port()


@pytest.fixture(scope="module")
def org() -> Iterator[RunningSandbox]:
    with running_sandbox(callbacks=[f"http://localhost:{PORT}{CALLBACK_PATH}"]) as sandbox:
        yield sandbox


@pytest.fixture
def place(command: Command, org: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    org.reset()
    place = Place(org, PORT)
    monkeypatch.setenv("PUBLIC_URL", place.public_url)
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", org.url.removeprefix("http://"))
    return place


def salesforce_state(command: Command) -> str | None:
    connection = command("status", "--json").json["connections"]["salesforce"]
    return str(connection["state"]) if connection else None


def test_element451_is_connected_in_one_step(
    command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", sandbox.url.removeprefix("http://"))
    answer = command(
        "connect", "element451", "--api-url", f"{sandbox.url}/v2", "--feature-token", FEATURE_TOKEN, "--json"
    )
    assert (answer.status, answer.json["connected"]) == (0, "element451")
    assert FEATURE_TOKEN not in answer.out


def test_a_wrong_token_is_explained(
    command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", sandbox.url.removeprefix("http://"))
    answer = command("connect", "element451", "--api-url", f"{sandbox.url}/v2", "--feature-token", "wrong")
    assert answer.status == 1
    assert answer.err.count("\n") == 1
    assert "feature token" in answer.err


def test_a_browser_that_comes_back_completes_the_sign_in(command: Command, place: Place) -> None:
    with place.connecting() as terminal:
        page = requests.get(answer_of(terminal.authorize_url), timeout=30)
        status, said = terminal.end()
    assert (page.status_code, "Salesforce is connected" in page.text) == (200, True)
    assert (status, said["connected"]) == (0, "salesforce")
    assert salesforce_state(command) == "connected"


def test_an_address_that_is_pasted_completes_the_sign_in(command: Command, place: Place) -> None:
    with place.connecting() as terminal:
        status, said = terminal.end("what is this?\n" + answer_of(terminal.authorize_url) + "\n")
    assert (status, said["connected"]) == (0, "salesforce")
    assert salesforce_state(command) == "connected"


def test_a_dashboard_at_the_public_address_completes_the_sign_in(command: Command, place: Place) -> None:
    with socket.create_server(("127.0.0.1", PORT)), place.connecting() as terminal:
        with Application.from_environment() as dashboard:
            waits = dashboard.connections.finish_salesforce(answer_of(terminal.authorize_url), "") is None
        status, said = terminal.end()
    assert (waits, status, said["connected"]) == (True, 0, "salesforce")


def test_a_denied_sign_in_is_explained_on_both_sides(command: Command, place: Place) -> None:
    with place.connecting() as terminal:
        page = requests.get(answer_of(terminal.authorize_url, approve=False), timeout=30)
        status, said = terminal.end()
    assert (page.status_code, "choose Allow" in page.text) == (400, True)
    assert (status, "choose Allow" in said["error"]) == (1, True)
    assert salesforce_state(command) is None


def test_a_stray_visitor_does_not_disturb_the_sign_in(command: Command, place: Place) -> None:
    with place.connecting() as terminal:
        assert requests.get(f"{place.public_url}/", timeout=30).status_code == 404
        stray = requests.get(f"{place.public_url}{CALLBACK_PATH}?code=x&state=<script>", timeout=30)
        assert (stray.status_code, "belongs to no sign-in" in stray.text, "<script>" in stray.text) == (
            400,
            True,
            False,
        )
        requests.get(answer_of(terminal.authorize_url), timeout=30)
        status, _ = terminal.end()
    assert status == 0


def test_a_mistaken_address_or_app_is_explained(command: Command, place: Place) -> None:
    arguments = ["connect", "salesforce", "--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET, "--url"]
    assert "is not a Salesforce address" in command(*arguments, "https://example.com").err
    with place.connecting() as terminal:
        assert "client_id=" in terminal.authorize_url
        status, said = terminal.end(
            f"{place.public_url}{CALLBACK_PATH}?error=access_denied&state={terminal.authorize_url.split('state=')[1].split('&')[0]}\n"
        )
    assert (status, "Access was denied" in said["error"]) == (1, True)
