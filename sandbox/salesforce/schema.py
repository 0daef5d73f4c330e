"""The org's schema: loaded from the data files beside it, and altered by an administrator through the
controls."""

from datetime import datetime
from importlib.resources import files

import orjson

from sandbox.salesforce.errors import not_found
from sandbox.salesforce.fields import Field, SObject

NAMES = (
    "Account",
    "Contact",
    "Lead",
    "Opportunity",
    "User",
    "DuplicateRule",
    "E451_Student__c",
    "E451_Conversation__c",
)


def load(name: str) -> SObject:
    """Read one object from its data file."""
    data = orjson.loads(files("sandbox.salesforce").joinpath("schema", f"{name}.json").read_bytes())
    return SObject(**{**data, "fields": [Field(**item) for item in data["fields"]]})


class Schema:
    """All objects, by name in any case. ``changed`` is when an administrator last altered something
    (describe's 304 goes by it)."""

    def __init__(self, now: datetime) -> None:
        self.objects = {name: load(name) for name in NAMES}
        self._by_name = {name.lower(): item for name, item in self.objects.items()}
        self._by_prefix = {item.keyPrefix: item for item in self.objects.values()}
        self.changed = now
        self.version = 0

    def find(self, name: str) -> SObject | None:
        """The object of that name, or None."""
        return self._by_name.get(name.lower())

    def get(self, name: str) -> SObject:
        """The object of that name. Raises SalesforceError (404 NOT_FOUND)."""
        found = self.find(name)
        if found is None:
            raise not_found()
        return found

    def of_id(self, id: str) -> SObject | None:
        """The object that an id's first three characters name."""
        return self._by_prefix.get(id[:3])

    def children(self, parent: SObject) -> list[tuple[SObject, Field]]:
        """The lookups of other objects that point to ``parent``."""
        return [
            (child, item)
            for child in self.objects.values()
            for item in child.visible()
            if parent.name in item.referenceTo
        ]

    def touch(self, now: datetime) -> None:
        """Note that the schema changed."""
        self.changed = now
        self.version += 1
