"""A sandbox and an installation of the product beside it, used as a person at a terminal would."""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import yaml
from cryptography.fernet import Fernet

from syncer.cli import main
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, ROOT, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

DONE, FAILED, USED_WRONGLY, SKIPPED = range(4)
"""Exit statuses (docs/architecture.md, "Surfaces")."""
PATIENCE = 1200.0
"""Seconds that a command may take: a first sync of 100,000 contacts on a busy machine."""
MAPPING = ROOT / "demo" / "school.yaml"
NO_GUARD = {"records": 10**9, "percent": 100, "at_least": 10**9}
SALESFORCE_OPTIONS = ["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET]


class Said(Exception):
    """A command ended with another status than was expected; the message holds everything that it said."""


class School:
    """An installation with a data folder and a database of its own, for one sandbox."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, database_url: str) -> None:
        self.sandbox, self.folder = sandbox, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.program = ["syncer"]
        self.environment = dict(os.environ) | {
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder / "data"),
            "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
            "PUBLIC_URL": "http://localhost:8501",
            "ALLOWED_SALESFORCE_HOSTS": sandbox.url.removeprefix("http://"),
        }

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """A command at work, in a process group of its own; killed where it still runs at the end of the
        block."""
        with subprocess.Popen(
            [sys.executable, "-m", *self.program, *arguments, "--json"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: str, expect: Collection[int] = (DONE,)) -> Any:
        """Run a command to its end, in this process where it is the only one at work; gives its last line of
        output, or all of it, read as JSON. Raises `Said` for a status not expected."""
        if self.program != ["syncer"] or threading.current_thread() is not threading.main_thread():
            with self.running(*arguments) as process:
                return answer(process, expect)
        out, errors = io.StringIO(), io.StringIO()
        before = dict(os.environ)
        os.environ |= self.environment  # it was copied from this process's own, so that nothing else is in it
        try:
            with redirect_stdout(out), redirect_stderr(errors):
                status = main([*arguments, "--json"])
        finally:
            os.environ.clear()
            os.environ |= before
        return read(arguments, status, out.getvalue(), errors.getvalue(), expect)

    def sync(self, *arguments: str) -> dict[str, Any]:
        """A whole run that ends by itself; single records may fail. Returns its summary. Raises `Said` where
        the run itself failed."""
        summary: dict[str, Any] = self.run("sync", *arguments, expect=(DONE, FAILED))
        if summary["state"] != "done":
            raise Said(f"the run ended {summary['state']}: {summary}")
        return summary

    def connect(self, preferences: Mapping[str, Any] | None = None) -> None:
        """Sign in to both systems, through the real flow, and import the mapping with these preferences over
        its own."""
        self.run(
            "connect", "element451", "--api-url", f"{self.sandbox.url}/v2", "--feature-token", FEATURE_TOKEN
        )
        self.connect_salesforce()
        self.configure(preferences or {})

    def connect_salesforce(self, expect: Collection[int] = (DONE,), *, allow: bool = True) -> Any:
        """Sign in to Salesforce: a person allows the access (or denies it), and pastes the address that the
        browser was sent back to."""
        with self.running("connect", "salesforce", "--url", self.sandbox.url, *SALESFORCE_OPTIONS) as process:
            assert process.stdout
            address = json.loads(process.stdout.readline())["authorize_url"]
            return answer(process, expect, answer_of(address, allow) + "\n")

    def configure(self, preferences: Mapping[str, Any]) -> None:
        """Import the mapping with these preferences over its own, and without a guard."""
        document = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
        document["preferences"] |= {"guard": NO_GUARD} | dict(preferences)
        if not document["preferences"]["sync_conversations"]:
            del document["mappings"]["conversation"]
        path = self.folder / "mapping.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        self.run("config", "import", str(path))

    def logs(self) -> list[dict[str, Any]]:
        """Every log entry, newest first."""
        return list(self.run("logs", "--limit", str(10**9)))


def answer(process: "subprocess.Popen[str]", expect: Collection[int], typed: str | None = None) -> Any:
    """What a command said when it ended, read as JSON: its only document, or its last line. Raises `Said` for
    a status not expected."""
    out, errors = process.communicate(typed, timeout=PATIENCE)
    return read(process.args, process.returncode, out, errors, expect)


def read(command: object, status: int, out: str, errors: str, expect: Collection[int]) -> Any:
    """What a command said, read as JSON."""
    if status not in expect:
        raise Said(f"{command!r} ended with {status}:\n{out}{errors[-4000:]}")
    try:
        return json.loads(out)
    except ValueError:
        return json.loads(out.splitlines()[-1])
