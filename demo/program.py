"""The product, used as a person at a terminal would: by its command line, in a data folder of its own."""

import json
import os
import socket
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

from demo.children import child
from demo.imitation import Imitation

DONE, WAITING = 0, 3
"""Exit statuses of the command line (docs/architecture.md, "Surfaces"); 1 is a failed record or run, 2 is
wrong use."""
FEATURE_TOKEN = "sandbox-feature"  # noqa: S105 the sandbox's published default
CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"
BACK_SECONDS = 60.0
"""How long a sign-in that was allowed may take until the command is done."""


class CommandFailed(Exception):
    """A command ended with a status that was not expected. The message holds the command and what it said."""


def free_port(wanted: int = 0) -> int:
    """A loopback port that is free at this moment: the one wanted, or where that is taken, any."""
    try:
        with socket.create_server(("127.0.0.1", wanted)) as listener:
            port: int = listener.getsockname()[1]
            return port
    except OSError:
        if not wanted:
            raise
        return free_port()


class Program:
    """``python -m syncer`` with its own data folder and callback address."""

    def __init__(self, data: Path, public_url: str, salesforce_host: str) -> None:
        ours = ("DATABASE_URL", "REDIS_URL", "SYNC_SECRET_KEY")
        self.environment = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment |= {
            "DATA_DIR": str(data),
            "PUBLIC_URL": public_url,
            "ALLOWED_SALESFORCE_HOSTS": salesforce_host,
        }

    def run(self, *arguments: str, expect: Collection[int] = (DONE,)) -> Any:
        """Run a command with ``--json``; gives what it printed, read as JSON (a list of its lines, if there
        are several).

        Raises CommandFailed when its exit status is not among those expected.
        """
        with child(["-m", "syncer", *arguments, "--json"], self.environment, subprocess.PIPE) as process:
            printed, complaints = process.communicate()
        if process.returncode not in expect:
            raise CommandFailed(
                f"python -m syncer {' '.join(arguments)} ended with"
                f" {process.returncode}:\n{printed}{complaints}".rstrip()
            )
        return read_json(printed)

    def connect_element451(self, sandbox: Imitation) -> Any:
        """Connect the sandbox's Element451 account."""
        return self.run(
            "connect", "element451", "--api-url", f"{sandbox.url}/v2", "--feature-token", FEATURE_TOKEN
        )

    def connect_salesforce(self, sandbox: Imitation) -> str:
        """Connect the sandbox's org: the command prints the sign-in address, a person allows it there, and
        the browser comes back to the callback on which the command listens. Returns the address of the page
        that the person saw."""
        arguments = [
            "-m",
            "syncer",
            "connect",
            "salesforce",
            "--url",
            sandbox.url,
            "--client-id",
            CLIENT_ID,
            "--client-secret",
            CLIENT_SECRET,
        ]
        with child([*arguments, "--json"], self.environment, subprocess.PIPE) as process:
            line = process.stdout.readline() if process.stdout else ""
            if line.startswith("{") and "authorize_url" in line:
                address: str = json.loads(line)["authorize_url"]
                sandbox.return_to(sandbox.approve(address))
                try:
                    printed, complaints = process.communicate(timeout=BACK_SECONDS)
                except subprocess.TimeoutExpired:
                    public = self.environment["PUBLIC_URL"]
                    raise CommandFailed(
                        f"The sign-in did not come back to {public}. Another program may have taken its port;"
                        " start again."
                    ) from None
            else:
                address, (printed, complaints) = "", process.communicate()
        if process.returncode != DONE:
            raise CommandFailed(
                "python -m syncer connect salesforce ended with"
                f" {process.returncode}:\n{line}{printed}{complaints}".rstrip()
            )
        return address


def read_json(printed: str) -> Any:
    """What a command printed: one JSON document, or one a line."""
    lines = [line for line in printed.splitlines() if line.strip()]
    try:
        return json.loads(printed)
    except ValueError:
        return [json.loads(line) for line in lines]


def free_callback(wanted: int = 0) -> tuple[str, str]:
    """A PUBLIC_URL on a free port of this machine (see `free_port`), and the callback address that Salesforce
    must know for it."""
    public = f"http://localhost:{free_port(wanted)}"
    return public, public + "/clients/integrations/salesforce/oauth2"
