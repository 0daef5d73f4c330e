"""Puts people and conversations into both systems, some thousand at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha1
from itertools import islice
from random import Random
from typing import Any

from sandbox import salesforce
from sandbox.element451 import store
from sandbox.element451.store import CONTACT, CONVERSATION
from sandbox.school import cases, conversations, records
from sandbox.school.cases import Case
from sandbox.school.conversations import Conversation
from sandbox.school.person import Person, moved
from sandbox.world import World

Ids = tuple[str | None, str | None]
"""A contact's Element ID (None: nobody known) and, where it is paired, its Salesforce ID."""

CHUNK = 5000
YEAR, HOUR = 365 * 86_400, 3600


@dataclass(slots=True)
class Half:
    """A person on the way into both systems: its rows in Salesforce, the last of which is the one that
    Element451 may name."""

    person: Person
    case: Case
    element_id: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    salesforce_id: str | None = None


class Builder:
    """Fills one world. Everything follows from the seed; stamps end an hour before the world's time and reach
    back a year."""

    def __init__(self, world: World, seed: int, drift: float, household: float) -> None:
        store.setup(world)
        self.random = Random(f"school {seed}")
        self.last = store.now(world) - HOUR
        self.first = self.last - YEAR
        self._world, self._seed, self._drift, self._household = world, seed, drift, household
        self._ids = 0
        self._account = ""
        self.known: list[Ids] = []  # the contacts in Element451

    def element_id(self) -> str:
        """The next id of 24 hexadecimal digits."""
        self._ids += 1
        return sha1(f"school {self._seed} {self._ids}".encode(), usedforsecurity=False).hexdigest()[:24]

    def stamp(self) -> int:
        """Some moment of the past year."""
        return self.first + int(self.random.random() * YEAR)

    def add_people(self, people: Iterator[Person], dealt: Iterator[Case]) -> None:
        """Put people into the systems, as their cases say."""
        while halves := [Half(person, next(dealt), self.element_id()) for person in islice(people, CHUNK)]:
            for half in halves:
                if (
                    half.case in cases.MAY_LACK_EMAIL
                    and self._drift
                    and self.random.random() < cases.NO_EMAIL_SHARE
                ):
                    half.person.email = None
            self._add_to_salesforce([half for half in halves if half.case in cases.IN_SALESFORCE])
            self._add_to_element451([half for half in halves if half.case in cases.IN_ELEMENT451])

    def add_conversations(
        self,
        made: Iterable[Conversation],
        pick_contact: Callable[[], Ids],
        known_share: float,
        outdated: float,
    ) -> None:
        """Put conversations into Element451, and a share of those whose contact is paired into Salesforce.
        ``pick_contact`` picks the contact."""
        element451_rows: list[tuple[str, int, dict[str, Any]]] = []
        salesforce_rows: list[dict[str, Any]] = []
        for conversation in made:
            id, (element_id, salesforce_id) = self.element_id(), pick_contact()
            element451_rows.append(
                (id, conversation.ended, conversations.element451_values(conversation, element_id))
            )
            if salesforce_id and self.random.random() < known_share:
                row = conversations.salesforce_values(conversation, id, salesforce_id)
                if self.random.random() < outdated:
                    row["Status__c"] = "open" if conversation.status == "closed" else "closed"
                salesforce_rows.append({**row, **_stamps(conversation.ended)})
        with self._world.transaction():
            store.put(self._world, CONVERSATION, element451_rows)
        salesforce.seed(self._world, "E451_Conversation__c", salesforce_rows)

    def add_contacts(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        """Put ready-made Contacts into Salesforce, given as (account key, values)."""
        keys = list(dict.fromkeys(key for key, _ in rows))
        accounts = [
            {"Name": f"{dict(rows)[key]['LastName']} Household", **_stamps(self.stamp())} for key in keys
        ]
        ids = dict(zip(keys, salesforce.seed(self._world, "Account", accounts), strict=True))
        salesforce.seed(
            self._world,
            "Contact",
            [{**values, "AccountId": ids[key], **_stamps(self.stamp())} for key, values in rows],
        )

    def _add_to_salesforce(self, halves: list[Half]) -> None:
        # The very first has nobody to live with.
        own = [
            self.random.random() >= self._household or not (place or self._account)
            for place in range(len(halves))
        ]
        named = [
            {"Name": records.account_name(half.person), **_stamps(self.stamp())}
            for half, alone in zip(halves, own, strict=True)
            if alone
        ]
        new = iter(salesforce.seed(self._world, "Account", named))
        for half, alone in zip(halves, own, strict=True):
            self._account = next(new) if alone else self._account
            half.rows = self._contacts(half)
        masters = [half for half in halves if half.case is Case.MERGED]
        for half, id in zip(
            masters,
            salesforce.seed(self._world, "Contact", [half.rows.pop(0) for half in masters]),
            strict=True,
        ):
            half.rows[0]["MasterRecordId"] = id
        ids = iter(salesforce.seed(self._world, "Contact", (row for half in halves for row in half.rows)))
        for half in halves:
            for _ in half.rows:
                half.salesforce_id = next(ids)

    def _contacts(self, half: Half) -> list[dict[str, Any]]:
        """The person's rows in Salesforce. A merged one has its master first, then the loser."""
        person, case = half.person, half.case
        if case is Case.PAIRED and self.random.random() < self._drift:
            person = moved(self.random, person)
        held = (
            self.element_id()
            if case in cases.HOLDS_DELETED_ID
            else half.element_id
            if case in cases.HOLDS_ELEMENT_ID
            else None
        )
        row = records.salesforce_contact(person, self._account, held)
        row |= _stamps(self.stamp())
        if case is Case.UNPAIRED and row["Email"] and self.random.random() < cases.OTHER_CASE_SHARE:
            row["Email"] = row["Email"].swapcase()
        if case is Case.RECYCLED:
            row["IsDeleted"] = True
        if case is Case.AMBIGUOUS:
            return [row, {**row, "FirstName": f"{row['FirstName'][:1]}.", **_stamps(self.stamp())}]
        if case is Case.MERGED:
            return [
                row,
                {**row, "Element451_ID__c": half.element_id, "IsDeleted": True, **_stamps(self.stamp())},
            ]
        return [row]

    def _add_to_element451(self, halves: list[Half]) -> None:
        rows = []
        for half in halves:
            held = half.salesforce_id if half.case in cases.HOLDS_SALESFORCE_ID else None
            rows.append((half.element_id, self.stamp(), records.element451_values(half.person, held)))
            self.known.append((half.element_id, half.salesforce_id if half.case is Case.PAIRED else None))
        with self._world.transaction():
            store.put(self._world, CONTACT, rows)


def _stamps(seconds: int) -> dict[str, str]:
    return {"SystemModstamp": conversations.moment(seconds)}  # created and last modified then, too
