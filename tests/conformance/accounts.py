"""The Element451 accounts that the suite runs over: one in memory, and the sandbox's, by the real adapter."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from syncer.connectors.element451 import Element451Client
from syncer.connectors.protocol import Element451
from syncer.connectors.retry import RetryPolicy
from syncer.core.fields import Field
from syncer.core.records import Kind, Value
from tests.support.memory import MemoryElement451, element451_field
from tests.support.sandbox import RunningSandbox

SLUG = "user-identities-salesforceid"
TOKEN = "sandbox-feature"
STUDENT_TYPES = tuple(
    (value, label)
    for value, label in (
        ("first_year", "First-year"),
        ("transfer", "Transfer"),
        ("graduate", "Graduate"),
        ("returning", "Returning"),
        ("visiting", "Visiting"),
    )
)
RACES = tuple(
    (name, name)
    for name in (
        "American Indian or Alaska Native",
        "Asian",
        "Black or African American",
        "Hispanic or Latino",
        "Native Hawaiian or Other Pacific Islander",
        "White",
    )
)
INTERESTS = (
    ("athletics", "Athletics"),
    ("arts", "Arts, music and theatre"),
    ("Study abroad, exchange", "Study abroad, exchange"),
    ("research", "Undergraduate research"),
    ("greek_life", "Greek life"),
    ("service", "Community service"),
)
CHANNELS = (
    ("messenger", "Messenger"),
    ("sms", "SMS"),
    ("email", "Email"),
    ("call", "Call"),
    ("whatsapp", "WhatsApp"),
)
_FIXED: dict[str, Any] = {"creatable": False, "updatable": False}
FIELDS = {
    field.key: field
    for field in (
        element451_field("user-elementid", unique=True, **_FIXED),
        element451_field("user-updated-at", "datetime", **_FIXED),
        element451_field(SLUG, unique=True),
        element451_field("user-first-name"),
        element451_field("user-last-name"),
        element451_field("user-email-address", unique=True),
        element451_field("user-dob", "date"),
        element451_field("user-sms-updates", "boolean"),
        element451_field("user-education-student-type", "radio", options=STUDENT_TYPES),
        element451_field("user-race-categories", "checkbox", options=RACES),
        element451_field("user-custom-interests", "checkbox", options=INTERESTS),
        element451_field("user-custom-advisor-notes", "textarea"),
        element451_field("user-custom-campus-visits", "integer"),
        element451_field("user-custom-gpa", "float"),
        element451_field("user-custom-last-advised-at", "datetime"),
        element451_field("user-calculated-furthest_funnel_stage", calculated=True, **_FIXED),
        element451_field("user-applications-root", "array", repeater=True),
        element451_field("conversation-id", kind=Kind.CONVERSATION, unique=True, **_FIXED),
        element451_field("conversation-updated-at", "datetime", Kind.CONVERSATION, **_FIXED),
        element451_field("conversation-user-elementid", kind=Kind.CONVERSATION, **_FIXED),
        element451_field("conversation-channel", "dropdown", Kind.CONVERSATION, options=CHANNELS, **_FIXED),
        element451_field("conversation-subject", kind=Kind.CONVERSATION, **_FIXED),
        element451_field("conversation-is-private", "boolean", Kind.CONVERSATION, **_FIXED),
        element451_field("conversation-transcript", "textarea", Kind.CONVERSATION, **_FIXED),
    )
}
"""Fields that every account of the suite has, as its catalogue must describe them."""


def fields(*keys: str) -> list[Field]:
    """The fields with these slugs."""
    return [FIELDS[key] for key in keys]


class Account(Protocol):
    """An account: its API, and what people and misfortune do to it."""

    @property
    def api(self) -> Element451: ...

    def create(self, kind: Kind, values: Mapping[str, Value]) -> str: ...

    def edit(self, kind: Kind, record_id: str, values: Mapping[str, Value]) -> None: ...

    def delete(self, kind: Kind, record_id: str) -> None: ...

    def merge(self, master_id: str, other_id: str) -> None: ...

    def advance(self, seconds: float) -> None: ...

    def refuse(self, slug: str, value: str) -> None:
        """Let the account refuse every contact that is written with this value."""

    def lose_reply(self) -> None:
        """Let the reply to the next import be lost."""

    def break_down(self, midway: bool = False) -> None:
        """Let no import reach the account any more, or only the first 500 rows of the next writing."""

    def damage(self, record_id: str, slug: str, text: str = "x\\ud83d") -> None:
        """Let a field of a record come as text that cannot be decoded; ``text`` as it stands in the reply."""

    def keep_segment(self, guid: str, record_ids: Sequence[str]) -> None:
        """Store a segment of these contacts."""

    def lose_ids(self, *record_ids: str) -> None:
        """Let the rows of these records come without an id."""

    def written(self) -> list[tuple[str, str]]:
        """(action, Element ID) of every contact that was written through the API, in order; create or
        update."""


class InMemory:
    """`MemoryElement451` under test."""

    def __init__(self) -> None:
        self.api = self._system = MemoryElement451(list(FIELDS.values()))

    def create(self, kind: Kind, values: Mapping[str, Value]) -> str:
        return self._system.people.create(kind, values)

    def edit(self, kind: Kind, record_id: str, values: Mapping[str, Value]) -> None:
        self._system.people.edit(record_id, values)

    def delete(self, kind: Kind, record_id: str) -> None:
        self._system.people.delete(record_id)

    def merge(self, master_id: str, other_id: str) -> None:
        self._system.people.merge(master_id, other_id)

    def advance(self, seconds: float) -> None:
        self._system.clock.advance(seconds)

    def refuse(self, slug: str, value: str) -> None:
        self._system.faults.refuse(value)

    def lose_reply(self) -> None:
        self._system.faults.lose_reply()

    def break_down(self, midway: bool = False) -> None:
        for call in ("create", "update"):
            self._system.faults.fail(call, after=500 if midway else 0, times=1000)

    def damage(self, record_id: str, slug: str, text: str = "x\\ud83d") -> None:
        self._system.people.rows[record_id].values[slug] = "x\ud83d"

    def keep_segment(self, guid: str, record_ids: Sequence[str]) -> None:
        self._system.people.segments[guid] = set(record_ids)

    def lose_ids(self, *record_ids: str) -> None:
        self._system.faults.nameless.update(record_ids)

    def written(self) -> list[tuple[str, str]]:
        return [(entry.action, entry.id) for entry in self._system.journal]


class OnSandbox:
    """`Element451Client` under test, on the sandbox."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._sandbox = sandbox
        sandbox.reset()
        self.client = Element451Client(
            sandbox.url, TOKEN, retry=RetryPolicy(max_attempts=3, sleep=lambda seconds: None)
        )
        self.api = self.client

    def create(self, kind: Kind, values: Mapping[str, Value]) -> str:
        shown = self._sandbox.control("POST", f"element451/{kind}s", dict(values))
        return str(shown["user-elementid" if kind is Kind.CONTACT else "conversation-id"])

    def edit(self, kind: Kind, record_id: str, values: Mapping[str, Value]) -> None:
        self._sandbox.control("PATCH", f"element451/{kind}s/{record_id}", dict(values))

    def delete(self, kind: Kind, record_id: str) -> None:
        self._sandbox.control("DELETE", f"element451/{kind}s/{record_id}")

    def merge(self, master_id: str, other_id: str) -> None:
        self._sandbox.control("POST", f"element451/contacts/{master_id}/merge", {"loser": other_id})

    def advance(self, seconds: float) -> None:
        self._sandbox.clock(advance=seconds)

    def refuse(self, slug: str, value: str) -> None:
        self._sandbox.fault(
            "record", system="element451", where={slug: value}, error={slug: ["is refused"]}, times=-1
        )

    def lose_reply(self) -> None:
        self._sandbox.fault("cut_after", system="element451", path="users/import")

    def break_down(self, midway: bool = False) -> None:
        self._sandbox.fault("html503", system="element451", path="users/import", skip=int(midway), times=-1)

    def damage(self, record_id: str, slug: str, text: str = "x\\ud83d") -> None:
        self._sandbox.alter(ids=[record_id], raw={slug: text}, rule={"system": "element451"})

    def keep_segment(self, guid: str, record_ids: Sequence[str]) -> None:
        self._sandbox.keep_segment(guid, record_ids)

    def lose_ids(self, *record_ids: str) -> None:
        removed = ["user-elementid", "conversation-id", "_id"]
        self._sandbox.alter("export", ids=record_ids[:1], remove=removed, rule={"system": "element451"})
        for lost in record_ids[1:]:
            self._sandbox.alter("export", ids=[lost], null=True, rule={"system": "element451"})

    def written(self) -> list[tuple[str, str]]:
        return [
            (line["operation"], line["id"])
            for line in self._sandbox.journal()
            if line["by"] == "api" and line["system"] == "element451"
        ]
