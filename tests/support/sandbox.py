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

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"
CALLBACK = "http://localhost:8501/clients/integrations/salesforce/oauth2"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123"
CHALLENGE = "oroLTuavjsSokHw90r4c-vQlAuGTf32wNsPC1UFaIZc"
Row = dict[str, Any]


class RunningSandbox:
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

    def reset(self, **size: int | str) -> None:
        """Start anew, with a school of ``contacts``, ``conversations``, ``seed`` (default: as at the start),
        or one ``in_step`` (default: not).

        A school's stamps end before ``now`` (default: the real time), which the clock then shows.
        """
        self.control("POST", "reset", size)

    def clock(self, now: str | None = None, advance: float | None = None) -> str:
        """Set or advance the clock; returns its time."""
        given = {name: value for name, value in {"now": now, "advance": advance}.items() if value is not None}
        return str(self.control("POST", "clock", given)["now"])

    def options(self, **values: object) -> Row:
        """Set knobs; returns all of them."""
        return dict(self.control("POST", "options", values))

    def fault(self, action: str, **rule: object) -> None:
        """Order a fault."""
        self.control("POST", "faults", {"action": action, **rule})

    def clear_faults(self) -> None:
        """Call off every fault."""
        self.control("DELETE", "faults")

    def counters(self) -> Row:
        """Calls and records by system."""
        return dict(self.control("GET", "counters"))

    def reset_counters(self) -> None:
        """Count from nought."""
        self.control("POST", "counters/reset")

    def journal(self, after: int = 0) -> list[Row]:
        """Every write since line ``after``."""
        lines: list[Row] = []
        while page := self.control("GET", "journal", after=lines[-1]["sequence"] if lines else after):
            lines += page
        return lines

    def records(self, object: str, system: str = "salesforce", fields: Sequence[str] = ()) -> list[Row]:
        """Every row of an object, deleted ones too; with some fields or all."""
        return list(self.control("GET", "records", system=system, object=object, fields=",".join(fields)))

    def create(self, object: str, **fields: object) -> str:
        """Create a Salesforce record as a person would; returns its id."""
        return str(self.control("POST", "salesforce/create", {"object": object, "fields": fields})["id"])

    def edit(self, object: str, id: str, **fields: object) -> None:
        """Change a Salesforce record as a person would."""
        self.control("POST", "salesforce/edit", {"object": object, "id": id, "fields": fields})

    def create_many(self, object: str, records: Sequence[Row]) -> list[str]:
        """Create Salesforce records as people would; returns their ids, in order."""
        return list(
            self.control("POST", "salesforce/create-many", {"object": object, "records": records})["ids"]
        )

    def edit_many(self, object: str, records: Sequence[Row]) -> None:
        """Change Salesforce records, each named by its ``Id``, as people would."""
        self.control("POST", "salesforce/edit-many", {"object": object, "records": records})

    def edit_element451(self, kind: str, edits: Mapping[str, Row]) -> None:
        """Change Element451 records (``contact`` or ``conversation``) as people would: the new values by
        id."""
        self.control("PATCH", f"element451/{kind}s", edits)

    def create_element451(self, kind: str, **values: object) -> str:
        """Create an Element451 record as a person would, slugs with underscores for dashes; returns its
        id."""
        given = {name.replace("_", "-"): value for name, value in values.items()}
        id_slug = "user-elementid" if kind == "contact" else "conversation-id"
        return str(self.control("POST", f"element451/{kind}s", given)[id_slug])

    def delete(self, object: str, *ids: str) -> None:
        """Put Salesforce records into the recycle bin."""
        self.control("POST", "salesforce/delete", {"object": object, "ids": ids})

    def undelete(self, object: str, *ids: str) -> None:
        """Take Salesforce records out of the recycle bin."""
        self.control("POST", "salesforce/undelete", {"object": object, "ids": ids})

    def purge(self, object: str, *ids: str) -> None:
        """Empty Salesforce records out of the recycle bin."""
        self.control("POST", "salesforce/purge", {"object": object, "ids": ids})

    def merge(self, object: str, winner: str, losers: Sequence[str], **fields: object) -> None:
        """Merge Salesforce records into ``winner``."""
        self.control(
            "POST",
            "salesforce/merge",
            {"object": object, "winner": winner, "losers": list(losers), "fields": fields},
        )

    def field(self, object: str, field: str, **changes: object) -> None:
        """Change a Salesforce field as an administrator would."""
        self.control("POST", "salesforce/field", {"object": object, "field": field, **changes})

    def expire_tokens(self) -> int:
        """Expire every access token; returns how many."""
        return int(self.control("POST", "salesforce/expire-tokens")["expired"])

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
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
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
