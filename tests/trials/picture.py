"""What a sandbox holds, told so that two sandboxes can be compared: by who somebody is, not by the ids and
stamps that were made on the way."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support.sandbox import Row, RunningSandbox

OBJECTS = {
    ("salesforce", "Contact"): ("Id", "Element451_ID__c", "Email"),
    ("salesforce", "E451_Conversation__c"): ("Id", "Conversation_ID__c", ""),
    ("element451", "contact"): ("user-elementid", "user-identities-salesforceid", "user-email-address"),
    ("element451", "conversation"): ("conversation-id", "", ""),
}
"""By system and object: the field of the id, the field by which a record that the sync created names its
other half, and the e-mail address."""
MADE = {"CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "OwnerId"}
MADE |= {"user-updated-at", "conversation-updated-at"}
NUMBERED = {"E451_Conversation__c": {"Name"}}
"""Values that say when and by whom something was stored, and automatic numbers."""
Key = tuple[str, str, str]


def ids(sandbox: RunningSandbox) -> frozenset[str]:
    """Every record's id."""
    return frozenset(
        row[id]
        for (system, object), (id, _, _) in OBJECTS.items()
        for row in sandbox.records(object, system=system, fields=[id])
    )


@dataclass
class Picture:
    """The live records by who they are (Salesforce's deleted ones by name only), and how often the sync
    created each."""

    live: dict[Key, Row] = field(default_factory=dict)
    deleted: set[Key] = field(default_factory=set)
    twice: list[Key] = field(default_factory=list)

    @classmethod
    def of(cls, sandbox: RunningSandbox, at_start: frozenset[str]) -> "Picture":
        """The picture of a sandbox that held the records ``at_start`` when it began."""
        picture = cls()
        rows = {place: sandbox.records(place[1], system=place[0]) for place in OBJECTS}
        by_people = {
            line["id"]
            for line in sandbox.journal()
            if line["operation"] == "create" and line["by"] == "person"
        }
        names = _names(rows, at_start, by_people)
        created = Counter[Key]()
        for (system, object), found in rows.items():
            for row in found:
                id = row[OBJECTS[system, object][0]]
                key = (system, object, names[id])
                created[key] += id not in at_start and id not in by_people
                if row.get("IsDeleted"):
                    picture.deleted.add(key)
                    continue
                if key in picture.live:
                    picture.twice.append(key)
                picture.live[key] = {
                    name: names.get(value, value) if isinstance(value, str) else value
                    for name, value in _kept(object, row).items()
                }
        for (system, object, name), row in picture.live.items():
            # Whose other half was deleted left the sync: what it held by then is a matter of when that was.
            if ("salesforce", "Contact", row.get("user-identities-salesforceid")) in picture.deleted:
                picture.live[system, object, name] = {"left": True}
        picture.twice += [key for key, times in created.items() if times > 1]
        return picture


def _kept(object: str, row: Row) -> dict[str, Any]:
    left_out = MADE | NUMBERED.get(object, set())
    return {
        name: value for name, value in row.items() if name not in left_out and value not in (None, "", [])
    }


def _names(
    rows: dict[tuple[str, str], list[Row]], at_start: frozenset[str], by_people: set[str]
) -> dict[str, str]:
    """Who each record is: its id, where both sandboxes had it; else an e-mail address, where a person made
    it; else whose other half it is."""
    names: dict[str, str] = {id: id for id in at_start}
    made: list[tuple[str, str]] = []
    for place, found in rows.items():
        id, link, email = OBJECTS[place]
        for row in found:
            if row[id] in by_people:
                names[row[id]] = f"{row.get(email)}"
            elif row[id] not in at_start:
                made.append((row[id], row.get(link) or "nobody"))
    return names | {id: f"the other half of {names.get(other, other)}" for id, other in made}


def differences(one: Picture, other: Picture) -> list[str]:
    """Everything in which two pictures are not equal, a line each."""
    found = [
        f"{name} has {key} twice"
        for name, picture in (("the killed", one), ("the calm", other))
        for key in picture.twice
    ]
    found += [f"only in the killed one: {key}" for key in sorted(one.live.keys() - other.live.keys())]
    found += [f"only in the calm one: {key}" for key in sorted(other.live.keys() - one.live.keys())]
    found += [f"deleted in one only: {key}" for key in sorted(one.deleted ^ other.deleted)]
    for key in sorted(one.live.keys() & other.live.keys()):
        mine, theirs = one.live[key], other.live[key]
        for name in sorted(mine.keys() | theirs.keys()):
            if mine.get(name) != theirs.get(name):
                found.append(f"{key} {name}: killed {mine.get(name)!r}, calm {theirs.get(name)!r}")
    return found
