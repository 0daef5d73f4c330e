"""The sandbox as a child process, and what its controls let a person do in either system."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from demo.children import child

Row = dict[str, Any]


class Imitation:
    """A running sandbox. ``url`` is its address; its controls answer with JSON and raise requests.HTTPError
    when used wrongly."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()
        self._http.trust_env = False  # the controls are on this machine, whatever proxy is set

    def get(self, path: str) -> Any:
        """What the sandbox answers at ``path``."""
        reply = self._http.get(self.url + path, timeout=120)
        reply.raise_for_status()
        return reply.json()

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Use a control: ``path`` is below ``/_sandbox/``."""
        reply = self._http.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=120)
        reply.raise_for_status()
        return reply.json()

    def records(self, system: str, object: str) -> list[Row]:
        """Every record of an object, as the system's own people would see it; deleted ones too, in
        Salesforce."""
        rows: list[Row] = self.control("GET", f"records?system={system}&object={object}")
        return rows

    def edit_element451(self, id: str, values: Row) -> None:
        """Change a contact by hand, by slug."""
        self.control("PATCH", f"element451/contacts/{id}", values)

    def edit_salesforce(self, object: str, id: str, values: Row) -> None:
        """Change a record by hand, by API name."""
        self.control("POST", "salesforce/edit", {"object": object, "id": id, "fields": values})

    def delete_salesforce(self, object: str, id: str) -> None:
        """Put a record into the recycle bin by hand."""
        self.control("POST", "salesforce/delete", {"object": object, "id": id})

    def calls(self) -> dict[str, int]:
        """Calls since the counters were reset, by system; sign-in calls left out."""
        counts: dict[str, dict[str, int]] = self.control("GET", "counters")["calls"]
        return {system: found["total"] - found.get("oauth", 0) for system, found in counts.items()}

    def approve(self, authorize_url: str) -> str:
        """Allow a sign-in as a person would. Returns the address that the browser is sent back to."""
        reply = self._http.get(authorize_url + "&approve=1", allow_redirects=False, timeout=30)
        reply.raise_for_status()
        return reply.headers["Location"]

    def return_to(self, address: str) -> str:
        """Open the address that the browser was sent to, and give the page."""
        page = self._http.get(address, timeout=60)
        page.raise_for_status()
        return page.text

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


@contextmanager
def sandbox_process(module: str, *options: str) -> Iterator[Imitation]:
    """Run ``python -m MODULE OPTIONS``, a program that prints ``{"url": address}`` once it listens, until the
    block ends.

    Raises RuntimeError when it does not start.
    """
    with child(["-m", module, *options], os.environ) as process:
        announcement = process.stdout.readline() if process.stdout else ""
        if not announcement:
            raise RuntimeError(f"the sandbox did not start (exit status {process.wait()})")
        sandbox = Imitation(json.loads(announcement)["url"])
        try:
            yield sandbox
        finally:
            sandbox.close()
