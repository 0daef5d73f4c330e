"""The sandbox as its own process, for tests and benchmarks."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.support.sandbox_controls import Controls
from tests.support.sandbox_controls import Row as Row
from tests.support.tied import tied

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"
CALLBACK = "http://localhost:8501/clients/integrations/salesforce/oauth2"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123"
CHALLENGE = "oroLTuavjsSokHw90r4c-vQlAuGTf32wNsPC1UFaIZc"


class RunningSandbox(Controls):
    """One running sandbox: its address, and its controls as methods. A control used wrongly raises
    ``ValueError`` with the reason."""

    def __init__(self, url: str, process: "subprocess.Popen[str]") -> None:
        self.url = url
        self.process = process
        self._http = requests.Session()
        self._http.trust_env = False

    def control(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **parameters: object
    ) -> Any:
        """Use any control; ``path`` is below ``/_sandbox/``. Returns the parsed reply."""
        query = {name: str(value) for name, value in parameters.items()}
        reply = self._http.request(
            method, f"{self.url}/_sandbox/{path}", json=body, params=query, timeout=300
        )
        if reply.status_code == 400:
            raise ValueError(reply.json()["error"])
        reply.raise_for_status()
        return reply.json()

    def sign_in(self, scope: str = "api refresh_token", callback: str = CALLBACK) -> Row:
        """Sign in at Salesforce without a person; returns the token reply."""
        asked = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": callback,
            "scope": scope,
            "code_challenge": CHALLENGE,
        }
        page = self._http.get(
            f"{self.url}/services/oauth2/authorize",
            params={**asked, "approve": "1"},
            allow_redirects=False,
            timeout=30,
        )
        code = parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]
        given = {
            "code": code,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uri": callback,
            "code_verifier": VERIFIER,
        }
        reply = self._http.post(
            f"{self.url}/services/oauth2/token",
            data={"grant_type": "authorization_code", **given},
            timeout=30,
        )
        reply.raise_for_status()
        return dict(reply.json())

    def close(self) -> None:
        """Stop the process and wait for its end."""
        self._http.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def running_sandbox(
    contacts: int = 0,
    conversations: int = 0,
    seed: int = 1,
    delay_ms: int = 0,
    database: str = ":memory:",
    callbacks: Sequence[str] = (),
) -> Iterator[RunningSandbox]:
    """A sandbox on a free loopback port, ready when it is handed over and stopped at the end. Raises
    RuntimeError when it does not start."""
    size = ["--contacts", str(contacts), "--conversations", str(conversations), "--seed", str(seed)]
    more = [
        "--delay-ms",
        str(delay_ms),
        "--database",
        database,
        *(part for callback in callbacks for part in ("--callback", callback)),
    ]
    command = [sys.executable, "-m", "sandbox", "--port", "0", *size, *more]
    process = subprocess.Popen(tied(command), stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        process.stdout.close()
        raise RuntimeError(f"the sandbox did not start: exit status {process.wait()}")
    sandbox = RunningSandbox(json.loads(line)["url"], process)
    try:
        yield sandbox
    finally:
        sandbox.close()
