"""The dashboard for tests: an installation beside a sandbox, its pages run by AppTest, and the dashboard as a
process."""

import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from rq import Queue
from sqlalchemy import delete, update
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.configuration.config_file import validate
from syncer.configuration.document import Document
from syncer.configuration.versions import ConfigStore
from syncer.core.permissions import MACHINE
from syncer.infra.database.engine import put
from syncer.infra.database.lease import RUN
from syncer.infra.database.tables import CatalogueRow, LeaseRow, table
from syncer.infra.settings.environment import CALLBACK_PATH, Settings
from syncer.journal.run_state import Trigger
from syncer.journal.runs import Run, begin, save_progress
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, ROOT, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of
from worker.embedded_redis.connection import connect, queue_on

# Each page that AppTest opens would read the metadata of every installed package again: half of its time.
pytest.MonkeyPatch().setattr(
    manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
)
MAIN = ROOT / "dashboard" / "app.py"
PEOPLE = {
    "LOGIN_ISSUER": "https://login.school.edu",
    "LOGIN_CLIENT_ID": "dashboard",
    "LOGIN_CLIENT_SECRET": "login-secret",
    "LOGIN_ADMINS": "admin@school.edu",
    "LOGIN_ANALYSTS": "analyst@school.edu",
    "LOGIN_VIEWERS": "viewer@school.edu",
}
"""A sign-in with somebody of each role (`open_view`'s ``by``)."""
OURS = (
    *(
        "DATABASE_URL",
        "REDIS_URL",
        "SYNC_SECRET_KEY",
        "DATA_DIR",
        "PUBLIC_URL",
        "ALLOWED_SALESFORCE_HOSTS",
        "SYNC_INTERVAL_SECONDS",
    ),
    *("DASHBOARD_HOST", "DASHBOARD_PORT", "DASHBOARD_OPEN", *PEOPLE),
)
NO_GUARD = {"records": 10**6, "percent": 100, "at_least": 10**6}
STARTS_WITHIN = 60.0


class Installed:
    """An installation with a database of its own. ``application`` acts for the command line; ``environment``
    is what its processes get."""

    def __init__(self, folder: Path, sandbox: RunningSandbox | None = None, **environment: str) -> None:
        self.folder, self.environment = folder, {"DATA_DIR": str(folder), **environment}
        if sandbox:
            self.environment["ALLOWED_SALESFORCE_HOSTS"] = sandbox.url.removeprefix("http://")
        self._sandbox = sandbox
        self.application = Application(Settings.from_environment(self.environment))

    @property
    def sandbox(self) -> RunningSandbox:
        """Both systems."""
        assert self._sandbox, "this installation has no sandbox"
        return self._sandbox

    def connect(self) -> None:
        """Connect both systems, as somebody who allows it would."""
        connections = self.application.connections
        connections.connect_element451(f"{self.sandbox.url}/v2", FEATURE_TOKEN)
        connections.finish_salesforce(
            answer_of(connections.begin_salesforce(self.sandbox.url, CLIENT_ID, CLIENT_SECRET).authorize_url)
        )

    def configure(self, **preferences: object) -> None:
        """Put the demo's mapping into force, with these preferences over its own and by default without a
        guard."""
        document = yaml.safe_load((ROOT / "demo" / "school.yaml").read_text(encoding="utf-8"))
        document["preferences"] |= {"guard": NO_GUARD} | preferences
        self.application.configuration.store(validate(document))

    def force(self, document: Document) -> None:
        """Put a document into force whatever is wrong with it, as a program before this one would have."""
        ConfigStore(self.application.database, judge=lambda document: []).store(document)

    def forget_fields(self) -> None:
        """Forget the fields of both systems, as if they had never been read."""
        with self.application.database.begin() as connection:
            connection.execute(delete(table(CatalogueRow)))

    def sync(self) -> Run:
        """A whole run, here and now."""
        return Commands(self.application).sync()

    def work(self) -> None:
        """Do everything that pages asked of the worker, in this process."""
        machine = self.application.acting_as(MACHINE)
        Commands(machine).serve()
        with connect(self.application.settings) as connection:
            for job in queue_on(connection).jobs:
                job.perform()
                job.delete()

    def queue(self) -> Queue:
        """What waits for the worker."""
        return queue_on(connect(self.application.settings))

    def be_busy(self, phase: str = "writing contacts", done: int = 120, total: int = 300) -> Run:
        """A run that goes on, in a process on another machine, for as long as the test does or until
        `end_of_others`."""
        run = begin(self.application.database, Trigger.SCHEDULE, 1)
        run.counts["export_contact"] |= {"updated": done - 1, "failed": 1}
        with self.application.database.begin() as connection:
            save_progress(connection, run, phase, done, total)
            until = datetime.now(UTC) + timedelta(minutes=5)
            put(
                connection,
                table(LeaseRow),
                {"name": RUN, "owner": "elsewhere there 1 - 0", "token": 1, "expires_at": until},
            )
        return run

    def end_of_others(self) -> None:
        """The process of `be_busy` dies, and its lease is over."""
        with self.application.database.begin() as connection:
            connection.execute(update(table(LeaseRow)).values(owner=None, expires_at=None))

    def copy_to(self, folder: Path, **environment: str) -> "Installed":
        """The same installation, as it is now, in a folder of its own."""
        self.application.close()
        shutil.copytree(self.folder, folder)
        kept = {name: value for name, value in self.environment.items() if name != "DATA_DIR"}
        return Installed(folder, self._sandbox, **kept | environment)


def open_view(view: str = "views/overview/view.py", *, by: str | None = None, **query: str) -> AppTest:
    """Open a page as a person does who comes by the overview; ``by``: who is signed in (`PEOPLE`), ``query``
    as in the page's address.

    The environment must be that of an installation (the fixtures see to it). Fails where the page shows an
    error of its own making.
    """
    page = AppTest.from_file(MAIN, default_timeout=60)
    if by:
        page.user = {"is_logged_in": True, "email": by, "email_verified": True, "iat": int(time.time())}
    page.run()
    if view != "views/overview/view.py" or query:
        for name, value in query.items():
            page.query_params[name] = value
        page.switch_page(view).run()
    assert not page.exception, [found.value for found in page.exception]
    return page


def texts(page: AppTest) -> str:
    """Everything that a page says in words, for assertions on what a person reads."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "text",
        "caption",
        "error",
        "warning",
        "info",
        "success",
        "metric",
        "button",
        "code",
    )
    found: list[str] = []
    for kind in kinds:
        for element in page.get(kind):
            found += [
                str(part)
                for part in (getattr(element, "label", None), getattr(element, "value", None))
                if isinstance(part, str)
            ]
    return "\n".join(found)


def statuses(page: AppTest) -> list[str]:
    """The statuses that the plans on a page say, from the top."""
    badges = (re.match(r":\w+-badge\[(\w+)\]", found.value) for found in page.markdown)
    return [found[1] for found in badges if found]


def labels(page: AppTest) -> list[str]:
    """What the buttons of a page are called."""
    return [button.label for button in page.button]


def press(page: AppTest, label: str) -> AppTest:
    """Press the button of this label (or name), and see that nothing breaks."""
    found = [button for button in page.button if label in (button.label, button.key)]
    assert len(found) == 1, f"{len(found)} buttons are called {label}"
    assert not found[0].disabled, f"{label} cannot be pressed: {found[0].help}"
    found[0].click().run()
    assert not page.exception, [broken.value for broken in page.exception]
    return page


def free_port() -> int:
    """A loopback port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with ``environment`` over it, and none of our settings but those."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | dict(environment)


@contextmanager
def running_dashboard(environment: Mapping[str, str], sandbox: RunningSandbox | None = None) -> Iterator[str]:
    """`dashboard_process`, for those who only need its address."""
    with dashboard_process(environment, sandbox) as (address, _):
        yield address


@contextmanager
def dashboard_process(
    environment: Mapping[str, str], sandbox: RunningSandbox | None = None
) -> Iterator[tuple[str, int]]:
    """``python -m dashboard`` with this environment on a free port: its address (and PUBLIC_URL) once it
    answers, and its number. What it said is shown at the end, for whoever looks at a failure. ``sandbox``: it
    gets to know the address to send people back to.

    Raises RuntimeError where it does not start.
    """
    port = int(environment.get("DASHBOARD_PORT", 0)) or free_port()
    address = f"http://127.0.0.1:{port}"
    whole = clean_environment({"PUBLIC_URL": address, "DASHBOARD_PORT": str(port)} | dict(environment))
    if sandbox:
        sandbox.control("POST", "salesforce/callbacks", {"callbacks": [whole["PUBLIC_URL"] + CALLBACK_PATH]})
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"],
            cwd=ROOT,
            env=whole,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _await(address, process)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            said.seek(0)
            print(said.read())


def _await(address: str, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{address}/healthz", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise RuntimeError(f"the dashboard did not start: exit status {process.poll()}")


def rows(page: AppTest, at: int = 0) -> list[dict[str, Any]]:
    """The rows of a page's table, by its columns."""
    return [dict(row) for row in page.dataframe[at].value.to_dict("records")]
