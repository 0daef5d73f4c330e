"""A plain client of the imitation org, for the tests to spoil."""

from typing import Any

import requests

from tests.support.sandbox import RunningSandbox

V66 = "/services/data/v66.0"
Row = dict[str, Any]


class Org:
    """Speaks REST v66 with a token of its own."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.token = sandbox.sign_in()
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Authorization"] = f"Bearer {self.token['access_token']}"

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Call below v66 (or an address that begins with ``/services``)."""
        address = path if path.startswith("/services") else f"{V66}/{path}"
        return self.http.request(method, self.sandbox.url + address, json=body, timeout=30, **more)

    def get(self, path: str, **params: Any) -> requests.Response:
        """GET."""
        return self.call("GET", path, params=params)

    def post(self, path: str, body: Any = None, **params: Any) -> requests.Response:
        """POST."""
        return self.call("POST", path, body, params=params)

    def patch(self, path: str, body: Any = None, **params: Any) -> requests.Response:
        """PATCH."""
        return self.call("PATCH", path, body, params=params)

    def query(self, soql: str, path: str = "query") -> list[Row]:
        """The records of a query that must succeed, without their attributes; all pages."""
        reply = self.get(path, q=soql)
        assert reply.status_code == 200, reply.text
        page = reply.json()
        found = list(page["records"])
        while not page["done"]:
            page = self.get(page["nextRecordsUrl"]).json()
            found += page["records"]
        return [{name: value for name, value in record.items() if name != "attributes"} for record in found]

    def refused(self, soql: str) -> Row:
        """The one error of a query that must be refused."""
        reply = self.get("query", q=soql)
        assert reply.status_code == 400, reply.text
        (error,) = reply.json()
        return dict(error)

    def create(self, object: str = "Contact", **fields: Any) -> str:
        """Create a record that must be taken; returns its id."""
        reply = self.post(f"sobjects/{object}", fields)
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    def read(self, id: str, *fields: str, object: str = "Contact") -> Row:
        """Fields of a record."""
        reply = self.get(f"sobjects/{object}/{id}", fields=",".join(fields))
        assert reply.status_code == 200, reply.text
        return {name: reply.json()[name] for name in fields}

    def error(self, object: str = "Contact", **fields: Any) -> Row:
        """The one error of a creation that must be refused."""
        reply = self.post(f"sobjects/{object}", fields)
        assert reply.status_code == 400, reply.text
        (error,) = reply.json()
        return dict(error)


def typed(*records: Row, object: str = "Contact", **more: Any) -> Row:
    """The body of a collections call."""
    return {"records": [{"attributes": {"type": object}, **record} for record in records], **more}


def sub(reference: str, method: str, path: str, body: Any = None) -> Row:
    """A part of a composite call."""
    request: Row = {"referenceId": reference, "method": method, "url": f"{V66}/{path}"}
    return request if body is None else {**request, "body": body}


def run(org: Org, *requests: Row, **more: Any) -> list[Row]:
    """The replies to the parts of a composite call, in order."""
    reply = org.post("composite", {"compositeRequest": list(requests), **more})
    assert reply.status_code == 200, reply.text
    return list(reply.json()["compositeResponse"])
