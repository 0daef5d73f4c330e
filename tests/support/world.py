"""A small school for tests of the road: both systems in memory, a mapping over every type, and a database of
its own."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select

from syncer.connectors.element451.connector import Element451Connector
from syncer.connectors.errors import FieldRefused
from syncer.connectors.protocol import Connector
from syncer.connectors.salesforce.connector import SalesforceConnector
from syncer.core.fields import Field
from syncer.core.mapping import FieldMapping, MappedField
from syncer.core.plan import Plan
from syncer.core.preferences import ExportMode, GuardLimits, Preferences, Scope
from syncer.core.records import Kind, System, Value
from syncer.journal import approvals
from syncer.journal.log import ENTRIES
from syncer.journal.runs import Run
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import EverythingDue, sync
from syncer.sync.pair_store import PAIRS, due_now
from tests.support.memory import Clock, MemoryElement451, MemorySalesforce

SLUG = "user-identities-salesforceid"
OURS, THEIRS = System.ELEMENT451, System.SALESFORCE
CONTACT_FIELDS = [
    ("user-first-name", "FirstName", OURS),
    ("user-last-name", "LastName", OURS),
    ("user-email-address", "Email", OURS),
    ("user-phone-cell-number", "Phone", THEIRS),
    ("user-dob", "Birthdate", THEIRS),
    ("user-custom-applied", "Applied__c", OURS),
    ("user-sms-updates", "HasOptedOutOfEmail", THEIRS),
    ("user-custom-gpa", "GPA__c", THEIRS),
    ("user-custom-visits", "Visits__c", OURS),
    ("user-education-student-type", "Student_Type__c", THEIRS),
    ("user-race-categories", "Race__c", THEIRS),
    ("user-custom-notes", "Description", OURS),
]
CONVERSATION_FIELDS = [
    ("conversation-channel", "Channel__c"),
    ("conversation-status", "Status__c"),
    ("conversation-subject", "Subject__c"),
    ("conversation-tags", "Tags__c"),
    ("conversation-is-private", "Private__c"),
    ("conversation-message-count", "Messages__c"),
    ("conversation-last-activity-at", "Last_Activity__c"),
    ("conversation-transcript", "Transcript__c"),
]
UNGUARDED = GuardLimits(records=10**9, percent=100, at_least=10**9)


@dataclass
class World:
    """The school. `person_…` methods are what people do; `sync` is a run; `preferences` and `owners` may be
    changed between runs. By default the import updates, and everybody is exported."""

    engine: Engine
    preferences: Preferences = field(
        default_factory=lambda: Preferences(update_existing=True, scope=Scope.ALL, guard=UNGUARDED)
    )
    contact_fields: list[tuple[str, str, System]] = field(default_factory=lambda: list(CONTACT_FIELDS))
    clock: Clock = field(default_factory=Clock)
    entity: str = "Contact"
    """The Salesforce object that contacts are synced with."""

    def __post_init__(self) -> None:
        self.salesforce = MemorySalesforce(clock=self.clock)
        self.element451 = MemoryElement451(clock=self.clock)
        self.version = 1

    # what people do

    def theirs(self, entity: str = "Contact", /, **values: Value) -> str:
        """A record that people create in Salesforce."""
        return self.salesforce.people.create(
            entity, {"LastName": "Nobody"} | values if entity == "Contact" else values
        )

    def ours(self, kind: Kind = Kind.CONTACT, /, **values: Value) -> str:
        """A record that people create in Element451; slugs with underscores for dashes."""
        return self.element451.people.create(kind, slugs(values))

    def pair(
        self, theirs: dict[str, Value] | None = None, ours: dict[str, Value] | None = None
    ) -> tuple[str, str]:
        """A contact in both systems, each holding the other's ID: (Element ID, Salesforce ID)."""
        salesforce_id = self.theirs(**(theirs or {}))
        element_id = self.ours(
            **({"user_last_name": "Nobody"} | (ours or {})), user_identities_salesforceid=salesforce_id
        )
        self.salesforce.people.edit(salesforce_id, {"Element451_ID__c": element_id})
        return element_id, salesforce_id

    def conversation(self, contact: str | None, **values: Value) -> str:
        """A conversation in Element451 with a contact, or an anonymous one."""
        return self.element451.people.create(
            Kind.CONVERSATION, {"conversation-user-elementid": contact} | slugs(values)
        )

    def later(self, minutes: float = 15) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(minutes=minutes).total_seconds())

    # what the product does

    def sync(self, **more: Any) -> Run:
        """A whole run, some time after the last one."""
        self.later()
        if (run := more.get("goes_on")) is not None:
            approvals.approve(self.engine, run, now=self.clock.now)
        return sync(self.sync_engine(), **more)

    def dry_run(self) -> tuple[list[Plan], Run]:
        """What a run would do."""
        plans: list[Plan] = []
        return plans, self.sync_engine().dry_run(EverythingDue(), lambda run, plan: plans.append(plan))

    def read(self) -> None:
        """Steps 1 and 2 of a run."""
        EverythingDue().read(self.sync_engine(), None)

    def connectors(self) -> dict[System, Connector]:
        """Both systems, as the engine works with them."""
        return {
            System.SALESFORCE: SalesforceConnector(self.salesforce),
            System.ELEMENT451: Element451Connector(self.element451),
        }

    def context(self) -> SyncContext:
        """What a run works with, by the preferences and mappings of now."""
        return SyncContext(self.engine, self.connectors(), self.setup(), lambda: self.clock.now)

    def sync_engine(self) -> SyncEngine:
        """The sync engine by the preferences and mappings of now."""
        return SyncEngine(self.context(), self._may_blank)

    def configure(self, **preferences: Any) -> None:
        """Change preferences; a new mapping version."""
        self.preferences = replace(self.preferences, **preferences)
        self.version += 1

    def setup(self) -> CompiledConfig:
        """The configuration of now, compiled."""
        entities, fields = (
            self.salesforce.people.entities_by_name,
            {f.key: f for f in self.element451.catalogue()},
        )
        contact, conversation = entities[self.entity], entities["E451_Conversation__c"]

        def mapped(slug: str, key: str, owner: System, entity: Any = contact) -> MappedField:
            return MappedField(fields[slug], entity.fields[key], owner)

        ordinary = tuple(mapped(*row) for row in self.contact_fields)
        match_on = tuple(m for m in ordinary if m.element451.key in self.preferences.match_on)
        links = (mapped("user-elementid", "Element451_ID__c", OURS), mapped(SLUG, "Id", THEIRS))
        talk = tuple(mapped(slug, key, OURS, conversation) for slug, key in CONVERSATION_FIELDS)
        lookup = mapped("conversation-user-elementid", "Contact__c", OURS, conversation)
        ids = mapped("conversation-id", "Conversation_ID__c", OURS, conversation)
        mappings = {
            Kind.CONTACT: FieldMapping(Kind.CONTACT, contact, *links, None, ordinary, match_on),
            Kind.CONVERSATION: FieldMapping(Kind.CONVERSATION, conversation, ids, None, lookup, talk),
        }
        return CompiledConfig(self.version, self.preferences, mappings)

    # what is there afterwards

    def in_salesforce(self, record: str) -> dict[str, Value]:
        """A record's values in Salesforce."""
        return self.salesforce.people.values(record)

    def in_element451(self, record: str) -> dict[str, Value]:
        """A record's values in Element451."""
        return self.element451.people.values(record)

    def contacts(self) -> tuple[list[str], list[str]]:
        """The live contacts of both systems: (Element IDs, Salesforce IDs)."""
        return self.element451.people.live(Kind.CONTACT), self.salesforce.people.live("Contact")

    def entries(self) -> list[dict[str, Any]]:
        """The Integration Logs, oldest first."""
        with self.engine.connect() as connection:
            return [
                dict(row) for row in connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).mappings()
            ]

    def due(self, *, seen: bool = False) -> int:
        """How many pairs are due; ``seen``: without those that are tried again since they cannot be seen
        (rule 9)."""
        with self.engine.connect() as connection:
            due = connection.execute(select(PAIRS.c.failures).where(due_now(self.clock.now))).scalars().all()
        return sum(not (seen and "NOT_VISIBLE" in str(failures)) for failures in due)

    def writes(self) -> list[tuple[str, str, str | None]]:
        """Every write through an API so far: (system, action, record)."""
        both = [*self.salesforce.journal, *self.element451.journal]
        return [(str(entry.system), entry.action, entry.id) for entry in both]

    def _may_blank(self, system: System, key: str) -> None:
        here = (
            self.element451.catalogue()
            if system is OURS
            else list(self.salesforce.describe("Contact").fields.values())
        )
        here += (
            list(self.salesforce.describe("E451_Conversation__c").fields.values()) if system is THEIRS else []
        )
        if all(known.key != key for known in here):
            raise FieldRefused(
                system,
                f"The field {key} no longer exists in {system.label}.",
                code="FIELD_GONE",
                fields=(key,),
            )


def slugs(values: dict[str, Value]) -> dict[str, Value]:
    """``user_first_name=…`` as ``user-first-name``."""
    return {key.replace("_", "-"): value for key, value in values.items()}


def statuses(run: Run) -> dict[str, dict[str, int]]:
    """A run's counts without the zeros."""
    return {
        name: {status: n for status, n in counts.items() if n}
        for name, counts in run.counts.items()
        if any(counts.values())
    }


__all__ = ["ExportMode", "Field", "Scope", "World", "slugs", "statuses"]
