"""The Salesforce orgs that the suite runs over: one in memory, and the sandbox's, by the real adapter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from syncer.connectors.protocol import Salesforce
from syncer.core.fields import Entity, Field
from syncer.core.records import Value
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.memory import MemorySalesforce
from tests.support.sandbox import RunningSandbox

OBJECTS = ("Account", "Contact", "E451_Student__c", "E451_Conversation__c")


class Org(Protocol):
    """An org: its API, and what people and misfortune do to it."""

    @property
    def api(self) -> Salesforce: ...

    def create(self, entity: str, values: Mapping[str, Value]) -> str: ...

    def edit(self, entity: str, record_id: str, values: Mapping[str, Value]) -> None: ...

    def delete(self, entity: str, record_id: str) -> None: ...

    def undelete(self, entity: str, record_id: str) -> None: ...

    def purge(self, entity: str, record_id: str) -> None: ...

    def merge(self, entity: str, winner: str, loser: str) -> None: ...

    def advance(self, seconds: float) -> None: ...

    def lag(self, seconds: float) -> None:
        """Let what people do be visible only so much later than its stamp."""

    def append(self, entity: str, field: str, text: str) -> None:
        """Let an automation append a text to a field at each save."""

    def refuse(self, field: str, value: str) -> None:
        """Let a rule of the org refuse every record that is written with this value."""

    def lose_reply(self) -> None:
        """Let the reply to the next write be lost."""

    def break_down(self, midway: bool = False) -> None:
        """Let no write reach the org any more, or only the first thousand records of the next one."""

    def damage(self, entity: str, record_id: str, field: str, text: str = "x\\ud83d") -> None:
        """Let a field of a record come as text that cannot be decoded; ``text`` as it stands in the reply."""

    def lose_ids(self, *record_ids: str) -> None:
        """Let the rows of these records come without an id."""

    def written(self) -> list[str]:
        """The Salesforce IDs of the records written through the API, in order."""


def fields(entity: Entity, *keys: str) -> list[Field]:
    """The fields with these API names."""
    return [entity.fields[key] for key in keys]


class InMemory:
    """`MemorySalesforce` under test, with the objects that the sandbox describes."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.api = self._system = MemorySalesforce(entities)

    def create(self, entity: str, values: Mapping[str, Value]) -> str:
        return self._system.people.create(entity, values)

    def edit(self, entity: str, record_id: str, values: Mapping[str, Value]) -> None:
        self._system.people.edit(record_id, values)

    def delete(self, entity: str, record_id: str) -> None:
        self._system.people.delete(record_id)

    def undelete(self, entity: str, record_id: str) -> None:
        self._system.people.undelete(record_id)

    def purge(self, entity: str, record_id: str) -> None:
        self._system.people.purge(record_id)

    def merge(self, entity: str, winner: str, loser: str) -> None:
        self._system.people.merge(winner, loser)

    def advance(self, seconds: float) -> None:
        self._system.clock.advance(seconds)

    def lag(self, seconds: float) -> None:
        self._system.faults.lag(seconds)

    def append(self, entity: str, field: str, text: str) -> None:
        self._system.faults.trigger = lambda values: (
            {field: f"{values[field]}{text}"} if values.get(field) else {}
        )

    def refuse(self, field: str, value: str) -> None:
        self._system.faults.refuse(value)

    def lose_reply(self) -> None:
        self._system.faults.lose_reply()

    def break_down(self, midway: bool = False) -> None:
        self._system.faults.fail("write", after=1000 if midway else 0, times=1000)

    def damage(self, entity: str, record_id: str, field: str, text: str = "x\\ud83d") -> None:
        self._system.people.rows[record_id].values[field] = "x\ud83d"

    def lose_ids(self, *record_ids: str) -> None:
        self._system.faults.nameless.update(record_ids)

    def written(self) -> list[str]:
        return [entry.id for entry in self._system.journal]


class OnSandbox:
    """`SalesforceClient` under test, on the sandbox."""

    def __init__(self, sandbox: RunningSandbox, path: Path) -> None:
        self._sandbox = sandbox
        sandbox.reset()
        self.api = client_of(sandbox, path)

    def create(self, entity: str, values: Mapping[str, Value]) -> str:
        return self._sandbox.create(entity, **_wire(values))

    def edit(self, entity: str, record_id: str, values: Mapping[str, Value]) -> None:
        self._sandbox.edit(entity, record_id, **_wire(values))

    def delete(self, entity: str, record_id: str) -> None:
        self._sandbox.delete(entity, record_id)

    def undelete(self, entity: str, record_id: str) -> None:
        self._sandbox.undelete(entity, record_id)

    def purge(self, entity: str, record_id: str) -> None:
        self._sandbox.purge(entity, record_id)

    def merge(self, entity: str, winner: str, loser: str) -> None:
        self._sandbox.merge(entity, winner, [loser])

    def advance(self, seconds: float) -> None:
        self._sandbox.clock(advance=seconds)

    def lag(self, seconds: float) -> None:
        self._sandbox.options(visibility_seconds=seconds)

    def append(self, entity: str, field: str, text: str) -> None:
        self._sandbox.options(triggers=[{"object": entity, "field": field, "change": f"append:{text}"}])

    def refuse(self, field: str, value: str) -> None:
        error = {
            "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "message": "A rule of the school's own.",
            "fields": [field],
        }
        self._sandbox.fault("record", system="salesforce", where={field: value}, error=error, times=-1)

    def lose_reply(self) -> None:
        self._sandbox.fault("cut_after", system="salesforce", method="POST", path="/composite")

    def break_down(self, midway: bool = False) -> None:
        self._sandbox.fault(
            "html503", system="salesforce", method="POST", path="/composite", skip=int(midway), times=-1
        )

    def damage(self, entity: str, record_id: str, field: str, text: str = "x\\ud83d") -> None:
        self._sandbox.alter(ids=[record_id], raw={field: text}, rule={"system": "salesforce"})

    def lose_ids(self, *record_ids: str) -> None:
        self._sandbox.alter("/query", ids=record_ids[:1], remove=["Id"], rule={"system": "salesforce"})
        for lost in record_ids[1:]:
            self._sandbox.alter("/query", ids=[lost], null=True, rule={"system": "salesforce"})

    def written(self) -> list[str]:
        return [
            line["id"]
            for line in self._sandbox.journal()
            if line["by"] == "api" and line["system"] == "salesforce"
        ]


def _wire(values: Mapping[str, Value]) -> dict[str, object]:
    return {key: ";".join(value) if isinstance(value, list) else value for key, value in values.items()}
