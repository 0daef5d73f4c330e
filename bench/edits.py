"""Changes a part of the school, through both systems' own calls: half of it in Salesforce, half in
Element451."""

from typing import Any

import requests

from demo.imitation import Imitation
from demo.program import FEATURE_TOKEN

PACK, ROWS = 200, 500
"""Records a call: a collection of Salesforce's, an import of Element451's."""


def change(sandbox: Imitation, token: str, pairs: list[tuple[str, str]], share: float) -> int:
    """Give a ``share`` of the pairs (Element ID, Salesforce ID) a new value that its owner made. Returns how
    many were changed."""
    chosen = pairs[: int(len(pairs) * share)]
    middle = len(chosen) // 2
    with requests.Session() as http:
        http.trust_env = False
        for at in range(0, middle, PACK):
            _in_salesforce(
                http,
                sandbox.url,
                token,
                [salesforce_id for _, salesforce_id in chosen[at : min(at + PACK, middle)]],
            )
        for at in range(middle, len(chosen), ROWS):
            _in_element451(http, sandbox.url, [element_id for element_id, _ in chosen[at : at + ROWS]])
    return len(chosen)


def _in_salesforce(http: requests.Session, url: str, token: str, ids: list[str]) -> None:
    records = [{"attributes": {"type": "Contact"}, "id": id, "Description": f"Changed {id}"} for id in ids]
    path = f"{url}/services/data/v66.0/composite/sobjects"
    reply = http.patch(
        path,
        json={"allOrNone": True, "records": records},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    reply.raise_for_status()
    _require(all(result["success"] for result in reply.json()), reply.text)


def _in_element451(http: requests.Session, url: str, ids: list[str]) -> None:
    columns = [_column("user-elementid", ["unique"]), _column("user-phone-cell-number", [])]
    items = [{"0": id, "1": f"changed {id}"} for id in ids]
    body = {"item": {"template": {"columns": columns}, "items": items}}
    reply = http.post(f"{url}/v2/users/import", json=body, headers={"Feature": FEATURE_TOKEN}, timeout=60)
    reply.raise_for_status()
    _require(reply.json()["data"]["stats"]["updated"] == len(ids), reply.text)


def _column(slug: str, unique: list[str]) -> dict[str, Any]:
    constant: dict[str, Any] = {
        "mode": "slug",
        "formula": "",
        "transformations": [],
        "scope": [],
        "validations": [],
        "type": "string",
    }
    return {**constant, "field": slug, "slug": slug, "range": unique, "empty": "null"}


def _require(done: bool, answer: str) -> None:
    if not done:
        raise RuntimeError(f"the sandbox did not take a change: {answer[:500]}")
