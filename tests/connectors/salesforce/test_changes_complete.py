"""The law of incremental reading, over random tables and troubles: every record comes, and going on from any
page misses none."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.connectors.errors import Unreachable
from syncer.connectors.salesforce.reading import changes
from syncer.connectors.salesforce.reading.keyset import QueryPage
from syncer.connectors.salesforce.reading.soql import Position
from syncer.connectors.salesforce.record_mapper import RecordMapper, Row
from syncer.core.field_types.dates import DATETIME
from syncer.core.fields import Entity, Field
from syncer.core.records import System

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTACT = Entity(
    "Contact",
    "Contact",
    {"SystemModstamp": Field(System.SALESFORCE, "SystemModstamp", "Changed", DATETIME)},
)


def fault(code: str) -> Unreachable:
    return Unreachable(System.SALESFORCE, "passes", code=code)


class Troubled:
    """Answers as `Queries` does, from a table that people edit meanwhile, with troubles at random."""

    def __init__(self, stamps: list[int], seed: int) -> None:
        self.stamps = {
            f"003{number:012d}AAA": NOW - timedelta(seconds=100 - seconds)
            for number, seconds in enumerate(stamps)
        }
        self.random = random.Random(seed)
        self.page, self.troubles, self.edits = self.random.randint(1, 5), self.random.randint(0, 3), 0
        self.found: list[str] = []

    def first_page(self, statement: str) -> QueryPage:
        self._trouble("QUERY_TIMEOUT")
        ordered = sorted(self.stamps, key=lambda id: (self.stamps[id], id))
        self.found = [id for id in ordered if self._behind(statement, id)]
        if " LIMIT " in statement:
            self.found = self.found[: int(statement.rsplit(" ", 1)[1])]
        return self._reply(0)

    def next_page(self, address: str) -> QueryPage:
        self._trouble("INVALID_QUERY_LOCATOR")
        # Later pages are read later: a record that changed meanwhile shows its new stamp in its old place.
        for id in self.random.sample(sorted(self.stamps), min(len(self.stamps), self.random.randint(0, 2))):
            self.edits += 1
            self.stamps[id] = NOW + timedelta(seconds=self.edits)
        return self._reply(int(address))

    def retrieve(self, entity: str, ids: Any, columns: Any) -> dict[str, Row]:
        return {}

    def _reply(self, at: int) -> QueryPage:
        until = at + self.random.randint(1, self.page)
        rows: list[Row] = [
            {"Id": id, "SystemModstamp": self.stamps[id].isoformat()} for id in self.found[at:until]
        ]
        done = until >= len(self.found)
        return QueryPage(
            rows,
            len(rows),
            done,
            len(self.found),
            None if done else str(until),
            NOW + timedelta(seconds=self.edits),
        )

    def _trouble(self, code: str) -> None:
        if self.troubles and self.random.random() < 0.5:
            self.troubles -= 1
            raise fault(code)

    def _behind(self, statement: str, id: str) -> bool:
        if "WHERE" not in statement:
            return True
        words = statement.replace("(", " ").replace(")", " ").replace("'", " ").split()
        stamp, last = words[words.index("=") + 1], words[words.index("AND") + 3]
        return (self.stamps[id], id) > (datetime.fromisoformat(stamp), last)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=14), st.integers(0, 2**32))
def test_every_record_is_read_and_going_on_from_any_page_misses_none(stamps: list[int], seed: int) -> None:
    org, read = Troubled(stamps, seed), set[str]()
    try:
        for page in changes.pages(org, RecordMapper(CONTACT, []), None, None):  # type: ignore[arg-type]  # an org that answers queries and no more
            read |= {record.id for record in page.records}
            position = Position.parse(page.cursor) if page.cursor else None
            for id in org.stamps.keys() - read:
                assert position is None or (org.stamps[id], id) > (position.stamp, position.id)
    except Unreachable:
        return  # three time-outs in a row: the next run goes on from the last cursor
    assert read == org.stamps.keys()
