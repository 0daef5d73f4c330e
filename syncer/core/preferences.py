"""The school's preferences, as the planner needs them (docs/architecture.md, "Surfaces", configuration file).
Pure; standard library only."""

from dataclasses import dataclass, field
from enum import StrEnum

from syncer.core.records import Kind, System


class ExportMode(StrEnum):
    """What an export does with a Salesforce record that is there already (rule 11). Missing ones are inserted
    in both modes."""

    MATCH_EXISTING = "match_existing_and_import_new"
    UPDATE_EXISTING = "update_existing_and_import_new"


class Scope(StrEnum):
    """Which contacts are exported (rule 12)."""

    CONVERSATIONS = "conversations"
    ALL = "all"


def synced_kinds(sync_conversations: bool) -> tuple[Kind, ...]:
    """The kinds that are synced, contacts first (rule 13)."""
    return (Kind.CONTACT, Kind.CONVERSATION) if sync_conversations else (Kind.CONTACT,)


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """Limits above which a run needs approval (rule 19): records of one kind of change, percent of the known
    records, and a floor below which no limit lies."""

    records: int = 500
    percent: int = 20
    at_least: int = 25


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every preference of the configuration file, with its default. Intervals in minutes, sizes in
    records."""

    contact_entity: str = "Contact"
    conversation_entity: str = "E451_Conversation__c"
    update_existing: bool = False
    create_new: bool = False
    export_mode: ExportMode = ExportMode.MATCH_EXISTING
    scope: Scope = Scope.CONVERSATIONS
    sync_conversations: bool = True
    match_on: tuple[str, ...] = ()
    interval_minutes: int = 15
    guard: GuardLimits = field(default_factory=GuardLimits)
    batch_size: int = 200
    salesforce_threads: int = 4
    element451_threads: int = 8
    api_share_percent: int = 50

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that are synced, contacts first."""
        return synced_kinds(self.sync_conversations)

    @property
    def export_updates(self) -> bool:
        """Whether existing Salesforce records get the fields that Element451 owns."""
        return self.export_mode is ExportMode.UPDATE_EXISTING

    @property
    def creates_in(self) -> frozenset[System]:
        """The systems in which records are created: Salesforce always, Element451 if Create New is on."""
        return frozenset(System) if self.create_new else frozenset({System.SALESFORCE})
