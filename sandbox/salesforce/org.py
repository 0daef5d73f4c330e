"""The org: its schema, rows, sign-ins and counters, as one object that every endpoint shares."""

from collections import Counter

from sandbox.salesforce.bulk.jobs import Jobs
from sandbox.salesforce.fields import SObject
from sandbox.salesforce.oauth.client import Client
from sandbox.salesforce.oauth.grants import Grants
from sandbox.salesforce.options import SalesforceOptions
from sandbox.salesforce.rest.cursors import Cursors
from sandbox.salesforce.saving.drafts import Reader
from sandbox.salesforce.saving.save import Saver
from sandbox.salesforce.schema import Schema
from sandbox.salesforce.store import Store
from sandbox.salesforce.visibility import quote
from sandbox.world import World

NEWEST, OLDEST = 66, 59
LABELS = {
    66: "Spring '26",
    65: "Winter '26",
    64: "Summer '25",
    63: "Spring '25",
    62: "Winter '25",
    61: "Summer '24",
    60: "Spring '24",
    59: "Winter '24",
}


class Org:
    """The imitation org of a world; ``world.part(Org)`` is the one that there is."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.options.of(SalesforceOptions)
        self.client = Client()
        self.refreshing: set[str] = set()
        world.register(self._set_up)

    def _set_up(self, world: World) -> None:
        self.schema = Schema(world.clock.now())
        self.store = Store(world, self.schema)
        self.reader = Reader(self.schema, world)
        self.saver = Saver(world, self.schema, self.store, self.reader)
        self.cursors = Cursors()
        self.jobs = Jobs()
        self.sessions = Grants(world)
        self._counted: tuple[int, dict[str, int]] | None = None
        self._calls_by_hour: Counter[int] = Counter()
        self.store.create_tables()

    @property
    def options(self) -> SalesforceOptions:
        """The org's options."""
        return self.world.options.of(SalesforceOptions)

    def count_call(self, calls: int = 1) -> None:
        """Count calls against the daily limit."""
        self._calls_by_hour[self._hour()] += calls

    @property
    def calls_used(self) -> int:
        """Calls of the last 24 hours."""
        newest = self._hour()
        return sum(calls for hour, calls in self._calls_by_hour.items() if newest - 24 < hour <= newest)

    def _hour(self) -> int:
        return int(self.world.clock.now().timestamp() // 3600)

    def stale_counts(self) -> dict[str, int]:
        """How many live rows each object had when they were last counted, which is done once an hour."""
        hour = self._hour()
        if self._counted is None or self._counted[0] != hour:
            counts = {}
            for item in self.schema.objects.values():
                live = " WHERE NOT IsDeleted" if item.soft_deletes else ""
                (counts[item.name],) = self.world.db.execute(
                    f"SELECT count(*) FROM {quote(item.name)}{live}"
                ).fetchone()
            self._counted = (hour, counts)
        return self._counted[1]

    def latest_date_covered(self, item: SObject) -> str:
        """Up to when a reader has seen everything: now, or the start of the oldest transaction that is still
        open."""
        return self.store.visibility.oldest_open(item) or self.store.now()
