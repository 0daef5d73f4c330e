"""Open queries: the rows of each locator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import make_id

LOCATOR_LIFE = timedelta(days=2)
MOST_LOCATORS = 200


@dataclass
class Cursor:
    """An open query: the ids of its rows, and how to read them."""

    soql: str
    with_deleted: bool
    ids: list[str]
    page: int
    opened: datetime
    session: str


class Cursors:
    """The open queries of an org, by locator."""

    def __init__(self) -> None:
        self._open: dict[str, Cursor] = {}
        self._count = 0

    def add(self, cursor: Cursor) -> str:
        """Keep a cursor; the oldest gives way when there are too many."""
        self._count += 1
        locator = make_id("01g", self._count)
        self._open[locator] = cursor
        while len(self._open) > MOST_LOCATORS:
            del self._open[next(iter(self._open))]
        return locator

    def get(self, locator: str, now: datetime, session: str, others: str) -> Cursor:
        """The cursor of a locator. ``others`` says what becomes of one that another session opened:
        ``served``, ``invalid`` or ``forbidden``. Raises SalesforceError (INVALID_QUERY_LOCATOR, or 403)."""
        cursor = self._open.get(locator)
        foreign = cursor is not None and cursor.session != session
        if foreign and others == "forbidden":
            text = "insufficient access rights on cross-reference id"
            raise SalesforceError(403, "INSUFFICIENT_ACCESS", text)
        if cursor is None or now - cursor.opened > LOCATOR_LIFE or (foreign and others == "invalid"):
            raise SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return cursor
