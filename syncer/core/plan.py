"""What a plan is: what would be done to one record, in which direction, and why. Pure values; the decision is
`syncer.core.planner`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from syncer.core.mapping import FieldMapping
from syncer.core.preferences import Preferences
from syncer.core.records import Kind, System, Value, Values


class Direction(StrEnum):
    """Import = Salesforce to Element451, export = Element451 to Salesforce."""

    IMPORT = "import"
    EXPORT = "export"

    @property
    def source(self) -> System:
        """The system that the values come from."""
        return System.SALESFORCE if self is Direction.IMPORT else System.ELEMENT451

    @property
    def target(self) -> System:
        """The system that is written."""
        return self.source.other

    @classmethod
    def to(cls, target: System) -> "Direction":
        """The direction that writes to ``target``."""
        return cls.EXPORT if target is System.SALESFORCE else cls.IMPORT

    @property
    def opposite(self) -> "Direction":
        """The other direction."""
        return Direction.EXPORT if self is Direction.IMPORT else Direction.IMPORT


class Flow(StrEnum):
    """Everything that a run does: contacts are imported and exported, conversations exported. The values are
    the keys of a run's counts."""

    IMPORT_CONTACT = "import_contact"
    EXPORT_CONTACT = "export_contact"
    EXPORT_CONVERSATION = "export_conversation"

    @property
    def direction(self) -> Direction:
        """Which way the values go."""
        return Direction(self.partition("_")[0])

    @property
    def kind(self) -> Kind:
        """The kind of record."""
        return Kind(self.partition("_")[2])

    @classmethod
    def of(cls, direction: Direction, kind: Kind) -> "Flow":
        """The flow of this kind in this direction. Raises `ValueError` for an import of conversations, which
        there is not."""
        return cls(f"{direction.value}_{kind.value}")


class Status(StrEnum):
    """What was, or would be, done. There are no others."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    DEACTIVATED = "deactivated"
    UPSERTED = "upserted"
    FAILED = "failed"

    @property
    def writes(self) -> bool:
        """Whether a record is written."""
        return self in (Status.INSERTED, Status.UPDATED, Status.UPSERTED)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the target that would get another value. ``known``: whether the value before had been
    read. ``element451`` is empty for a constant, which is Salesforce's own from its creation on."""

    element451: str
    salesforce: str
    owner: System
    before: Value
    after: Value
    known: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to one record in one direction.

    ``incoming`` holds the source's mapped values as last seen, ``outgoing`` what would be sent, by the
    target's own field keys: ``changes`` are the differences that this makes. ``left_out`` are the changes
    that are not sent: such a plan is `failed`, with the reason, even where the rest is written (rule 15).
    ``held`` are those that a hold keeps out (rule 20).
    ``code`` names the reason of a failure. ``own_side_changed``: whether the
    direction's own side changed, which decides whether a run counts it (rule 3); ``follows``: it can only be
    done after the creation that the other direction plans; ``approved``: a person was shown exactly this and
    approved it (rule 19); ``undoes``: it puts back what was there before, so that its blanks rest on the log
    and on the target just read (rule 6).
    """

    kind: Kind
    direction: Direction
    element_id: str | None
    salesforce_id: str | None
    status: Status
    reason: str
    changes: tuple[Change, ...] = ()
    incoming: Values | None = None
    outgoing: Values | None = None
    code: str = ""
    own_side_changed: bool = True
    follows: bool = False
    approved: bool = False
    undoes: bool = False
    left_out: tuple[Change, ...] = ()
    held: tuple[Change, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether anything is done to the record."""
        return self.writes or self.status is Status.DEACTIVATED

    @property
    def writes(self) -> bool:
        """Whether something is sent: where only a part of a record fails, the rest is."""
        return bool(self.outgoing)

    @property
    def counts(self) -> bool:
        """Whether a run counts it: a direction whose own side did not change is counted only if it writes or
        fails (rule 3)."""
        quiet = self.status in (Status.UNCHANGED, Status.IGNORED)
        return self.own_side_changed or not quiet

    @property
    def creates(self) -> bool:
        """Whether a record is created. What follows a creation in the other system does not create one."""
        return self.status.writes and not (self.element_id and self.salesforce_id) and not self.follows


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pair is planned by: the mapping of its kind, the preferences, the run before this one (for rule
    5), the systems in which nothing is created at the moment, with the reason (rule 22), and the day (UTC)
    that a default such as ``today+30d`` counts from."""

    mapping: FieldMapping
    preferences: Preferences
    previous_run: int = 0
    no_creations: Mapping[System, str] = field(default_factory=dict)
    today: date = date.min
