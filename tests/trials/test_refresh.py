"""The sign-in as the processes of an installation live with it: renewed once by whoever needs it, and
explained when it is lost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from syncer.application.container import Application
from tests.support.databases import Databases
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, ROOT, running_sandbox
from tests.trials.school import DONE, FAILED, SKIPPED, School, answer

OTHER_ORGANIZATION = "00D5f000000OTHEREA"


@pytest.fixture(scope="module")
def connected(on_sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with running_sandbox() as sandbox, on_sqlite.url() as url:
        sandbox.reset(contacts=20, in_step=True)
        school = School(sandbox, tmp_path_factory.mktemp("school"), url)
        school.connect({"sync_conversations": False})
        yield school


@pytest.fixture
def school(connected: School) -> Iterator[School]:
    """A school that is connected; each test leaves it so."""
    before = connected.sandbox.options()
    yield connected
    connected.sandbox.options(**before)


class Caller:
    """Another process of an installation."""

    def __init__(self, school: School) -> None:
        command = [sys.executable, "-m", "tests.trials.caller"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=school.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.hear() == "ready"

    def tell(self) -> None:
        """Let it call."""
        assert self.process.stdin
        self.process.stdin.write("call\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """What it says."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        with self.process:
            self.process.kill()


def test_processes_whose_session_expires_at_the_same_moment_renew_it_once_and_all_go_on(
    databases: Databases, tmp_path: Path
) -> None:
    with running_sandbox() as sandbox, databases.url() as url, ExitStack() as stack:
        school = School(sandbox, tmp_path, url)
        school.connect_salesforce()
        sandbox.options(refresh_ms=300, rotation=True)
        callers = [stack.enter_context(Caller(school)) for _ in range(2)]
        for _ in range(3):
            sandbox.reset_counters()
            assert sandbox.expire_tokens() > 0
            for caller in callers:
                caller.tell()
            assert [caller.hear() for caller in callers] == ["done", "done"]
            assert sandbox.counters()["calls"]["salesforce"]["oauth"] == 1


def test_two_syncs_at_once_one_runs_and_the_other_is_skipped(school: School) -> None:
    school.sandbox.options(delay_ms=300)
    with school.running("sync") as first, school.running("sync") as second:
        summaries = [answer(process, (DONE, SKIPPED)) for process in (first, second)]
    assert sorted(summary["state"] for summary in summaries) == ["done", "skipped"]
    assert {first.returncode, second.returncode} == {DONE, SKIPPED}
    (skipped,) = (summary for summary in summaries if summary["state"] == "skipped")
    assert "Another run is going on" in skipped["reason"]


def expired(school: School) -> None:
    school.sandbox.options(refresh_policy="SpecificLifetime", refresh_validity_hours=1.0)
    school.sandbox.clock(advance=24 * 3600)


def used_by_a_thief(school: School) -> None:
    with Application.from_environment(school.environment) as application:
        stolen = application.connections.salesforce_app_and_tokens()[1].load().refresh_token
    form = {
        "grant_type": "refresh_token",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": stolen,
    }
    requests.post(f"{school.sandbox.url}/services/oauth2/token", data=form, timeout=30).raise_for_status()


def revoked(school: School) -> None:
    with Application.from_environment(school.environment) as application:
        token = application.connections.salesforce_app_and_tokens()[1].load().refresh_token
    requests.post(
        f"{school.sandbox.url}/services/oauth2/revoke", data={"token": token}, timeout=30
    ).raise_for_status()


@pytest.mark.parametrize(
    "lost",
    [
        expired,
        pytest.param(used_by_a_thief, marks=pytest.mark.variation),
        pytest.param(revoked, marks=pytest.mark.variation),
    ],
)
def test_a_sign_in_that_is_lost_is_said_in_a_sentence_until_somebody_connects_again(
    school: School, lost: object
) -> None:
    assert callable(lost)
    lost(school)
    school.sandbox.expire_tokens()
    summary = school.run("sync", expect=[FAILED])
    assert (summary["state"], "Connect to Salesforce again" in summary["reason"]) == ("failed", True)
    status = school.run("status")
    assert status["connections"]["salesforce"]["state"] == "reconnect needed"
    assert "expired or was revoked" in status["connections"]["salesforce"]["message"]
    assert status["last_run"]["state"] == "failed"
    again = school.run("sync", expect=[FAILED])
    assert "Connect to Salesforce again" in (again.get("reason") or again.get("error"))
    school.connect_salesforce()
    assert school.sync()["state"] == "done"


@pytest.mark.variation
def test_a_policy_that_ends_the_sign_in_at_once_is_explained_while_connecting(school: School) -> None:
    school.sandbox.options(refresh_policy="Zero")
    assert "immediately expire" in school.connect_salesforce([FAILED])["error"]
    still_connected(school)


@pytest.mark.variation
def test_another_organization_is_refused_on_reconnecting(school: School) -> None:
    school.sandbox.options(organization=OTHER_ORGANIZATION)
    assert "another Salesforce organization" in school.connect_salesforce([FAILED])["error"]
    school.sandbox.options(
        organization=school.run("status")["connections"]["salesforce"]["account"]["organization_id"]
    )
    still_connected(school)


@pytest.mark.variation
def test_a_denied_access_is_explained(school: School) -> None:
    assert "choose Allow" in school.connect_salesforce([FAILED], allow=False)["error"]
    still_connected(school)


def still_connected(school: School) -> None:
    """A sign-in that failed leaves the one before as it was."""
    assert school.run("status")["connections"]["salesforce"]["state"] == "connected"
    assert school.sync()["state"] == "done"
