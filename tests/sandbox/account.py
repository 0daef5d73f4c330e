"""A client of the imitation account that speaks its contract in full, for the tests to spoil."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

TOKEN = "sandbox-feature"
Json = dict[str, Any]


def column(slug: str) -> Json:
    """A column of an export."""
    return {"field": slug, "mode": "slug", "slug": slug}


def columns(*slugs: str) -> Json:
    """The part of an export's item that names its columns."""
    return {"options": {"column_key": "slug"}, "template": {"columns": [column(slug) for slug in slugs]}}


def import_column(slug: str, *, unique: bool = False, empty: str = "null") -> Json:
    """A column of an import."""
    fixed: Json = {
        "mode": "slug",
        "formula": "",
        "transformations": [],
        "scope": [],
        "validations": [],
        "type": "string",
    }
    return {"field": slug, "slug": slug, **fixed, "range": ["unique"] if unique else [], "empty": empty}


def import_body(given: Sequence[Json], *rows: Sequence[Any]) -> Json:
    """The body of an import; each row has one cell for each column."""
    items = [{str(number): cell for number, cell in enumerate(row)} for row in rows]
    return {"item": {"template": {"columns": list(given)}, "items": items}}


def segment(slug: str, operator: str, value: Any, plural: str = "users") -> Json:
    """An inline segment of one filter."""
    return {
        plural: {
            "filters": {"type": "filter", "target": f"<mapping:{slug}>", "operator": operator, "value": value}
        }
    }


EVERYBODY = segment("user-updated-at", "$gte", "1970-01-01T00:00:00+00:00")


class Account:
    """Speaks to one sandbox."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Feature"] = TOKEN

    def post(
        self, path: str, body: Any, headers: Mapping[str, str | None] | None = None
    ) -> requests.Response:
        """A call of the contract."""
        return self.session.post(f"{self.url}/v2/{path}", json=body, headers=headers, timeout=30)

    def get(self, path: str, headers: Mapping[str, str | None] | None = None) -> requests.Response:
        """A call of the contract."""
        return self.session.get(f"{self.url}/v2/{path}", headers=headers, timeout=30)

    def person(self, method: str, path: str, body: Json | None = None) -> requests.Response:
        """A control of the account."""
        return self.session.request(method, f"{self.url}/_sandbox/element451/{path}", json=body, timeout=30)

    def control(self, path: str, body: Json) -> Any:
        """A control of the whole sandbox."""
        reply = self.session.post(f"{self.url}/_sandbox/{path}", json=body, timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def journal(self) -> list[Json]:
        """Every write so far."""
        found: list[Json] = self.session.get(f"{self.url}/_sandbox/journal", timeout=30).json()
        return found

    def add(self, **values: Any) -> str:
        """A new contact, as a person adds one; underscores stand for the hyphens after ``user-``."""
        return str(
            self._made(
                "contacts", {f"user-{name.replace('_', '-')}": value for name, value in values.items()}
            )["user-elementid"]
        )

    def add_conversation(self, **values: Any) -> str:
        """A new conversation; underscores stand for the hyphens after ``conversation-``."""
        given = {f"conversation-{name.replace('_', '-')}": value for name, value in values.items()}
        return str(self._made("conversations", given)["conversation-id"])

    def contact(self, id: str) -> Json:
        """The contact in one plain spelling."""
        found: Json = self.person("GET", f"contacts/{id}").json()
        return found

    def export(self, slugs: Sequence[str], path: str = "users/export", **item: Any) -> Json:
        """The answer of an export that succeeds."""
        reply = self.post(path, {"item": {**columns(*slugs), **item}})
        assert reply.status_code == 200, reply.text
        answer: Json = reply.json()
        return answer

    def find(self, slug: str, operator: str, value: Any) -> list[str]:
        """The ids of the contacts that a segment finds."""
        return [
            row["user-elementid"]
            for row in self.export(["user-email-address"], segment=segment(slug, operator, value))["data"]
        ]

    def load(self, given: Sequence[Json], *rows: Sequence[Any]) -> Json:
        """The data of an import that is taken."""
        reply = self.post("users/import", import_body(given, *rows))
        assert reply.status_code == 201, reply.text
        data: Json = reply.json()["data"]
        return data

    def _made(self, path: str, values: Json) -> Json:
        reply = self.person("POST", path, values)
        assert reply.status_code == 200, reply.text
        made: Json = reply.json()
        return made
