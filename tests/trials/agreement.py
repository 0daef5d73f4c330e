"""Whether both systems of a sandbox hold what they should once everything is in step, told by their records
and by the sandbox's journal alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from tests.support.sandbox import Row, RunningSandbox
from tests.trials.school import MAPPING
from tests.trials.trace import Held, frees, same

SF_ID, ELEMENT_ID, TALKER = "user-identities-salesforceid", "Element451_ID__c", "conversation-user-elementid"
CASELESS = {"Email", "Tags__c"}
"""Salesforce's fields of which the case of letters tells nothing: e-mail addresses, and lists."""
IDS = {"user-elementid", SF_ID, "conversation-id", TALKER}


class Halves:
    """Everybody on both sides, and who is whose other half by the IDs that the records hold."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        """As they are now."""
        everybody = sandbox.records("Contact")
        self.theirs = {row["Id"]: row for row in everybody if not row["IsDeleted"]}
        self.left = {row["Id"] for row in everybody if row["IsDeleted"]}
        self.ours = {row["user-elementid"]: row for row in sandbox.records("contact", system="element451")}
        self.talks = sandbox.records("conversation", system="element451")
        self.stored = sandbox.records("E451_Conversation__c")
        both: list[list[Any]] = [
            [row["Email"] for row in self.theirs.values()],
            [row.get("user-email-address") for row in self.ours.values()],
        ]
        self._shared = {
            email
            for emails in both
            for email, times in Counter(map(_plain, emails)).items()
            if email and times > 1
        }

    def of(self, ours: Row) -> Row | None:
        """The other half of an Element451 contact, if each names the other."""
        found = self.theirs.get(ours.get(SF_ID) or "")
        return found if found and found[ELEMENT_ID] == ours.get("user-elementid") else None

    def alone(self) -> list[str]:
        """Who has no other half and should, a line each: not who left the sync, not who shares an address
        with somebody, and not who names somebody that is not seen any more (rule 9: for two days)."""
        paired = {found["Id"] for row in self.ours.values() if (found := self.of(row))}
        waiting = {id for id, row in self.theirs.items() if (row[ELEMENT_ID] or "") not in {"", *self.ours}}
        seen = {"", *self.theirs} - waiting
        ours = [row for row in self.ours.values() if not self.of(row) and (row.get(SF_ID) or "") in seen]
        theirs = [row for id, row in self.theirs.items() if id not in paired | waiting]
        lonely = [
            row["user-elementid"] for row in ours if _plain(row.get("user-email-address")) not in self._shared
        ]
        lonely += [row["Id"] for row in theirs if _plain(row["Email"]) not in self._shared]
        return [f"{id} has no other half" for id in lonely]


def disagreements(sandbox: RunningSandbox) -> list[str]:
    """Mapped values that are not the same on both sides, and records that are there twice or lack their other
    half, a line each."""
    halves, mappings = Halves(sandbox), _mappings()
    found = halves.alone()
    for ours in halves.ours.values():
        if theirs := halves.of(ours):
            found += _unequal(mappings["contact"], ours, theirs)
    stored: dict[str, list[Row]] = defaultdict(list)
    for row in halves.stored:
        stored[row["Conversation_ID__c"]].append(row)
    for talk in halves.talks:
        person = halves.of(halves.ours.get(talk.get(TALKER) or "", {}))
        rows = stored[talk["conversation-id"]]
        if person is None or any(row["IsDeleted"] for row in rows):
            continue
        if [row["Contact__c"] for row in rows] != [person["Id"]]:
            found.append(
                f"conversation {talk['conversation-id']} of {person['Id']} is with"
                f" {[row['Contact__c'] for row in rows]}"
            )
        found += [line for row in rows for line in _unequal(mappings["conversation"], talk, row)]
    return found + [
        f"{id} is the other half of {times} contacts" for id, times in _named(halves).items() if times > 1
    ]


def lost_edits(sandbox: RunningSandbox, journal: Iterable[Row]) -> list[str]:
    """What people wrote last into a field at the side that owns it, and no longer stands there, a line
    each."""
    owners = {}
    for mapped in (line for lines in _mappings().values() for line in lines):
        owners[mapped["owner"], mapped[mapped["owner"]]] = True
    last: dict[tuple[str, str, str], Any] = {}
    for line in journal:
        if line["by"] == "person":
            last.update({(line["system"], line["id"], name): value for name, value in line["fields"].items()})
    halves = Halves(sandbox)
    now: Held = {("salesforce", id): row for id, row in halves.theirs.items()} | {
        ("element451", id): row for id, row in halves.ours.items()
    }
    now |= {("element451", row["conversation-id"]): row for row in halves.talks}
    return [
        f"{name} of {id} is {now[system, id].get(name)!r}, but a person wrote {value!r}"
        for (system, id, name), value in last.items()
        if (system, name) in owners and (system, id) in now and not same(now[system, id].get(name), value)
    ]


def unlogged(before: Held, journal: Iterable[Row], entries: Iterable[Row]) -> list[str]:
    """What the API wrote over a value and no log entry of that record tells, a line each. People write at
    the same time, so the value that an entry gives as the former one may be any that the field held up to
    then."""
    held: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for (system, id), row in before.items():
        for name, value in row.items():
            held[system, id, name].append(value)
    told: dict[tuple[str, str, str], list[tuple[Any, Any]]] = defaultdict(list)
    for entry in entries:
        side = "salesforce" if entry["direction"] == "export" else "element451"
        id = entry["salesforce_id"] if side == "salesforce" else entry["element_id"]
        for change in entry["changes"]:
            told[side, id, change[side]].append((change["before"], change["after"]))
    missing = []
    for line in (line for line in journal if not frees(line)):
        for name, after in line["fields"].items():
            key = line["system"], line["id"], name
            former = held[key]
            changes = (
                line["by"] == "api"
                and line["operation"] != "create"
                and former
                and not same(former[-1], after)
                and not same(former[-1], None)
            )
            if changes and not any(
                same(became, after) and any(same(was, value) for value in former) for was, became in told[key]
            ):
                missing.append(
                    f"no entry tells that {name} of {line['id']} was {former[-1]!r} and became {after!r}"
                )
            former.append(after)
    return missing


def _unequal(mapped: Iterable[Mapping[str, Any]], ours: Row, theirs: Row) -> list[str]:
    found = []
    for field in mapped:
        slug, name = field["element451"], field["salesforce"]
        if slug in IDS:
            continue
        value, other = _translated(ours.get(slug), field.get("values") or {}), theirs.get(name)
        if not same(_folded(name, value), _folded(name, other)):
            found.append(
                f"{slug} of {theirs['Id']} is {value!r}, but {name} is {other!r} (owner: {field['owner']})"
            )
    return found


def _folded(name: str, value: Any) -> Any:
    """The value without its case, where Salesforce keeps none of it, or its own (contracts/salesforce.md
    A9)."""
    if name not in CASELESS:
        return value
    return (
        [str(each).casefold() for each in value] if isinstance(value, list) else str(value or "").casefold()
    )


def _translated(value: Any, values: Mapping[str, str]) -> Any:
    return values.get(value, value) if isinstance(value, str) else value


def _named(halves: Halves) -> Counter[str]:
    return Counter(
        id for row in halves.ours.values() if (id := row.get(SF_ID)) and id in halves.theirs
    ) + Counter(id for row in halves.theirs.values() if (id := row[ELEMENT_ID]))


def _mappings() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))["mappings"]
    return found


def _plain(email: Any) -> str:
    return str(email or "").strip().casefold()
